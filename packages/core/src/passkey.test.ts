import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  givenPasskeyVerifier,
  givenSigningPasskey,
  type Lies,
  RP_ID,
  type SigningPasskey,
} from '../../../test/fixtures/passkey-given.ts'
import { BOB, givenChangeId, givenDigest, givenRequirement, givenSlot } from '../test/given.ts'
import {
  type Assertion,
  assertionProblem,
  challengeOf,
  type DecisionStatement,
  PURPOSES,
  requirementDigest,
} from './passkey.ts'

const statement: DecisionStatement = {
  decision: 'approve',
  change: givenChangeId(),
  person: BOB,
  fingerprint: givenDigest('fingerprint'),
  artifact: givenDigest('plan file'),
  policyRevision: 7,
  requirement: givenDigest('requirement'),
  sessionPolicy: null,
  reason: null,
  shown: { count: 2, of: 3 },
  client: 'page',
  nonce: givenDigest('nonce'),
}
const sources = { primitives: nodePrimitives, verifier: givenPasskeyVerifier }
const challenge = challengeOf('decision', statement, nodePrimitives)

function problemOf(passkey: SigningPasskey, assertion: Assertion): string | null {
  const { algorithm, publicKey } = passkey
  return assertionProblem(
    assertion,
    { challenge, key: { algorithm, publicKey, rpId: RP_ID } },
    sources,
  )
}

function lying(lies: Lies): string | null {
  const passkey = givenSigningPasskey()
  return problemOf(passkey, passkey.sign('decision', statement, lies))
}

test('what a passkey signed is found good, by either kind of key', () => {
  for (const algorithm of [-8, -7] as const) {
    const passkey = givenSigningPasskey(algorithm)
    assert.equal(problemOf(passkey, passkey.sign('decision', statement)), null)
  }
})

test('every field of a decision is in the challenge, and every purpose has its own', () => {
  const other: { readonly [K in keyof DecisionStatement]: DecisionStatement[K] } = {
    decision: 'reject',
    change: givenChangeId('two'),
    person: 'per_carol00000000000' as typeof BOB,
    fingerprint: givenDigest('another plan'),
    artifact: givenDigest('another file'),
    policyRevision: 8,
    requirement: givenDigest('another'),
    sessionPolicy: givenDigest('policy'),
    reason: givenDigest('why'),
    shown: { count: 3, of: 3 },
    client: 'cli',
    nonce: givenDigest('another nonce'),
  }
  const texts = Object.entries(other).map(([key, value]) =>
    Buffer.from(challengeOf('decision', { ...statement, [key]: value }, nodePrimitives)).toString(
      'hex',
    ),
  )
  const purposes = PURPOSES.map((purpose) =>
    Buffer.from(
      challengeOf(purpose, { nonce: givenDigest('same') } as never, nodePrimitives),
    ).toString('hex'),
  )

  assert.equal(new Set([...texts, Buffer.from(challenge).toString('hex')]).size, 13)
  assert.equal(new Set(purposes).size, 4)
})

test('what was signed elsewhere, by nobody, or for something else is refused', () => {
  assert.equal(lying({ rpId: 'evil.example' }), 'it was made for another site')
  const elsewhere = 'it was made on a page of another site'
  for (const origin of [
    'https://evil.example',
    'https://holdpoint.example.evil.example',
    'https://evilholdpoint.example',
    'http://holdpoint.example',
    'https://holdpoint.example/path',
    'null',
  ])
    assert.equal(lying({ origin }), elsewhere, origin)
  assert.equal(lying({ type: 'webauthn.create' }), 'it is not an assertion')
  const other = challengeOf('vouch', { nonce: statement.nonce } as never, nodePrimitives)
  assert.equal(lying({ challenge: other }), 'it signs another statement')
  assert.equal(lying({ flags: 0x04 }), 'nobody was present')
  assert.equal(lying({ flags: 0x01 }), 'the person was not verified by the authenticator')
  const framed = 'it was made inside a page of another site'
  assert.equal(lying({ client: { crossOrigin: true } }), framed)
  assert.equal(lying({ client: { topOrigin: 'https://evil.example' } }), framed)
})

test('a page below the relying party’s name signs for it, and so does the own machine', () => {
  assert.equal(lying({ origin: 'https://approve.holdpoint.example:8443' }), null)
  const passkey = givenSigningPasskey()
  const key = { ...passkey, rpId: 'localhost' }
  const local = { origin: 'http://localhost:7480', rpId: 'localhost' }
  const assertion = passkey.sign('decision', statement, local)
  assert.equal(assertionProblem(assertion, { challenge, key }, sources), null)
})

test('another key, another signature, and what is cut or not base64 are refused', () => {
  const [one, two] = [givenSigningPasskey(), givenSigningPasskey()]
  const good = one.sign('decision', statement)
  const not = 'its signature is not by that key'

  assert.equal(problemOf(two, good), not)
  assert.equal(
    problemOf(one, { ...good, signature: two.sign('decision', statement).signature }),
    not,
  )
  assert.equal(problemOf({ ...one, algorithm: -7 }, good), not)
  assert.equal(problemOf({ ...one, publicKey: 'bm9rZXk=' }, good), not)
  assert.equal(problemOf(one, { ...good, signature: '!' }), 'it is not base64')
  assert.equal(
    problemOf(one, { ...good, authenticatorData: good.authenticatorData.slice(0, 40) }),
    'its authenticator data is cut short',
  )
  const garbage = Buffer.from('{"type"').toString('base64url')
  assert.equal(
    problemOf(one, { ...good, clientDataJSON: garbage }),
    'its client data cannot be read',
  )
})

test('a requirement has one digest, whoever it asks', () => {
  const ask = (people: number) => givenRequirement({ slots: [givenSlot('team:dba', people)] })
  const digests = [null, ask(1), ask(2), { ...ask(1), assurance: 'passkey' as const }].map((each) =>
    requirementDigest(each, nodePrimitives),
  )

  assert.equal(new Set(digests).size, 4)
  assert.equal(requirementDigest(ask(1), nodePrimitives), digests[1])
})
