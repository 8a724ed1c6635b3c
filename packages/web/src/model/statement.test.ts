import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBase64, requirementDigest, saltedDigest } from '@holdpoint/core'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { digest, givenChange, ids } from '../../test/given.ts'
import { type Decided, statementDifference } from './statement.ts'
import type { DecisionBegun } from './wire.ts'

const change = givenChange()
const requirement = change.evaluation?.requirement ?? null
const decided: Decided = {
  decision: 'approve',
  fingerprint: change.binding.fingerprint,
  reason: null,
  shown: { count: 2, of: 2 },
  person: ids.jonas,
}

type Statement = DecisionBegun['statement']

function begun(about: Partial<Statement> = {}, reasonSalt: string | null = null): DecisionBegun {
  return {
    statement: {
      decision: 'approve',
      change: change.id,
      person: ids.jonas,
      fingerprint: change.binding.fingerprint,
      artifact: change.binding.artifact,
      policyRevision: change.evaluation?.policyRevision ?? 0,
      requirement: requirementDigest(requirement, primitives),
      sessionPolicy: null,
      reason: null,
      shown: { count: 2, of: 2 },
      client: 'page',
      nonce: digest('a'),
      ...about,
    },
    reasonSalt,
    rpId: 'localhost',
    credentials: [],
  }
}

const difference = (answer: DecisionBegun, about: Partial<Decided> = {}) =>
  statementDifference(answer, change, { decided: { ...decided, ...about }, primitives })

test('a statement that says what this page shows is signed', () => {
  assert.equal(difference(begun()), null)
})

test('a statement over anything else is named and not signed', () => {
  const others: readonly [Partial<Statement>, string][] = [
    [{ decision: 'reject' }, 'decision'],
    [{ change: 'chg_0000000000000002' as typeof change.id }, 'change'],
    [{ person: ids.mira }, 'person'],
    [{ fingerprint: digest('9') }, 'fingerprint'],
    [{ artifact: digest('9') }, 'artifact'],
    [{ policyRevision: 99 }, 'policy revision'],
    [{ requirement: digest('9') }, 'requirement'],
    [{ reason: digest('9') }, 'reason'],
    [{ client: 'cli' }, 'client'],
    [{ sessionPolicy: digest('9') }, 'session policy'],
    [{ shown: { count: 0, of: 2 } }, 'what was shown'],
    [{ shown: null }, 'what was shown'],
  ]
  for (const [about, what] of others) assert.equal(difference(begun(about)), what)
})

test('the reason that is signed is the one that was typed, under the salt that was given', () => {
  const salt = new Uint8Array(16).fill(7)
  const text = 'Take a snapshot first.'
  const reason = saltedDigest({ salt, text }, primitives) as Statement['reason']
  const answer = begun({ reason }, encodeBase64(salt))

  assert.equal(difference(answer, { reason: text }), null)
  assert.equal(difference(answer, { reason: 'Looks good.' }), 'reason')
  assert.equal(difference(answer, { reason: null }), 'reason')
  assert.equal(difference(begun({ reason }), { reason: text }), 'reason')
})
