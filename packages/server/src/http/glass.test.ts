import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { challengeOf, type SignedDecision } from '@holdpoint/core'
import {
  accepted,
  acceptInvite,
  inviteSomebody,
  onlyKey,
  refusalOf,
  type Signed,
  welcomeFirst,
} from '../../test/browser.ts'
import {
  accept,
  givenPlan,
  openRun,
  startTestServer,
  TARGET,
  type TestRun,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

const WORKSPACE = 'payments/prod'
const REASON = 'the payment queue is stuck and nobody answers'

let story: TestServer
let mira: Signed
let jonas: Signed
before(async () => {
  story = await startTestServer({ mode: 'production' })
  const ada = await welcomeFirst(story.url, story.server.firstLink?.link ?? '')
  mira = await invited(ada, { handle: 'mira', roles: [{ role: 'requester' }] })
  jonas = await invited(ada, {
    handle: 'jonas',
    roles: [{ role: 'approver' }],
    teams: ['platform'],
  })
  await accept(story, { type: 'create_workspace', name: WORKSPACE })
  await accept(story, { type: 'set_owners', workspace: WORKSPACE, owners: ['ada'] })
  const { backend, toolWorkspace } = TARGET
  const pin = { backend, toolWorkspace, accounts: [], regions: [] }
  await accept(story, { type: 'pin_target', workspace: WORKSPACE, pin })
})
after(() => story.close())

async function invited(
  by: Signed,
  inviting: Parameters<typeof inviteSomebody>[1],
): Promise<Signed> {
  const link = await inviteSomebody(by, inviting)
  const { answer, browser, device } = await acceptInvite(story.url, link)
  accepted(answer)
  return { browser, device, key: await onlyKey(browser) }
}

const list = (person: string, is: boolean) =>
  accept(story, { type: is ? 'grant_break_glass' : 'revoke_break_glass', person })

async function held(name: string): Promise<TestRun> {
  // Of a pipeline of its own, or the next one would take its place.
  const about = { workspace: WORKSPACE, plan: givenPlan(name), pipeline: name }
  const run = await openRun(mira.browser.client, about)
  await untilStatus(mira.browser.client, run.change, 'held')
  return run
}

async function begin(by: Signed, run: TestRun, said: readonly [SignedDecision, string]) {
  const [decision, reason] = said
  const body = { decision, fingerprint: run.binding.fingerprint, reason, shown: null } as const
  const params = { change: run.change }
  return by.browser.client.call('beginDecision', { params, body: { ...body, client: 'page' } })
}

type Begun = Awaited<ReturnType<typeof begin>>

function sign(by: Signed, begun: Begun) {
  const { statement } = accepted(begun)
  const assertion = by.device.sign(challengeOf('decision', statement, nodePrimitives))
  return { nonce: statement.nonce, key: by.key, assertion }
}

async function breakGlass(by: Signed, run: TestRun) {
  const signed = sign(by, await begin(by, run, ['break_glass', REASON]))
  const { fingerprint } = run.binding
  return send(by, run, { fingerprint, signed })
}

function send(
  by: Signed,
  { change }: TestRun,
  body: { fingerprint: TestRun['binding']['fingerprint']; signed: ReturnType<typeof sign> },
) {
  return by.browser.client.call('breakGlass', { params: { change }, body })
}

const inboxOf = async (who: Signed) =>
  accepted(await who.browser.client.call('inbox', {})).needsYou.map(({ id }) => id)

describe('breaking the glass', () => {
  it('is for who is listed, who is told so before anything is typed', async () => {
    const run = await held('unlisted')

    const view = accepted(
      await mira.browser.client.call('change', { params: { change: run.change } }),
    )

    assert.equal(view.you.breakGlass?.title, 'Not permitted')
    const needs = 'to be on the list of people who may break the glass'
    assert.deepEqual(refusalOf(await begin(mira, run, ['break_glass', REASON])), {
      code: 'not_permitted',
      action: 'break_glass',
      needs,
    })
  })

  it('needs a reason, is signed once, and releases for minutes', async () => {
    await list('mira', true)
    const run = await held('signed')
    assert.deepEqual(refusalOf(await begin(mira, run, ['break_glass', 'it is urgent'])), {
      code: 'reason_required',
      charactersMin: 20,
    })
    const { fingerprint } = run.binding
    const signed = sign(mira, await begin(mira, run, ['break_glass', REASON]))

    const before = Date.now()
    assert.equal(accepted(await send(mira, run, { fingerprint, signed })).status, 'released')

    const view = accepted(
      await jonas.browser.client.call('change', { params: { change: run.change } }),
    )
    assert.equal(view.glass?.reason, REASON)
    assert.equal(view.glass?.by.name, 'mira Doe')
    assert.deepEqual(
      view.glass?.reviewers.map(({ name }) => name),
      ['ada Doe', 'jonas Doe'],
    )
    assert.ok((view.releasedUntil ?? 0) <= before + 15 * 60_000 + 5_000)
    const again = await held('signed-again')
    assert.deepEqual(refusalOf(await send(mira, again, { fingerprint, signed })), {
      code: 'signature_refused',
      because: 'it was used before, or took too long',
    })
    await mira.browser.client.call('withdraw', { params: { change: run.change }, body: {} })
  })

  it('is not signed for by an approval, nor for another change', async () => {
    const run = await held('approval-is-none')
    const other = await held('another')
    const { fingerprint } = run.binding

    const approval = sign(mira, await begin(mira, run, ['break_glass', REASON]))
    assert.deepEqual(refusalOf(await send(mira, other, { fingerprint, signed: approval })), {
      code: 'signature_refused',
      because: 'it was begun for another change',
    })
    const someone = sign(jonas, await begin(jonas, run, ['approve', REASON]))
    assert.deepEqual(refusalOf(await send(mira, run, { fingerprint, signed: someone })), {
      code: 'signature_refused',
      because: 'it was begun by somebody else',
    })
  })

  it('is shown to everybody passed by until somebody else reviewed it', async () => {
    const { changes } = accepted(
      await jonas.browser.client.call('changes', { query: { glass: 'owed' } }),
    )
    const [row] = changes
    assert.ok(row !== undefined && changes.length === 1)
    assert.deepEqual([row.glass?.review, row.needsYou], ['owed', true])
    assert.ok((await inboxOf(jonas)).includes(row.id))
    assert.ok(!(await inboxOf(mira)).includes(row.id))
    const params = { change: row.id }
    const said = { finding: 'justified', reason: 'the queue was stuck', signed: null } as const

    assert.equal(
      (await mira.browser.client.call('reviewGlass', { params, body: said })).status,
      403,
    )
    accepted(await jonas.browser.client.call('reviewGlass', { params, body: said }))

    const view = accepted(await jonas.browser.client.call('change', { params }))
    assert.deepEqual(
      [view.glass?.review, view.glass?.reviewed?.finding, view.glass?.reviewed?.reason],
      ['done', 'justified', 'the queue was stuck'],
    )
    assert.ok(!(await inboxOf(jonas)).includes(row.id))
    const broken = accepted(
      await jonas.browser.client.call('changes', { query: { glass: 'broken' } }),
    )
    assert.equal(broken.changes.length, 1)
    assert.deepEqual(
      refusalOf(await jonas.browser.client.call('reviewGlass', { params, body: said })),
      {
        code: 'not_a_reviewer',
        because: 'nothing',
      },
    )
  })

  it('is reviewed with a passkey too, by what was signed', async () => {
    const run = await held('signed-review')
    accepted(await breakGlass(mira, run))
    const { change } = run
    const call = mira.browser.client
    accepted(await call.call('withdraw', { params: { change }, body: {} }))

    const signed = sign(jonas, await begin(jonas, run, ['review_justified', 'it was stuck']))
    const params = { change }
    const body = { reason: null, signed }
    const other = { ...body, finding: 'not_justified' } as const
    assert.deepEqual(
      refusalOf(await jonas.browser.client.call('reviewGlass', { params, body: other })),
      {
        code: 'signature_refused',
        because: 'it was begun for another decision',
      },
    )
    const next = sign(jonas, await begin(jonas, run, ['review_justified', 'it was stuck']))
    const good = { finding: 'justified', reason: null, signed: next } as const
    accepted(await jonas.browser.client.call('reviewGlass', { params, body: good }))
  })

  it('happens three times a day at most, also when several do it at the same moment', async () => {
    const runs = []
    for (const name of ['third', 'fourth', 'fifth']) runs.push(await held(name))

    const answers = await Promise.all(runs.map((run) => breakGlass(mira, run)))

    assert.deepEqual(
      answers.filter(({ ok }) => !ok).map(refusalOf),
      [0, 0].map(() => ({ code: 'glass_refused', because: 'too_often' })),
    )
  })

  it('is over for who loses the right', async () => {
    const { changes } = accepted(
      await mira.browser.client.call('changes', { query: { status: 'released' } }),
    )
    const [released] = changes
    assert.ok(released !== undefined)

    await list('mira', false)

    await untilStatus(mira.browser.client, released.id, 'held')
  })
})
