import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRedactPatterns } from '@holdpoint/core'
import { givenJob, givenPrepared, needsTerraform, Repository } from '../testing/given.ts'

const CONFIGURATION = `resource "terraform_data" "a" {
  input = { who = "EMP-123456", card_pin = 4711, other = "shown" }
}
`

test(
  "patterns of the user's own hide in what a change is opened with",
  needsTerraform,
  async () => {
    const parsed = parseRedactPatterns('version: 1\nnames: [card_pin]\npatterns: ["EMP-[0-9]+"]')
    assert.ok(parsed.ok)
    const repository = new Repository({ 'main.tf': CONFIGURATION })
    const job = givenJob(repository, { folder: '.' })

    const bare = await givenPrepared(job)
    const prepared = await givenPrepared({ ...job, patterns: parsed.patterns })

    await Promise.all([bare.planFile.close(), prepared.planFile.close()])
    repository.remove()
    assert.match(bare.evidence.plan, /EMP-123456.*shown|shown.*EMP-123456/)
    assert.doesNotMatch(prepared.evidence.plan, /EMP-123456|4711/)
    assert.match(prepared.evidence.plan, /shown/)
    assert.notEqual(prepared.facts.binding.plan, bare.facts.binding.plan)
    assert.equal(prepared.redactText('made EMP-99 for you'), 'made (hidden) for you')
    assert.equal(bare.redactText('made EMP-99 for you'), 'made EMP-99 for you')
  },
)
