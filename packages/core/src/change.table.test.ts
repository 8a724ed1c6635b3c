import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  CAROL,
  DAVE,
  ERIN,
  givenAccess,
  givenActor,
  givenChange,
  givenChangeId,
  givenContext,
  givenDecide,
  givenDecided,
  givenDigest,
  givenEvaluated,
  givenOpened,
  givenOutcome,
  givenReleasedChange,
  givenStart,
  givenStarted,
  HOUR,
  NOW,
  RUNNER_KEY,
  SYSTEM_REF,
} from '../test/given.ts'
import { givenConnection, withConnection } from '../test/given-connection.ts'
import { givenBreak, givenReview } from '../test/given-glass.ts'
import { checkTable } from '../test/table.ts'
import { type Change, type ChangeEvent, STATUSES, type Status } from './change.ts'
import type { ChangeCommand, DecideContext } from './change-commands.ts'
import { decide } from './change-decide.ts'
import { evolve } from './change-evolve.ts'

const reason = givenDigest('reason')
const lost: ChangeEvent = { type: 'outcome_unknown', because: 'heartbeat_lost' }
const ended = (result: 'applied' | 'failed') =>
  givenReleasedChange({
    after: [givenStarted(), { type: 'execution_finished', ...givenOutcome({ result }) }],
  })

/** A change of every status, and of none. */
const CHANGES: { readonly [S in Status | 'absent']: Change | null } = {
  absent: null,
  evaluating: givenChange({ evaluated: null }),
  held: givenChange(),
  released: givenReleasedChange(),
  executing: givenReleasedChange({ after: [givenStarted()] }),
  applied: ended('applied'),
  failed: ended('failed'),
  outcome_unknown: givenReleasedChange({ after: [givenStarted(), lost] }),
  denied: givenChange({ evaluated: { verdict: 'deny' } }),
  rejected: givenChange({ after: [{ ...givenDecided(BOB, { reason }), type: 'rejected' }] }),
  expired: givenChange({ after: [{ type: 'expired' }] }),
  superseded: givenChange({ after: [{ type: 'superseded', by: givenChangeId('two') }] }),
  withdrawn: givenChange({ after: [{ type: 'withdrawn' }] }),
}

interface Asked {
  readonly name: string
  readonly command: ChangeCommand
  readonly context?: Partial<DecideContext>
}

const evaluate = (about: Parameters<typeof givenEvaluated>[0]): ChangeCommand => ({
  type: 'record_evaluation',
  evaluated: givenEvaluated(about),
})
const by = (person: typeof BOB) => ({ actor: givenActor(person) })
const system = { actor: SYSTEM_REF }
const differences = [{ part: 'source', approved: reason, now: givenDigest('edited') }]

/** Every command as the one who may give it would, a minute after the change was opened. */
const COMMANDS: { readonly [C in ChangeCommand['type']]: readonly Asked[] } = {
  open: [{ name: 'open', command: { type: 'open', opened: givenOpened() } }],
  record_evaluation: (['allow', 'hold', 'deny'] as const).map((verdict) => ({
    name: `record_evaluation: ${verdict}`,
    command: evaluate({ verdict }),
    context: system,
  })),
  approve: [
    { name: 'approve', command: { type: 'approve', ...givenDecide(CAROL) }, context: by(CAROL) },
  ],
  reject: [
    {
      name: 'reject',
      command: { type: 'reject', ...givenDecide(CAROL, { reason }) },
      context: by(CAROL),
    },
  ],
  take_back: [{ name: 'take_back', command: { type: 'take_back', person: BOB }, context: by(BOB) }],
  break_glass: [
    {
      name: 'break_glass',
      command: { type: 'break_glass', ...givenBreak(DAVE) },
      context: { ...by(DAVE), access: givenAccess({ proofs: { breakGlass: new Set([DAVE]) } }) },
    },
  ],
  review_glass: [
    {
      name: 'review_glass',
      command: {
        type: 'review_glass',
        ...givenReview(ERIN),
      },
      context: by(ERIN),
    },
  ],
  adopt: [
    {
      name: 'adopt',
      command: {
        type: 'adopt',
        fingerprint: givenOpened().binding.fingerprint,
        artifact: reason,
        runnerKey: 'key of a new run',
      },
    },
  ],
  withdraw: [{ name: 'withdraw', command: { type: 'withdraw' } }],
  start: [
    { name: 'start', command: givenStart() },
    {
      name: 'start: source differs',
      command: givenStart({ binding: { ...givenOpened().binding, source: reason } }),
    },
    {
      name: 'start: denied now',
      command: givenStart({ evaluated: givenEvaluated({ verdict: 'deny' }) }),
      context: { now: NOW },
    },
  ],
  refuse_start: [
    {
      name: 'refuse_start',
      command: {
        type: 'refuse_start',
        runnerKey: RUNNER_KEY,
        refused: { differences, names: null },
      },
    },
  ],
  issue_credentials: [
    {
      name: 'issue_credentials',
      command: {
        type: 'issue_credentials',
        runnerKey: RUNNER_KEY,
        issue: {
          connection: givenConnection().id,
          purpose: 'apply',
          ask: 1,
          credential: 'credential-1',
          until: NOW + 60_000,
        },
      },
      context: { access: withConnection(givenContext().access) },
    },
    {
      name: 'issue_credentials to save the state',
      command: {
        type: 'issue_credentials',
        runnerKey: RUNNER_KEY,
        issue: {
          connection: givenConnection().id,
          purpose: 'state',
          ask: 1,
          credential: 'credential-1',
          until: NOW + 60_000,
        },
      },
      context: { access: withConnection(givenContext().access) },
    },
  ],
  revoke_grant: [{ name: 'revoke_grant', command: { type: 'revoke_grant', reason: null } }],
  finish: [
    {
      name: 'finish',
      command: { type: 'finish', runnerKey: RUNNER_KEY, outcome: givenOutcome() },
    },
  ],
  lose: [{ name: 'lose', command: { type: 'lose', because: 'heartbeat_lost' }, context: system }],
  resolve_outcome: [
    {
      name: 'resolve_outcome',
      command: { type: 'resolve_outcome', person: ERIN, resolution: 'in_part', reason },
      context: by(ERIN),
    },
  ],
  supersede: [
    {
      name: 'supersede',
      command: { type: 'supersede', by: givenChangeId('two') },
      context: system,
    },
  ],
  expire: [
    { name: 'expire', command: { type: 'expire' }, context: system },
    {
      name: 'expire: due',
      command: { type: 'expire' },
      context: { ...system, now: NOW + 24 * HOUR },
    },
  ],
}

/** I8: there is an answer to everything, and every event of an answer follows. */
function answered(change: Change | null, { command, context }: Asked): string {
  const given = givenContext(context)
  const answer = decide(change, command, given)
  let state = change
  for (const event of answer.events) {
    state = evolve(state, { event, at: given.now, actor: given.actor })
    assert.notEqual(state, null, `${event.type} does not follow`)
  }
  const events = answer.events.map((event) => event.type).join(' ')
  const moved = `${events === '' ? 'nothing' : events} -> ${state?.status ?? 'absent'}`
  if (answer.ok) return moved
  return answer.events.length === 0 ? answer.refusal.code : `${answer.refusal.code}, ${moved}`
}

test('what every command gives in every status', () => {
  const asked = Object.values(COMMANDS).flat()
  const rows = (['absent', ...STATUSES] as const).flatMap((status) =>
    asked.map((each) => [status, each.name, answered(CHANGES[status], each)]),
  )

  for (const status of STATUSES) assert.equal(CHANGES[status]?.status, status)
  checkTable(new URL('change.table.txt', import.meta.url), [
    ['status', 'command', 'answer'],
    ...rows,
  ])
})
