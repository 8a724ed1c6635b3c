import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  givenSigningPasskey,
  RP_ID,
  type SigningPasskey,
} from '../../../test/fixtures/passkey-given.ts'
import { BOB, CAROL, FRANK, givenDigest, givenKeyId } from '../test/given.ts'
import { asPerson } from '../test/installation.ts'
import { approve, enrol, held, id, verified, withKey } from '../test/signed-story.ts'
import { SYSTEM } from './actor.ts'
import { bundleEvidence } from './evidence-bundle.ts'
import { digestText } from './ids.ts'
import { enrolmentText, inviteProofText } from './invite.ts'
import type { DecisionStatement } from './passkey.ts'

test('a signed decision verifies offline, and its key is on the server’s word until pinned', () => {
  const story = withKey()
  approve(story, story)

  const report = verified(story)
  assert.ok(typeof report !== 'string', JSON.stringify(report))
  assert.equal(report.decisionsByPasskey, 1)
  assert.equal(report.decisionsByServersWord, 0)
  assert.deepEqual(report.keysOnServersWord, [story.key])
  assert.equal(report.decisionsByTrustedKey, 0)
  const pinned = verified(story, new Map([[BOB, [story.passkey.publicKey]]]))
  assert.ok(typeof pinned !== 'string')
  assert.deepEqual([pinned.decisionsByTrustedKey, pinned.keysOnServersWord], [1, []])
  const elsewhere = verified(story, new Map([[CAROL, [story.passkey.publicKey]]]))
  assert.ok(typeof elsewhere !== 'string')
  assert.equal(elsewhere.decisionsByTrustedKey, 0)
})

test('a key that a pinned one vouched for is trusted, step by step', () => {
  const story = withKey()
  const next = givenSigningPasskey(-7)
  approve(story, { key: enrol(story, next, { by: story.passkey }), passkey: next })

  const report = verified(story, new Map([[BOB, [story.passkey.publicKey]]]))
  assert.ok(typeof report !== 'string', JSON.stringify(report))
  assert.equal(report.decisionsByTrustedKey, 1)
})

/** Frank, who administers, invites bob: the link's key signs bob's passkey. */
function invited(about: { readonly by?: SigningPasskey; readonly other?: SigningPasskey } = {}) {
  const story = held([BOB, FRANK])
  const [frank, passkey] = [givenSigningPasskey(), givenSigningPasskey(-7)]
  const enrolled = { type: 'key_enrolled', rpId: RP_ID } as const
  story.house.changeAccess(SYSTEM, {
    ...enrolled,
    key: givenKeyId('frank2'),
    person: FRANK,
    publicKey: frank.publicKey,
    algorithm: frank.algorithm,
    credential: givenDigest('of frank'),
    vouched: null,
  })
  const link = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const inviteKey = link.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const statement = {
    inviter: FRANK,
    person: BOB,
    inviteKey,
    until: story.house.now + 1,
    nonce: givenDigest('invite'),
  }
  const assertion = (about.by ?? frank).sign('invite', statement)
  const { publicKey } = about.other ?? passkey
  const text = enrolmentText({ person: BOB, inviteKey, publicKey })
  const signature = sign('sha256', Buffer.from(text), link.privateKey).toString('base64url')
  const invite = { v: 1, purpose: 'invite', statement, assertion } as const
  const proofText = inviteProofText({ v: 1, invite, publicKey, signature })
  const proof = digestText(nodePrimitives, proofText)
  story.evidence.push(
    bundleEvidence({ workspace: 'access', digest: proof }, Buffer.from(proofText)),
  )
  const key = givenKeyId('invited')
  const { refusal } = story.house.changeAccess(SYSTEM, {
    ...enrolled,
    key,
    person: BOB,
    publicKey: passkey.publicKey,
    algorithm: passkey.algorithm,
    credential: givenDigest('of bob'),
    vouched: { key: givenKeyId('frank2'), proof },
  })
  assert.equal(refusal, null)
  return { ...story, key, passkey, frank }
}

test('a passkey of somebody invited leads back to the pinned key of who invited them', () => {
  const story = invited()
  approve(story, story)

  const report = verified(story, new Map([[FRANK, [story.frank.publicKey]]]))
  assert.ok(typeof report !== 'string', JSON.stringify(report))
  assert.deepEqual([report.decisionsByTrustedKey, report.keysOnServersWord], [1, []])
})

test('an invitation that another key signed, or for another passkey, is a fault', () => {
  const does = 'the voucher of its key does not fit:'

  assert.equal(
    verified(invited({ by: givenSigningPasskey() })),
    `${does} its signature is not by that key`,
  )
  assert.equal(
    verified(invited({ other: givenSigningPasskey() })),
    `${does} it is for another passkey`,
  )
})

test('a voucher for another key, or by a key that nobody pinned, lends no trust', () => {
  const story = withKey()
  const next = givenSigningPasskey()
  approve(story, { key: enrol(story, next, { by: story.passkey }), passkey: next })

  const elsewhere = verified(story, new Map([[BOB, [givenSigningPasskey().publicKey]]]))
  assert.ok(typeof elsewhere !== 'string')
  assert.equal(elsewhere.decisionsByTrustedKey, 0)
  const swapped = withKey()
  enrol(swapped, next, { by: swapped.passkey, of: givenSigningPasskey() })
  assert.equal(verified(swapped), 'the voucher of its key does not fit: it speaks of another key')
})

test('a voucher that another key signed is a fault', () => {
  const story = withKey()
  const next = givenSigningPasskey(-7)
  enrol(story, next, { by: givenSigningPasskey() })

  assert.equal(
    verified(story),
    'the voucher of its key does not fit: its signature is not by that key',
  )
})

test('a decision whose signature is not in the bundle rests on the server’s word', () => {
  const story = withKey()
  approve(story, story)
  story.evidence.pop()

  const report = verified(story)
  assert.ok(typeof report !== 'string')
  assert.deepEqual([report.decisionsByPasskey, report.decisionsByServersWord], [0, 1])
})

test('a signature for anything else than what the entry says is a fault', () => {
  const other: readonly [Partial<DecisionStatement>, string][] = [
    [{ decision: 'reject' }, 'the decision'],
    [{ person: CAROL }, 'the person'],
    [{ change: 'chg_another000000000' as typeof id }, 'the change'],
    [{ fingerprint: givenDigest('another plan') }, 'the fingerprint'],
    [{ artifact: givenDigest('another file') }, 'the plan file'],
    [{ sessionPolicy: givenDigest('everything') }, 'the session policy'],
    [{ reason: givenDigest('why') }, 'the reason'],
    [{ shown: { count: 1, of: 1 } }, 'what was shown'],
    [{ requirement: givenDigest('nothing') }, 'the rules'],
    [{ policyRevision: 9 }, 'the rules'],
    [{ client: 'cli' }, 'the client'],
  ]
  for (const [statement, what] of other) {
    const story = withKey()
    approve(story, { ...story, statement })
    assert.equal(verified(story), `its signature is for something else: ${what}`)
  }
})

test('a signature that does not hold is a fault, and so is one that was used before', () => {
  for (const [lies, why] of [
    [{ flags: 0x01 }, 'the person was not verified by the authenticator'],
    [{ rpId: 'evil.example' }, 'it was made for another site'],
    [{ challenge: new Uint8Array(32) }, 'it signs another statement'],
  ] as const) {
    const story = withKey()
    approve(story, { ...story, lies })
    assert.equal(verified(story), `its signature does not hold: ${why}`)
  }
  const forged = withKey()
  approve(forged, { ...forged, passkey: givenSigningPasskey() })
  assert.equal(verified(forged), 'its signature does not hold: its signature is not by that key')
  const again = withKey()
  approve(again, again)
  again.house.handle(asPerson(BOB), id, { type: 'take_back', person: BOB })
  approve(again, again)
  again.evidence.pop()
  assert.equal(verified(again), 'its signature is for something else: it was used before')
})
