import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client } from '@holdpoint/api/client'
import { parseDigest } from '@holdpoint/core'
import {
  accept,
  addCast,
  givenPlan,
  openRun,
  startTestServer,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  # Bastions were how they came in.
  - name: no-bastion
    match: resource.name == "bastion"
    hold: { approvals: [{ from: [team:security] }] }
    hidden: true
    message: Looks like the old bastion
`
const SECRET = /bastion/

let story: TestServer
let run: TestRun
let reader: Client
before(async () => {
  story = await startTestServer()
  await addCast(story)
  await accept(story, { type: 'add_person', handle: 'vera', name: 'Vera', addresses: [] })
  await accept(story, { type: 'grant_role', person: 'vera', role: 'viewer', workspace: null })
  await accept(story, { type: 'add_member', team: 'security', person: 'jonas' })
  const issued = await accept(story, {
    ...{ type: 'issue_token', name: 'reader', verbs: ['read'], workspaces: null },
    expiresInDays: 1,
  })
  reader = story.withToken(issued.secret ?? '')
  const taken = await reader.raw('exportAudit', { query: {} })
  assert.equal(taken.status, 200, 'without hidden rules the verb read takes the bundle')
  const pushed = await story.admin.call('pushPolicy', { body: { text: POLICY, basedOn: 0 } })
  assert.ok(pushed.ok)
  run = await openRun(story.as('mira'), { plan: givenPlan('bastion') })
  await untilStatus(story.as('mira'), run.change, 'held')
})
after(() => story.close())

async function viewFor(client: Client) {
  const answer = await client.call('change', { params: { change: run.change } })
  assert.ok(answer.ok)
  return answer.value
}

const params = () => ({ change: run.change })

/** The document of findings and trace, by the digest that the timeline tells everybody. */
async function findingsDocument(client: Client) {
  const { timeline } = await viewFor(story.as('vera'))
  const evaluated = timeline.find(({ type }) => type === 'evaluated')
  const digest = parseDigest(String(Reflect.get(Object(evaluated?.event), 'findings')))
  assert.ok(digest !== null)
  return client.raw('getEvidence', { params: { workspace: run.workspace, digest } })
}

describe('a hidden rule', () => {
  it('is shown to who may read it, with what it found', async () => {
    for (const client of [story.as('jonas'), story.as('theo')]) {
      const { findings } = await viewFor(client)

      const found = findings.find(({ rule }) => rule === 'no-bastion')
      assert.deepEqual(found?.resources, ['terraform_data.bastion'])
      assert.equal(found?.hidden, true)
    }
  })

  it('is one that is not shown to everybody else, who see the verdict and who is needed', async () => {
    for (const client of [story.as('mira'), story.as('vera'), reader]) {
      const view = await viewFor(client)

      assert.equal(view.verdict, 'hold')
      assert.deepEqual(
        view.findings.filter(({ hidden }) => hidden === true),
        [
          {
            rule: '(hidden)',
            outcome: 'hold',
            message: 'A rule that is not shown to you',
            resources: [],
            error: null,
            hidden: true,
          },
        ],
      )
      const slots = view.slots.flatMap(({ slot }) => slot.from)
      assert.ok(slots.includes('team:security'))
      assert.doesNotMatch(JSON.stringify([view.rules, view.timeline, view.findings]), SECRET)
    }
  })

  it('is not in the document of findings for who may read plans only: it is not found', async () => {
    assert.equal((await findingsDocument(story.as('mira'))).status, 404)
    assert.equal((await findingsDocument(story.as('vera'))).status, 404)
    assert.equal((await findingsDocument(reader)).status, 404)
    const whole = await findingsDocument(story.as('jonas'))
    assert.equal(whole.status, 200)
    assert.match(await whole.text(), SECRET)
    assert.equal((await story.as('vera').raw('plan', { params: params() })).status, 200)
  })

  it('is cut from the policy, whose digest stays that of the whole', async () => {
    const [cut, whole] = [
      await story.as('mira').call('policy', {}),
      await story.as('jonas').call('policy', {}),
    ]

    assert.ok(cut.ok && whole.ok)
    assert.doesNotMatch(cut.value.text, /bastion|Bastions/)
    assert.equal(whole.value.text, POLICY)
    assert.equal(cut.value.digest, whole.value.digest)
  })

  it('has no name on the page of its workspace, nor in the health that a token reads', async () => {
    const at = { params: { workspace: run.workspace } }
    const [plain, full] = [
      await story.as('mira').call('workspace', at),
      await story.as('jonas').call('workspace', at),
    ]
    assert.ok(plain.ok && full.ok)
    assert.equal(plain.value.rules[0]?.rule, '(hidden)')
    assert.doesNotMatch(JSON.stringify(plain.value.rules), SECRET)
    assert.equal(full.value.rules[0]?.rule, 'no-bastion')
    const health = await reader.call('health', {})
    assert.ok(health.ok)
    assert.match(JSON.stringify(health.value), /\(hidden\): /)
    assert.doesNotMatch(JSON.stringify(health.value), SECRET)
  })

  it('is in the bundle, which only who may read it can take', async () => {
    const refused = await reader.raw('exportAudit', { query: {} })
    assert.equal(refused.status, 403)
    assert.equal((await reader.call('log', { query: { from: 0, limit: 500 } })).ok, true)
    const taken = await story.as('theo').raw('exportAudit', { query: {} })
    assert.equal(taken.status, 200)
  })
})
