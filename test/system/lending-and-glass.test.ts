/** What people ask of the terminal about lending and broken glass, against a real server. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { run } from '../harness/command.ts'
import { type Installation, install } from '../harness/installation.ts'
import { needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'

const { skip } = needs('terraform')
let installation: Installation
let project: Project
before(async () => {
  if (skip !== false) return
  installation = await install()
  project = await givenProject({ 'main.tf': resources('ledger') })
})
after(async () => {
  await project?.remove()
  await installation?.close()
})

const as = async (person: string, args: readonly string[]) => {
  const { folder } = project
  const ended = await run(installation, [...args, '--as', person], { folder })
  return { code: ended.code, text: ended.out + ended.err }
}

test('one lends one’s own approvals, sees it on both sides, and ends it', { skip }, async () => {
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)

  const lent = await as('ines', [
    'access',
    'delegate',
    'jonas',
    '--team',
    'platform',
    '--until',
    day,
  ])
  assert.equal(lent.code, 0, lent.text)
  assert.match(lent.text, /Stands in for you {2}Jonas Weber {3}platform {3}until/)
  assert.match((await as('jonas', ['access', 'delegate'])).text, /You stand in for {2}Ines Duarte/)
  const ended = await as('ines', ['access', 'delegate', 'jonas', '--team', 'platform', '--end'])
  assert.match(ended.text, /Nobody stands in for you/)
  assert.equal((await as('ines', ['access', 'delegate', 'jonas'])).code, 2)
})

test('breaking the glass is never done in the terminal, and says who may', { skip }, async () => {
  const applied = await as('mira', ['apply', '--no-wait'])
  const id = /chg_[0-9a-z]{16}/.exec(applied.text)?.[0] ?? ''

  const unlisted = await as('jonas', ['break-glass', id])
  assert.equal(unlisted.code, 1)
  assert.match(unlisted.text, /to be on the list of people who may break the glass/)
  await installation.change({ type: 'grant_break_glass', person: 'jonas' })
  const keyless = await as('jonas', ['break-glass', id])
  assert.equal(keyless.code, 1)
  assert.match(keyless.text, /you have no passkey here yet/)
  const review = await as('jonas', ['review-glass', id, 'justified', '--reason', 'it burned'])
  assert.match(review.text, /no broken glass here that waits for a review/)
})
