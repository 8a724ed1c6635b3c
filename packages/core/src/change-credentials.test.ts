import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenActor,
  givenChange,
  givenContext,
  givenDigest,
  givenEvaluated,
  givenOutcome,
  givenReleasedChange,
  givenStarted,
  givenWorkspaceId,
  HOUR,
  MINUTE,
  NOW,
  RUNNER_KEY,
  SECOND,
} from '../test/given.ts'
import { givenConnection, withConnection } from '../test/given-connection.ts'
import type { Change, ChangeEvent } from './change.ts'
import type { ChangeCommand } from './change-commands.ts'
import { credentialUntil, grantEndedAt } from './change-credentials.ts'
import { decide } from './change-decide.ts'
import { evolve } from './change-evolve.ts'
import { GRACE_MS_MAX } from './connection.ts'
import { isLive } from './grant.ts'

const AT = NOW + 2 * MINUTE
const executing = givenReleasedChange({ after: [givenStarted()] })
const until = executing.execution?.until ?? 0

type Issue = Extract<ChangeCommand, { type: 'issue_credentials' }>

function issue(about: Partial<Issue['issue']> = {}): Issue {
  const { id: connection } = givenConnection()
  const fields = { connection, purpose: 'apply', ask: 1, credential: 'AKIA', until } as const
  return { type: 'issue_credentials', runnerKey: RUNNER_KEY, issue: { ...fields, ...about } }
}

function context(now = AT) {
  return givenContext({ now, access: withConnection(givenContext().access) })
}

function after(change: Change, event: ChangeEvent, at = AT): Change {
  const next = evolve(change, { event, at, actor: givenActor(BOB) })
  assert.ok(next !== null)
  return next
}

const refusalOf = (change: Change, command: Issue, now = AT) => {
  const answer = decide(change, command, context(now))
  return answer.ok ? null : answer.refusal
}

test('a credential is issued while the grant is live, and the change keeps the newest', () => {
  const answer = decide(executing, issue(), context())

  const [event] = answer.events
  assert.ok(answer.ok && event?.type === 'credentials_issued')
  const once = after(executing, event)
  const twice = after(once, { ...event, ask: 2, credential: 'AKIB' })
  const { connection } = event
  assert.deepEqual(twice.execution?.credentials, [
    { connection, purpose: 'apply', credential: 'AKIB', at: AT, until, count: 2 },
  ])
})

test('nothing is issued to another runner, for another workspace, or past the grant', () => {
  const other = { ...issue(), runnerKey: 'other' }
  assert.deepEqual(refusalOf(executing, other), { code: 'other_runner' })
  const elsewhere = withConnection(givenContext().access, {
    workspace: givenWorkspaceId('elsewhere'),
  })
  const answer = decide(executing, issue(), givenContext({ now: AT, access: elsewhere }))
  assert.deepEqual(answer.ok ? null : answer.refusal, { code: 'not_found', what: 'connection' })
  const problems = ['a credential ends with its grant']
  assert.deepEqual(refusalOf(executing, issue({ until: until + 1 })), {
    code: 'invalid_input',
    problems,
  })
  assert.deepEqual(refusalOf(executing, issue(), until), { code: 'grant_not_live', why: 'expired' })
})

test('no credential lives longer than an hour, however long its grant is', () => {
  const long = givenReleasedChange({ after: [givenStarted({ until: AT + 3 * HOUR })] })
  const problems = ['a credential lives one hour at most']

  assert.equal(refusalOf(long, issue({ until: AT + HOUR })), null)
  assert.deepEqual(refusalOf(long, issue({ until: AT + HOUR + 1 })), {
    code: 'invalid_input',
    problems,
  })
})

test('a request that was answered before is not answered again', () => {
  const once = after(executing, { ...issue().issue, type: 'credentials_issued' })

  assert.deepEqual(refusalOf(once, issue()), { code: 'asked_before' })
  assert.equal(refusalOf(once, issue({ ask: 2 })), null)
})

test('nothing is issued before a start or after an outcome', () => {
  const finished = after(executing, { type: 'execution_finished', ...givenOutcome() })

  const notStarted = { code: 'grant_not_live', why: 'not_started' } as const
  assert.deepEqual(refusalOf(givenReleasedChange(), issue()), notStarted)
  const ended = { code: 'grant_not_live', why: 'finished' } as const
  assert.deepEqual(refusalOf(finished, issue()), ended)
  assert.deepEqual(refusalOf(finished, issue({ purpose: 'state' })), ended)
})

test('a revoked grant issues nothing but what saves the state, for ten minutes', () => {
  const answer = decide(executing, { type: 'revoke_grant', reason: null }, context())
  const [event] = answer.events
  assert.ok(event?.type === 'grant_revoked')
  const revoked = after(executing, event)

  assert.equal(isLive(executing, AT), true)
  assert.equal(isLive(revoked, AT), false)
  assert.deepEqual(refusalOf(revoked, issue()), { code: 'grant_not_live', why: 'revoked' })
  const grace = issue({ purpose: 'state', until: AT + GRACE_MS_MAX })
  assert.equal(refusalOf(revoked, grace, AT + SECOND), null)
  assert.deepEqual(refusalOf(revoked, grace, AT + GRACE_MS_MAX), {
    code: 'grant_not_live',
    why: 'expired',
  })
  assert.deepEqual(refusalOf(revoked, issue({ purpose: 'state', until: AT + HOUR })), {
    code: 'invalid_input',
    problems: ['a credential ends with its grant'],
  })
})

test('a runner that is not heard of gets only what saves the state', () => {
  const lost = after(executing, { type: 'outcome_unknown', because: 'heartbeat_lost' })

  assert.equal(grantEndedAt(lost, AT + SECOND), AT)
  assert.deepEqual(refusalOf(lost, issue()), { code: 'grant_not_live', why: 'expired' })
  assert.deepEqual(credentialUntil(lost, 'state', AT), { ok: true, until: AT + GRACE_MS_MAX })
})

test('a grant is revoked once, and only while there is one', () => {
  const revoke = { type: 'revoke_grant', reason: null } as const
  const revoked = after(executing, { type: 'grant_revoked', reason: null })

  assert.deepEqual(decide(revoked, revoke, context()), { ok: true, events: [] })
  assert.equal(decide(givenReleasedChange(), revoke, context()).ok, false)
  assert.equal(decide(executing, revoke, context(until)).ok, false)
  const finished = after(executing, { type: 'execution_finished', ...givenOutcome() })
  assert.deepEqual(decide(finished, revoke, context()), {
    ok: false,
    refusal: { code: 'grant_not_live', why: 'finished' },
    events: [],
  })
})

test('a credential that has ended already is not recorded', () => {
  assert.equal(refusalOf(executing, issue({ until: AT + 1 }), AT), null)
  assert.deepEqual(refusalOf(executing, issue({ until: AT }), AT)?.code, 'invalid_input')
})

test('an approval is of the credentials that it saw', () => {
  const scope = givenDigest('scope')
  const held = givenChange({ evaluated: { scope }, after: [] })
  const approved = { ...held, decisions: givenReleasedChange().decisions }
  assert.ok(approved.decisions.length > 0)

  const same = after(approved, { type: 'evaluated', ...givenEvaluated({ scope }) })
  const wider = givenEvaluated({ scope: givenDigest('wider') })
  const other = after(approved, { type: 'evaluated', ...wider })

  assert.deepEqual(same.decisions, approved.decisions)
  assert.deepEqual(other.decisions, [])
})
