/** A held change whose decisions are really signed, and what a verifier says of its bundle. */
import assert from 'node:assert/strict'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  givenSigningPasskey,
  type Lies,
  RP_ID,
  type SigningPasskey,
} from '../../../test/fixtures/passkey-given.ts'
import { SYSTEM } from '../src/actor.ts'
import { type BundleEvidence, bundleEvidence } from '../src/evidence-bundle.ts'
import type { PinnedPeople } from '../src/evidence-signatures.ts'
import { type Digest, digestText, type KeyId } from '../src/ids.ts'
import {
  type DecisionStatement,
  requirementDigest,
  type SignedStatement,
  signedStatementText,
} from '../src/passkey.ts'
import type { Gatehouse } from './gatehouse.ts'
import {
  BOB,
  givenDecide,
  givenDigest,
  givenEvaluated,
  givenKeyId,
  givenOpened,
  givenRequirement,
  givenSlot,
  givenWorkspaceId,
} from './given.ts'
import { bytesOf, givenBundle, OPENED, PLAN_BYTES, verify } from './given-bundle.ts'
import { asPerson, givenInstallation } from './installation.ts'

export const workspace = givenWorkspaceId()
export const opened = givenOpened(OPENED)
export const { fingerprint } = opened.binding
export const id = opened.changeId
export const requirement = givenRequirement({ slots: [givenSlot('team:platform', 2)] })

export const statementOf = (about: Partial<DecisionStatement> = {}): DecisionStatement => ({
  decision: 'approve',
  change: id,
  person: BOB,
  fingerprint: opened.binding.fingerprint,
  artifact: opened.binding.artifact,
  policyRevision: 1,
  requirement: requirementDigest(requirement, nodePrimitives),
  sessionPolicy: null,
  reason: null,
  shown: null,
  client: 'page',
  nonce: givenDigest('nonce'),
  ...about,
})

export interface Story {
  readonly house: Gatehouse
  readonly evidence: BundleEvidence[]
}

/** Held for two of platform, with the plan in the bundle; whoever is named has no passkey yet. */
export function held(keyless: readonly (typeof BOB)[] = [BOB]): Story {
  const house = givenInstallation(keyless)
  house.handle(asPerson(opened.requester.id as typeof BOB), id, { type: 'open', opened })
  const evaluated = givenEvaluated({ requirement, evaluatedAt: house.now })
  house.handle(SYSTEM, id, { type: 'record_evaluation', evaluated })
  const digest = opened.planDocument
  return { house, evidence: [bundleEvidence({ workspace, digest }, PLAN_BYTES)] }
}

export function keep(
  story: Story,
  place: typeof workspace | 'access',
  signed: SignedStatement,
): Digest {
  const text = signedStatementText(signed)
  const digest = digestText(nodePrimitives, text)
  story.evidence.push(bundleEvidence({ workspace: place, digest }, Buffer.from(text)))
  return digest
}

export function enrol(
  story: Story,
  passkey: SigningPasskey,
  voucher?: { readonly by: SigningPasskey; readonly of?: SigningPasskey },
): KeyId {
  const by = voucher?.by ?? null
  const spokenOf = voucher?.of ?? passkey
  const key = givenKeyId(by === null ? 'second' : 'third')
  const { algorithm, publicKey } = passkey
  const nonce = givenDigest(`nonce ${key}`)
  const statement = { person: BOB, key, publicKey: spokenOf.publicKey, nonce }
  const assertion = (by ?? passkey).sign('vouch', statement)
  const proof = keep(story, 'access', { v: 1, purpose: 'vouch', statement, assertion })
  const vouchedBy = by === null ? null : givenKeyId('second')
  if (vouchedBy === null) story.evidence.pop()
  const { refusal } = story.house.changeAccess(vouchedBy === null ? SYSTEM : asPerson(BOB), {
    type: 'key_enrolled',
    key,
    person: BOB,
    publicKey,
    algorithm,
    rpId: RP_ID,
    credential: givenDigest(`credential ${key}`),
    vouched: vouchedBy === null ? null : { key: vouchedBy, proof },
  })
  assert.equal(refusal, null)
  return key
}

export interface Approving {
  readonly key: KeyId
  readonly passkey: SigningPasskey
  readonly statement?: Partial<DecisionStatement>
  readonly lies?: Lies
  readonly said?: Partial<ReturnType<typeof givenDecide>>
}

export function approve(
  story: Story,
  { key, passkey, statement: about, lies, said }: Approving,
): void {
  const statement = statementOf(about)
  const assertion = passkey.sign('decision', statement, lies)
  const proof = keep(story, workspace, { v: 1, purpose: 'decision', statement, assertion })
  const signed = { key, proof }
  const command = {
    type: 'approve',
    ...givenDecide(BOB, { fingerprint, assurance: 'passkey', signed, ...said }),
  } as const
  assert.equal(story.house.handle(asPerson(BOB), id, command).refusal, null)
}

export function verified(story: Story, pins: PinnedPeople | null = null) {
  const about = { evidence: story.evidence, texts: [] }
  const answer = verify(bytesOf(givenBundle(story.house.entries, about)), undefined, pins)
  return answer.ok ? answer.report : answer.fault.problem
}

/** Bob’s first key is one that really signs. */
export function withKey(): Story & { readonly passkey: SigningPasskey; readonly key: KeyId } {
  const story = held()
  const passkey = givenSigningPasskey()
  return { ...story, passkey, key: enrol(story, passkey) }
}
