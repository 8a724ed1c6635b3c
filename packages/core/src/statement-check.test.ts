import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { BOB, CAROL, givenChangeId, givenDigest, givenRequirement } from '../test/given.ts'
import { encodeBase64 } from './base64.ts'
import { saltedDigest } from './evidence-content.ts'
import { parseDigest } from './ids.ts'
import { type DecisionStatement, requirementDigest } from './passkey.ts'
import { challengeWords, type Decided, statementDifference } from './statement-check.ts'

const requirement = givenRequirement()
const decided: Decided = {
  decision: 'approve',
  change: givenChangeId(),
  person: BOB,
  fingerprint: givenDigest('fingerprint'),
  artifact: givenDigest('plan file'),
  policyRevision: 3,
  requirement,
  scope: null,
  reason: null,
  shown: { count: 2, of: 2 },
  client: 'page',
}

function said(about: Partial<DecisionStatement> = {}, reasonSalt: string | null = null) {
  const statement: DecisionStatement = {
    decision: 'approve',
    change: givenChangeId(),
    person: BOB,
    fingerprint: givenDigest('fingerprint'),
    artifact: givenDigest('plan file'),
    policyRevision: 3,
    requirement: requirementDigest(requirement, primitives),
    sessionPolicy: null,
    reason: null,
    shown: { count: 2, of: 2 },
    client: 'page',
    nonce: givenDigest('nonce'),
    ...about,
  }
  return { statement, reasonSalt }
}

const difference = (answer: ReturnType<typeof said>, about: Partial<Decided> = {}) =>
  statementDifference(answer, { ...decided, ...about }, primitives)

test('a statement that says what is shown is signed', () => {
  assert.equal(difference(said()), null)
})

test('a statement over anything else is named and not signed', () => {
  const other = givenDigest('other')
  const others: readonly [Partial<DecisionStatement>, string][] = [
    [{ decision: 'reject' }, 'decision'],
    [{ change: givenChangeId('two') }, 'change'],
    [{ person: CAROL }, 'person'],
    [{ fingerprint: other }, 'fingerprint'],
    [{ artifact: other }, 'plan file'],
    [{ policyRevision: 99 }, 'policy revision'],
    [{ requirement: other }, 'requirement'],
    [{ reason: other }, 'reason'],
    [{ client: 'cli' }, 'client'],
    [{ sessionPolicy: other }, 'session policy'],
    [{ shown: { count: 0, of: 2 } }, 'what was shown'],
    [{ shown: null }, 'what was shown'],
  ]
  for (const [about, what] of others) assert.equal(difference(said(about)), what)
})

test('the reason that is signed is the one that was typed, under the salt that was given', () => {
  const salt = new Uint8Array(16).fill(7)
  const text = 'Take a snapshot first.'
  const reason = parseDigest(saltedDigest({ salt, text }, primitives))
  const answer = said({ reason }, encodeBase64(salt))

  assert.equal(difference(answer, { reason: text }), null)
  assert.equal(difference(answer, { reason: 'Looks good.' }), 'reason')
  assert.equal(difference(answer, { reason: null }), 'reason')
  assert.equal(difference(said({ reason }), { reason: text }), 'reason')
})

test('two screens that sign the same show the same words', () => {
  const challenge = primitives.sha256(primitives.utf8('one'))

  assert.match(challengeWords(challenge), /^([0-9a-f]{4}-){3}[0-9a-f]{4}$/)
  assert.notEqual(challengeWords(challenge), challengeWords(primitives.sha256(challenge)))
})
