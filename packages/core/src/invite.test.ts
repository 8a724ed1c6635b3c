import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { nodePasskeyVerifier, nodePrimitives } from '@holdpoint/api/node'
import { Authenticator } from '../../../test/fixtures/authenticator.ts'
import { ALICE, BOB, givenDigest, NOW } from '../test/given.ts'
import { encodeBase64Url } from './base64.ts'
import {
  derOfRawSignature,
  type ExpectedInvite,
  enrolmentText,
  type InviteProof,
  inviteProofProblem,
} from './invite.ts'
import { challengeOf, type InviteStatement } from './passkey.ts'

const SITE = { rpId: 'holdpoint.example', origin: 'https://holdpoint.example' }
const sources = { primitives: nodePrimitives, verifier: nodePasskeyVerifier }

interface Given {
  readonly proof: InviteProof
  readonly expected: ExpectedInvite
  readonly link: ReturnType<typeof linkKey>
  readonly inviter: Authenticator
}

function linkKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { spki, key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) }
}

/** As WebCrypto signs: r ‖ s. */
function rawSignature(key: ReturnType<typeof linkKey>['key'], text: string): string {
  const bytes = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return encodeBase64Url(bytes)
}

function given(edit: Partial<InviteStatement> = {}): Given {
  const inviter = new Authenticator(SITE)
  const phone = new Authenticator({ ...SITE, algorithm: 'Ed25519' })
  const link = linkKey()
  const statement: InviteStatement = {
    inviter: ALICE,
    person: BOB,
    inviteKey: link.spki,
    until: NOW + 1000,
    nonce: givenDigest('nonce'),
    ...edit,
  }
  const assertion = inviter.sign(challengeOf('invite', statement, nodePrimitives))
  const text = enrolmentText({ person: BOB, inviteKey: link.spki, publicKey: phone.publicKey })
  const signature = derOfRawSignature(rawSignature(link.key, text)) ?? ''
  const invite = { v: 1, purpose: 'invite', statement, assertion } as const
  const { rpId } = SITE
  const { publicKey, algorithm } = inviter
  return {
    proof: { v: 1, invite, publicKey: phone.publicKey, signature },
    expected: {
      person: BOB,
      publicKey: phone.publicKey,
      inviter: { person: ALICE, publicKey, algorithm, rpId },
      at: NOW,
    },
    link,
    inviter,
  }
}

test('a passkey signed by the key of the link, for which a passkey vouched, is proved', () => {
  const { proof, expected } = given()

  assert.equal(inviteProofProblem(proof, expected, sources), null)
})

const elsewhere = new Authenticator(SITE)

const WRONG: readonly [string, (given: Given) => readonly [InviteProof, ExpectedInvite], string][] =
  [
    [
      'for another passkey',
      ({ proof, expected }) => [proof, { ...expected, publicKey: elsewhere.publicKey }],
      'it is for another passkey',
    ],
    [
      'with the passkey swapped in the proof too',
      ({ proof, expected }) => [
        { ...proof, publicKey: elsewhere.publicKey },
        { ...expected, publicKey: elsewhere.publicKey },
      ],
      'the passkey is not signed by the key of the link',
    ],
    [
      'for another person',
      ({ proof, expected }) => [proof, { ...expected, person: ALICE }],
      'it invites somebody else',
    ],
    [
      'by another key than that of the inviter',
      ({ proof, expected }) => [
        proof,
        { ...expected, inviter: { ...expected.inviter, publicKey: elsewhere.publicKey } },
      ],
      'its signature is not by that key',
    ],
    [
      'by a key of another person',
      ({ proof, expected }) => [
        proof,
        { ...expected, inviter: { ...expected.inviter, person: BOB } },
      ],
      'it is not by the person it names',
    ],
    [
      'after its end',
      ({ proof, expected }) => [proof, { ...expected, at: NOW + 1000 }],
      'it was over by then',
    ],
    [
      'signed by another link',
      ({ proof, expected }) => {
        const { person, publicKey } = expected
        const { inviteKey } = proof.invite.statement
        const text = enrolmentText({ person, inviteKey, publicKey })
        const signature = derOfRawSignature(rawSignature(linkKey().key, text)) ?? ''
        return [{ ...proof, signature }, expected]
      },
      'the passkey is not signed by the key of the link',
    ],
    [
      'whose link was swapped after the signature',
      ({ proof, expected }) => {
        const link = linkKey()
        const { person, publicKey } = expected
        const text = enrolmentText({ person, inviteKey: link.spki, publicKey })
        const signature = derOfRawSignature(rawSignature(link.key, text)) ?? ''
        const statement = { ...proof.invite.statement, inviteKey: link.spki }
        return [{ ...proof, invite: { ...proof.invite, statement }, signature }, expected]
      },
      'it signs another statement',
    ],
    [
      'whose signature is no base64',
      ({ proof, expected }) => [{ ...proof, signature: '*' }, expected],
      'it is not base64',
    ],
  ]

for (const [how, bend, problem] of WRONG)
  test(`an invitation ${how} proves nothing`, () => {
    const [proof, expected] = bend(given())

    assert.equal(inviteProofProblem(proof, expected, sources), problem)
  })

test('a signature of r and s becomes the DER that verifies, whatever its leading bytes', () => {
  const { spki, key } = linkKey()
  let leading = 0
  for (let at = 0; at < 20_000 && leading === 0; at += 1) {
    const text = `text ${at}`
    const raw = rawSignature(key, text)
    const [first = 0] = Buffer.from(raw, 'base64url')
    if (first === 0) leading += 1

    const signature = Buffer.from(derOfRawSignature(raw) ?? '', 'base64url')

    const publicKey = Buffer.from(spki, 'base64')
    const data = Buffer.from(text)
    assert.ok(nodePasskeyVerifier.verify({ algorithm: -7, publicKey, data, signature }), text)
  }
  assert.equal(leading, 1)
})

test('what is not 64 bytes is no such signature', () => {
  assert.equal(derOfRawSignature('AA'), null)
  assert.equal(derOfRawSignature('*'), null)
})
