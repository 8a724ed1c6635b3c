import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenAccess,
  givenBinding,
  givenChange,
  givenChangeId,
  givenContext,
  givenDigest,
  givenEvaluated,
  givenOpened,
  givenReleased,
  givenReleasedChange,
  givenRequirement,
  givenSlot,
  givenStart,
  givenStarted,
  givenTarget,
  givenWorkspace,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
} from '../test/given.ts'
import type { Binding, Change, ChangeEvent } from './change.ts'
import type { ChangeAnswer, DecideContext } from './change-commands.ts'
import { decide } from './change-decide.ts'
import { pinnedFrom } from './target.ts'

type About = Partial<DecideContext>
const refused = (answer: ChangeAnswer) => (answer.ok ? null : answer.refusal)

function start(
  change: Change,
  about: Parameters<typeof givenStart>[0] = {},
  context: About = {},
): ChangeAnswer {
  return decide(change, givenStart(about), givenContext(context))
}

/** Evaluated for the claim, a minute after opening. */
const again = (about: Parameters<typeof givenEvaluated>[0] = {}) =>
  givenEvaluated({ evaluatedAt: NOW + MINUTE, ...about })

const started = (about: Parameters<typeof givenStarted>[0] = {}) =>
  givenStarted({ until: NOW + 11 * MINUTE, ...about })

test('a claim of exactly what was approved starts it', () => {
  assert.deepEqual(start(givenReleasedChange()), { ok: true, events: [started()] })
})

test('a grant lives an hour at most, whatever is asked for', () => {
  const { events } = start(givenReleasedChange(), { grantSeconds: 86_400 })

  assert.deepEqual(events, [started({ until: NOW + MINUTE + HOUR })])
})

test('a grant of no whole time is refused', () => {
  for (const grantSeconds of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.deepEqual(refused(start(givenReleasedChange(), { grantSeconds })), {
      code: 'invalid_input',
      problems: ['a grant lives a second or more'],
    })
})

test('a start by a pipeline of its own says whose word it is', () => {
  const opened = { door: 'gate' } as const
  const attested = { runner: { publicKey: givenStart().runnerKey, trust: 'attested' } } as const

  assert.deepEqual(start(givenReleasedChange({ opened })).events, [
    started({ verifiedBy: 'pipeline' }),
  ])
  assert.deepEqual(start(givenReleasedChange({ opened: attested })).events, [
    started({ verifiedBy: 'attested' }),
  ])
})

test('a change that started once never starts again', () => {
  const refusal = { code: 'grant_used', at: NOW }
  const finished: ChangeEvent = { type: 'outcome_unknown', because: 'heartbeat_lost' }

  assert.deepEqual(refused(start(givenReleasedChange({ after: [givenStarted()] }))), refusal)
  assert.deepEqual(
    refused(start(givenReleasedChange({ after: [givenStarted(), finished] }))),
    refusal,
  )
})

test('an expired change does not start', () => {
  assert.deepEqual(refused(start(givenReleasedChange({ after: [{ type: 'expired' }] }))), {
    code: 'expired',
    at: NOW + HOUR,
  })
})

test('a change that the rules have not answered does not start', () => {
  assert.deepEqual(refused(start(givenChange({ evaluated: null }))), {
    code: 'not_evaluated',
    changeId: givenChangeId(),
  })
})

test('a held change does not start and says who is missing', () => {
  assert.deepEqual(refused(start(givenChange())), {
    code: 'approvals_missing',
    missing: [givenSlot('team:platform')],
  })
})

test('a change that was closed does not start', () => {
  for (const [event, status] of [
    [{ type: 'withdrawn' }, 'withdrawn'],
    [{ type: 'superseded', by: givenChangeId('two') }, 'superseded'],
    [{ type: 'evaluated', ...givenEvaluated({ verdict: 'deny' }) }, 'denied'],
  ] as const)
    assert.deepEqual(refused(start(givenReleasedChange({ after: [event] }))), {
      code: 'wrong_state',
      status,
      command: 'start',
    })
})

test('another runner takes no grant', () => {
  assert.deepEqual(refused(start(givenReleasedChange(), { runnerKey: 'another key' })), {
    code: 'other_runner',
  })
})

test('a release that is over starts nothing, whether or not the timer has come', () => {
  const at = (now: number) =>
    start(givenReleasedChange(), { evaluated: again({ evaluatedAt: now }) }, { now })

  assert.equal(at(NOW + HOUR - 1).ok, true)
  assert.deepEqual(refused(at(NOW + HOUR)), { code: 'expired', at: NOW + HOUR })
})

test('an allow that is over starts nothing', () => {
  const until = NOW + 15 * MINUTE
  const change = givenChange({
    evaluated: { verdict: 'allow' },
    after: [{ type: 'released', by: 'allow', until }],
  })
  const evaluated = givenEvaluated({ verdict: 'allow', evaluatedAt: until })

  assert.deepEqual(refused(start(change, { evaluated }, { now: until })), {
    code: 'expired',
    at: until,
  })
})

test('a plan that is over starts nothing, even while its release lasts', () => {
  const change = givenReleasedChange({ opened: { expiresAt: NOW + MINUTE } })

  assert.deepEqual(refused(start(change)), { code: 'expired', at: NOW + MINUTE })
})

const PARTS = ['artifact', 'source', 'inputs', 'plan', 'fingerprint'] as const

test('any part that differs refuses the start, names it, and keeps the approval', () => {
  const approved: Binding = givenOpened().binding
  for (const part of PARTS) {
    const now = givenDigest(`another ${part}`)
    const names = givenDigest('names of files')

    const answer = start(givenReleasedChange(), { binding: { ...approved, [part]: now }, names })

    const differences = [{ part, approved: approved[part], now }]
    assert.deepEqual(answer, {
      ok: false,
      refusal: { code: 'differs', differences: [{ ...differences[0], name: null }] },
      events: [{ type: 'execution_refused', differences, names }],
    })
  }
})

test('every part that differs is named at once', () => {
  const binding = Object.fromEntries(PARTS.map((part) => [part, givenDigest(`another ${part}`)]))

  const refusal = refused(start(givenReleasedChange(), { binding: givenBinding(binding) }))

  assert.ok(refusal?.code === 'differs')
  assert.deepEqual(
    refusal.differences.map((each) => each.part),
    PARTS,
  )
})

test('a refused start is an entry at most once a minute', () => {
  const binding = { ...givenOpened().binding, source: givenDigest('edited') }
  const differences = [
    { part: 'source', approved: givenDigest('source'), now: givenDigest('edited') },
  ]
  const change = givenReleasedChange({
    after: [{ type: 'execution_refused', differences, names: null }],
  })
  const events = (now: number) => start(change, { binding }, { now }).events.length

  assert.equal(events(NOW + MINUTE - 1), 0)
  assert.equal(events(NOW + MINUTE), 1)
  assert.equal(refused(start(change, { binding }, { now: NOW + SECOND }))?.code, 'differs')
})

test('a refused start leaves the approval good for the next claim', () => {
  const differences = [
    { part: 'source', approved: givenDigest('source'), now: givenDigest('edited') },
  ]
  const change = givenReleasedChange({
    after: [{ type: 'execution_refused', differences, names: null }],
  })

  assert.equal(start(change).ok, true)
})

test('a pin that moved after the change was opened refuses the start', () => {
  const principals = [{ provider: 'aws', account: '222222222222' }]
  const pin = pinnedFrom(givenTarget({ principals }))
  const access = givenAccess({ workspaces: [givenWorkspace({ pin })] })

  assert.deepEqual(start(givenReleasedChange(), {}, { access }), {
    ok: false,
    refusal: {
      code: 'target_differs',
      differences: [
        { part: 'account', name: null, approved: 'aws:222222222222', now: 'aws:111111111111' },
      ],
    },
    events: [],
  })
})

test('a lineage that was pinned after the change was opened refuses the start', () => {
  const access = givenAccess({ workspaces: [givenWorkspace({ lineage: 'c0ffee' })] })

  assert.deepEqual(refused(start(givenReleasedChange(), {}, { access })), {
    code: 'target_differs',
    differences: [{ part: 'lineage', name: null, approved: 'c0ffee', now: 'none' }],
  })
})

test('nothing starts where the workspace is pinned to no place', () => {
  const unpinned = givenAccess({ workspaces: [givenWorkspace({ pin: null })] })

  assert.deepEqual(start(givenReleasedChange(), {}, { access: unpinned }), {
    ok: false,
    refusal: {
      code: 'target_differs',
      differences: [{ part: 'backend', name: null, approved: 'not pinned', now: 's3' }],
    },
    events: [],
  })
})

test('an evaluation for the claim is five seconds old at most, and not of the future', () => {
  const at = (evaluatedAt: number) =>
    start(givenReleasedChange(), { evaluated: again({ evaluatedAt }) })
  const stale = { ok: false, refusal: { code: 'evaluation_stale' }, events: [] }

  assert.equal(at(NOW + MINUTE - 5 * SECOND).ok, true)
  assert.deepEqual(at(NOW + MINUTE - 5 * SECOND - 1), stale)
  assert.deepEqual(at(NOW + MINUTE + 1), stale)
  assert.deepEqual(at(Number.NaN), stale)
})

test('an evaluation under a revision that is not in force is stale', () => {
  const evaluated = again({ policyRevision: 1 })

  assert.deepEqual(refused(start(givenReleasedChange(), { evaluated }, { policyRevision: 2 })), {
    code: 'evaluation_stale',
  })
})

test('an evaluation that asks nobody starts nothing', () => {
  assert.deepEqual(
    refused(start(givenReleasedChange(), { evaluated: again({ requirement: null }) })),
    {
      code: 'invalid_input',
      problems: ['it is held for nobody'],
    },
  )
})

test('a policy that denies now denies the change', () => {
  const evaluated = again({ verdict: 'deny', rules: ['freeze'] })

  const answer = start(givenReleasedChange(), { evaluated })

  assert.deepEqual(answer, {
    ok: false,
    refusal: { code: 'denied_now', rules: ['freeze'] },
    events: [{ type: 'evaluated', ...evaluated }],
  })
})

test('a policy that asks for more people now holds the change again', () => {
  const slots = [givenSlot('team:platform'), givenSlot('team:sre', 2)]
  const evaluated = again({ requirement: givenRequirement({ slots }) })

  assert.deepEqual(start(givenReleasedChange(), { evaluated }), {
    ok: false,
    refusal: { code: 'approvals_missing', missing: [givenSlot('team:sre', 2)] },
    events: [{ type: 'evaluated', ...evaluated }],
  })
})

test('an allow that would be a hold now asks for people', () => {
  const allowed = givenChange({
    evaluated: { verdict: 'allow' },
    after: [{ type: 'released', by: 'allow', until: NOW + 15 * MINUTE }],
  })

  assert.deepEqual(start(allowed), {
    ok: false,
    refusal: { code: 'approvals_missing', missing: [givenSlot('team:platform')] },
    events: [{ type: 'evaluated', ...again() }],
  })
})

test('an approver who was removed since then no longer counts', () => {
  const answer = start(givenReleasedChange(), {}, { access: givenAccess({ inactive: [BOB] }) })

  assert.deepEqual(answer, {
    ok: false,
    refusal: { code: 'approvals_missing', missing: [givenSlot('team:platform')] },
    events: [{ type: 'evaluated', ...again() }],
  })
})

test('a stricter policy that the approvals at hand satisfy starts, and is recorded first', () => {
  const slots = [givenSlot(['team:dba', 'team:platform'])]
  const evaluated = again({ requirement: givenRequirement({ slots }) })

  assert.deepEqual(start(givenReleasedChange(), { evaluated }), {
    ok: true,
    events: [{ type: 'evaluated', ...evaluated }, givenReleased(), started()],
  })
})

test('an allow that is still the same starts without another entry', () => {
  const released: ChangeEvent = { type: 'released', by: 'allow', until: NOW + 15 * MINUTE }
  const change = givenChange({ evaluated: { verdict: 'allow' }, after: [released] })

  const answer = start(change, { evaluated: again({ verdict: 'allow' }) })

  assert.deepEqual(answer, { ok: true, events: [started({ verdict: 'allow' })] })
})

test('a change of a workspace that is gone does not start', () => {
  const access = givenAccess({ workspaces: [] })

  assert.deepEqual(refused(start(givenReleasedChange(), {}, { access })), {
    code: 'not_found',
    what: 'workspace',
  })
})

test('another rule that allows is recorded before the start', () => {
  const released: ChangeEvent = { type: 'released', by: 'allow', until: NOW + 15 * MINUTE }
  const change = givenChange({ evaluated: { verdict: 'allow' }, after: [released] })
  for (const other of [{ allowedBy: 'another-rule' }, { rules: ['another-rule'] }]) {
    const evaluated = again({ verdict: 'allow', ...other })

    assert.deepEqual(start(change, { evaluated }).events, [
      { type: 'evaluated', ...evaluated },
      released,
      started({ verdict: 'allow' }),
    ])
  }
})

test('the same requirement in another order of keys is the same', () => {
  const { slots, assurance, expiresSeconds } = givenRequirement()
  const sorted = {
    expiresSeconds,
    slots: slots.map(({ from, count }) => ({ count, from })),
    assurance,
  }

  const answer = start(givenReleasedChange(), { evaluated: again({ requirement: sorted }) })

  assert.deepEqual(answer.events, [started()])
})

test('one change executes in a workspace at a time', () => {
  assert.deepEqual(start(givenReleasedChange(), {}, { executing: givenChangeId('two') }), {
    ok: false,
    refusal: { code: 'workspace_busy', changeId: givenChangeId('two') },
    events: [],
  })
})

test('a claim in a workspace that is busy still learns that it is denied', () => {
  const evaluated = again({ verdict: 'deny' })

  const answer = start(givenReleasedChange(), { evaluated }, { executing: givenChangeId('two') })

  assert.equal(refused(answer)?.code, 'denied_now')
})
