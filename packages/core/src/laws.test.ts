import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  DAY,
  FRANK,
  givenDigest,
  type givenEvaluated,
  givenOpened,
  givenRequester,
  givenRequirement,
  givenTarget,
  givenTokenId,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
  SYSTEM_REF,
} from '../test/given.ts'
import { FRESH, type PINNED } from '../test/installation.ts'
import {
  type Edit,
  edit,
  insertAfter,
  lawOf,
  lawWith,
  numbered,
  story,
  storyOf,
  without,
} from '../test/log-story.ts'
import type { AnyEvent } from './entry.ts'

/** One whole story, and what breaks when one thing in it is otherwise. */
const breaks = (edits: readonly Edit[], entries = story()) => lawOf(entries, edits)

test('the story as it was written breaks nothing', () => {
  assert.equal(breaks([]), null)
  for (const ending of ['rejected', 'taken_back', 'withdrawn', 'lost', 'superseded'] as const)
    assert.equal(lawOf(storyOf(ending), []), null, ending)
})

test('L1: entries are numbered without a gap', () => {
  assert.equal(breaks([edit('released', (entry) => ({ ...entry, seq: entry.seq + 1 }))]), 'L1')
})

test('L2: time never runs back', () => {
  assert.equal(breaks([edit('released', (entry) => ({ ...entry, at: NOW - 1 }))]), 'L2')
})

test('L3: a log starts with its first entry and only there', () => {
  const started = story()[0]
  assert.ok(started !== undefined)

  assert.equal(breaks([without('log_started')]), 'L3')
  assert.equal(breaks([insertAfter('evaluated', { ...started, at: NOW })]), 'L3')
})

test('L4: each stream holds its own events, written by who may', () => {
  const inStream = (stream: 'log' | 'access' | 'policy') =>
    edit('execution_finished', (entry) => ({ ...entry, stream }))
  const opening = story().find((entry) => entry.event.type === 'change_opened')
  assert.ok(opening !== undefined)
  const moved = (type: 'member_added' | 'policy_pushed') =>
    edit(type, (entry) => ({ ...entry, stream: opening.stream }))
  const byFrank = { kind: 'person', id: FRANK } as const

  for (const stream of ['log', 'access', 'policy'] as const)
    assert.equal(breaks([inStream(stream)]), 'L4')
  assert.equal(breaks([moved('member_added')]), 'L4')
  assert.equal(breaks([moved('policy_pushed')]), 'L4')
  assert.equal(breaks([edit('log_started', (entry) => ({ ...entry, actor: byFrank }))]), 'L4')
})

test('L4: access and policy change by who may change them, as they could be changed', () => {
  const byAlice = { kind: 'person', id: ALICE } as const
  const event = (type: 'owners_set' | 'policy_pushed', about: object) =>
    edit(type, (entry) => ({ ...entry, event: { ...entry.event, ...about } as never }))

  assert.equal(breaks([edit('owners_set', (e) => ({ ...e, actor: byAlice }))]), 'L4')
  assert.equal(breaks([edit('policy_pushed', (e) => ({ ...e, actor: byAlice }))]), 'L4')
  assert.equal(breaks([edit('owners_set', (e) => ({ ...e, actor: SYSTEM_REF }))]), 'L4')
  assert.equal(breaks([edit('policy_pushed', (e) => ({ ...e, actor: SYSTEM_REF }))]), 'L4')
  const unknown = { kind: 'admin_token', id: givenTokenId('unknown') } as const
  assert.equal(breaks([edit('owners_set', (e) => ({ ...e, actor: unknown }))]), 'L4')
  assert.equal(breaks([event('owners_set', { owners: ['per_stranger00000000'] })]), 'L4')
  assert.equal(breaks([event('policy_pushed', { revision: 7 })]), 'L4')
})

test('L4: what changes nothing is no entry', () => {
  const again = story().find((entry) => entry.event.type === 'member_added')
  assert.ok(again !== undefined)

  assert.equal(breaks([insertAfter('member_added', again)]), 'L4')
})

test('L4: a change opens in a workspace that exists, by who may open there', () => {
  const opened = (about: Parameters<typeof givenOpened>[0]) =>
    breaks([edit('change_opened', (e) => ({ ...e, event: { ...e.event, ...about } as never }))])
  const byToken = { kind: 'token', id: givenTokenId('unknown') } as const
  const principals = [{ provider: 'aws', account: '222222222222' }]

  assert.equal(opened({ workspace: 'wsp_nowhere000000000' as typeof PINNED }), 'L4')
  assert.equal(opened({ bindsTarget: true }), 'L4')
  assert.equal(opened({ target: givenTarget({ principals }) }), 'L4')
  assert.equal(breaks([edit('change_opened', (e) => ({ ...e, actor: byToken }))]), 'L4')
  assert.equal(breaks([edit('change_opened', (e) => ({ ...e, actor: SYSTEM_REF }))]), 'L4')
})

test('I8: a change is opened first and once, under its own id', () => {
  const opened = story().find((entry) => entry.event.type === 'change_opened')
  assert.ok(opened !== undefined)
  const renamed = edit('change_opened', (e) => ({
    ...e,
    event: { ...e.event, changeId: 'chg_other00000000000' } as never,
  }))

  assert.equal(breaks([without('change_opened')]), 'I8')
  const short = story().slice(
    0,
    story().findIndex((e) => e.event.type === 'evaluated'),
  )
  assert.equal(lawOf(short, [renamed]), 'I8')
  assert.equal(breaks([insertAfter('change_opened', opened)]), 'I8')
})

test('I2: who opens a change is its requester, and in its requester set', () => {
  const requester = (about: Parameters<typeof givenRequester>[0]) =>
    breaks([
      edit('change_opened', (e) => ({
        ...e,
        event: { ...e.event, requester: givenRequester(about) } as never,
      })),
    ])

  assert.equal(requester({ excluded: [] }), 'I2')
  assert.equal(requester({ id: BOB, excluded: [BOB] }), 'I2')
})

test('I11: a plan is good for a day at most', () => {
  const expiresAt = NOW + DAY + 1
  assert.equal(
    breaks([edit('change_opened', (e) => ({ ...e, event: { ...e.event, expiresAt } as never }))]),
    'I11',
  )
})

const evaluated = (about: Parameters<typeof givenEvaluated>[0], ...more: readonly Edit[]) =>
  breaks([edit('evaluated', (e) => ({ ...e, event: { ...e.event, ...about } as never })), ...more])

test('I11: an evaluation is of the policy in force, of now, and not after the end', () => {
  assert.equal(lawWith('withdrawn', 'evaluated', { policyRevision: 2 }), 'I11')
  assert.equal(evaluated({ evaluatedAt: NOW + SECOND + 1 }), 'I11')
  const late = edit('evaluated', (e) => ({ ...e, at: NOW + DAY }))
  assert.equal(breaks([late]), 'I11')
})

test('L4: an evaluation is recorded by the system, or in a claim', () => {
  const byBob = { kind: 'person', id: CAROL } as const
  assert.equal(breaks([edit('evaluated', (e) => ({ ...e, actor: byBob }))]), 'L4')
})

test('I13: a hold asks somebody, and nothing else asks anybody', () => {
  assert.equal(evaluated({ requirement: null }), 'I13')
  assert.equal(evaluated({ requirement: givenRequirement({ slots: [] }) }), 'I13')
  const empty = givenRequirement({ slots: [{ from: [], count: 1 }] })
  assert.equal(evaluated({ requirement: empty }), 'I13')
  assert.equal(evaluated({ verdict: 'allow' }), 'I13')
})

test('I1: a rule alone never allows a first change', () => {
  const fresh = edit('change_opened', (e) => ({
    ...e,
    event: { ...e.event, workspace: FRESH, bindsTarget: true } as never,
  }))

  assert.equal(evaluated({ verdict: 'allow', requirement: null }, fresh), 'I1')
})

test('I1: a dropped approval leaves a release without its people', () => {
  assert.equal(breaks([without('approved')]), 'I1')
})

test('I2: nobody else’s name stands under an approval, and nobody who may not decide', () => {
  const approved = (about: object, actor?: object) =>
    breaks([
      edit('approved', (e) => ({
        ...e,
        actor: { ...e.actor, ...actor } as never,
        event: { ...e.event, ...about } as never,
      })),
    ])

  assert.equal(approved({ person: CAROL }), 'I2')
  assert.equal(approved({}, { id: CAROL }), 'I2')
  assert.equal(approved({}, SYSTEM_REF), 'I2')
  assert.equal(approved({ person: ALICE }, { id: ALICE }), 'I2')
  assert.equal(approved({ person: DAVE }, { id: DAVE }), 'I2')
  assert.equal(approved({ assurance: 'development' }), 'I2')
  assert.equal(approved({ assurance: 'passkey' }), 'I2')
  assert.equal(approved({ onCall: ['oncall:payments'] }), 'I2')
  assert.equal(approved({ fingerprint: givenDigest('another plan') }), 'I3')
})

test('I2: nobody decides in a production log without any proof', () => {
  const asks: Edit = edit('evaluated', (e) => {
    const { requirement } = e.event as Extract<AnyEvent, { type: 'evaluated' }>
    assert.ok(requirement !== null)
    return {
      ...e,
      event: { ...e.event, requirement: { ...requirement, assurance: 'development' } } as never,
    }
  })
  const told: Edit = edit('rejected', (e) => ({
    ...e,
    event: { ...e.event, assurance: 'development' } as never,
  }))
  const production: Edit = edit('log_started', (e) => ({
    ...e,
    event: { ...e.event, mode: 'production' } as never,
  }))

  assert.equal(lawOf(storyOf('rejected'), [asks, told]), null)
  assert.equal(lawOf(storyOf('rejected'), [asks, production]), null)
  assert.equal(lawOf(storyOf('rejected'), [asks, told, production]), 'I2')
})

test('I2: who fills a slot without the role to decide does not approve', () => {
  const unroled: Edit = (entries) =>
    numbered(
      entries.filter(
        ({ event }) =>
          event.type !== 'role_granted' || event.person !== BOB || event.role !== 'approver',
      ),
    )

  assert.equal(breaks([unroled]), 'I2')
})

test('I11: nothing is approved after its hold had ended', () => {
  const late = (type: 'approved' | 'released') => edit(type, (e) => ({ ...e, at: NOW + 4 * HOUR }))
  assert.equal(breaks([late('approved'), late('released')]), 'I11')
})

const released = (about: object) =>
  breaks([edit('released', (e) => ({ ...e, event: { ...e.event, ...about } as never }))])

test('I1, I8: nothing is released before its people, nor twice', () => {
  const release = story().find((entry) => entry.event.type === 'released')
  assert.ok(release !== undefined)

  assert.equal(breaks([without('released'), insertAfter('evaluated', release)]), 'I1')
  assert.equal(breaks([insertAfter('released', release)]), 'I8')
})

test('I11: a release is no longer than the rules allow, and for the reason it names', () => {
  assert.equal(released({ until: NOW + HOUR + MINUTE }), 'I11')
  assert.equal(released({ by: 'allow' }), 'I11')
})

const startedWith = (about: object, actor?: object) =>
  breaks([
    edit('execution_started', (e) => ({
      ...e,
      actor: { ...e.actor, ...actor } as never,
      event: { ...e.event, ...about } as never,
    })),
  ])

test('I4: a change starts once', () => {
  const start = story().find((entry) => entry.event.type === 'execution_started')
  assert.ok(start !== undefined)

  assert.equal(breaks([insertAfter('execution_started', start)]), 'I4')
  assert.equal(breaks([insertAfter('execution_finished', start)]), 'I4')
})

test('I11: a start lies within its release and its plan', () => {
  const at = (now: number) => (e: Parameters<Parameters<typeof edit>[1]>[0]) => ({ ...e, at: now })
  const late = NOW + HOUR + 2 * SECOND
  assert.equal(
    breaks([edit('execution_started', at(late)), edit('execution_finished', at(late))]),
    'I11',
  )
})

test('I3: what starts is what was approved, in every part', () => {
  for (const part of ['artifact', 'fingerprint', 'inputs', 'plan', 'source']) {
    const binding = { ...givenOpened().binding, [part]: givenDigest('edited') }
    assert.equal(startedWith({ binding }), 'I3', part)
  }
})

test('I1: a start is by the runner that opened, as who may execute, truly described', () => {
  assert.equal(startedWith({ runnerKey: 'another key' }), 'I1')
  assert.equal(startedWith({ verifiedBy: 'managed' }), 'I1')
  assert.equal(startedWith({ verdict: 'allow' }), 'I1')
  assert.equal(startedWith({}, { id: CAROL }), 'I1')
})

test('I11: a start is under the policy in force', () => {
  assert.equal(startedWith({ policyRevision: 2 }), 'I11')
  assert.equal(lawOf(storyOf('policy_moved'), []), 'I11')
  const renewed = edit('execution_started', (e) => ({
    ...e,
    event: { ...e.event, policyRevision: 2 } as never,
  }))
  assert.equal(lawOf(storyOf('policy_moved'), [renewed]), 'I11')
})

test('I5: a grant lives an hour at most', () => {
  assert.equal(startedWith({ until: NOW + 2 * HOUR }), 'I5')
})

test('I1: an approver who was removed before the start no longer counts', () => {
  assert.equal(lawOf(storyOf('approver_removed'), []), 'I1')
})

test('I1: a pin that moved before the start stops it', () => {
  assert.equal(lawOf(storyOf('pin_moved'), []), 'I1')
})

test('I4: two changes never execute in one workspace', () => {
  assert.equal(lawOf(storyOf('two_started'), []), 'I4')
})
