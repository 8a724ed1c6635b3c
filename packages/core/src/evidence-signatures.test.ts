import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  givenSigningPasskey,
  type Lies,
  RP_ID,
  type SigningPasskey,
} from '../../../test/fixtures/passkey-given.ts'
import type { Gatehouse } from '../test/gatehouse.ts'
import {
  BOB,
  CAROL,
  ERIN,
  FRANK,
  givenDecide,
  givenDigest,
  givenEvaluated,
  givenKeyId,
  givenOpened,
  givenRequirement,
  givenSlot,
  givenWorkspaceId,
  HOUR,
} from '../test/given.ts'
import { bytesOf, givenBundle, OPENED, PLAN_BYTES, verify } from '../test/given-bundle.ts'
import { givenBreak, givenReview } from '../test/given-glass.ts'
import { ADMIN, asPerson, givenInstallation } from '../test/installation.ts'
import { SYSTEM } from './actor.ts'
import { type BundleEvidence, bundleEvidence } from './evidence-bundle.ts'
import type { PinnedPeople } from './evidence-signatures.ts'
import { type Digest, digestText, type KeyId } from './ids.ts'
import { enrolmentText, inviteProofText } from './invite.ts'
import {
  type DecisionStatement,
  requirementDigest,
  type SignedStatement,
  signedStatementText,
} from './passkey.ts'

const workspace = givenWorkspaceId()
const opened = givenOpened(OPENED)
const { fingerprint } = opened.binding
const id = opened.changeId
const requirement = givenRequirement({ slots: [givenSlot('team:platform', 2)] })

const statementOf = (about: Partial<DecisionStatement> = {}): DecisionStatement => ({
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

interface Story {
  readonly house: Gatehouse
  readonly evidence: BundleEvidence[]
}

/** Held for two of platform, with the plan in the bundle. */
function held(): Story {
  const house = givenInstallation()
  house.handle(asPerson(opened.requester.id as typeof BOB), id, { type: 'open', opened })
  const evaluated = givenEvaluated({ requirement, evaluatedAt: house.now })
  house.handle(SYSTEM, id, { type: 'record_evaluation', evaluated })
  const digest = opened.planDocument
  return { house, evidence: [bundleEvidence({ workspace, digest }, PLAN_BYTES)] }
}

function keep(story: Story, place: typeof workspace | 'access', signed: SignedStatement): Digest {
  const text = signedStatementText(signed)
  const digest = digestText(nodePrimitives, text)
  story.evidence.push(bundleEvidence({ workspace: place, digest }, Buffer.from(text)))
  return digest
}

function enrol(
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

interface Approving {
  readonly key: KeyId
  readonly passkey: SigningPasskey
  readonly statement?: Partial<DecisionStatement>
  readonly lies?: Lies
  readonly said?: Partial<ReturnType<typeof givenDecide>>
}

function approve(story: Story, { key, passkey, statement: about, lies, said }: Approving): void {
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

/** Bob breaks the glass, and what he signed says it, or something else. */
function breakGlass(
  story: ReturnType<typeof withKey>,
  about: Partial<DecisionStatement> = {},
): void {
  story.house.changeAccess(ADMIN, { type: 'break_glass_granted', person: BOB })
  const reason = givenDigest('nobody answers')
  const statement = statementOf({ decision: 'break_glass', reason, ...about })
  const assertion = story.passkey.sign('decision', statement)
  const proof = keep(story, workspace, { v: 1, purpose: 'decision', statement, assertion })
  const signed = { key: story.key, proof }
  const command = {
    type: 'break_glass',
    ...givenBreak(BOB, { fingerprint, reason, signed }),
  } as const
  assert.equal(story.house.handle(asPerson(BOB), id, command).refusal, null)
}

/** Erin breaks it, bob reviews it with his passkey. */
function review(story: ReturnType<typeof withKey>, about: Partial<DecisionStatement> = {}): void {
  story.house.changeAccess(ADMIN, { type: 'break_glass_granted', person: ERIN })
  const broken = { type: 'break_glass', ...givenBreak(ERIN, { fingerprint }) } as const
  assert.equal(story.house.handle(asPerson(ERIN), id, broken).refusal, null)
  story.house.now += HOUR
  assert.equal(story.house.handle(SYSTEM, id, { type: 'expire' }).refusal, null)
  const reason = givenDigest('it burned')
  const statement = statementOf({ decision: 'review_justified', reason, ...about })
  const assertion = story.passkey.sign('decision', statement)
  const proof = keep(story, workspace, { v: 1, purpose: 'decision', statement, assertion })
  const signed = { key: story.key, proof }
  const fields = givenReview(BOB, { assurance: 'passkey', reason, signed })
  const command = { type: 'review_glass', ...fields } as const
  assert.equal(story.house.handle(asPerson(BOB), id, command).refusal, null)
}

function verified(story: Story, pins: PinnedPeople | null = null) {
  const about = { evidence: story.evidence, texts: [] }
  const answer = verify(bytesOf(givenBundle(story.house.entries, about)), undefined, pins)
  return answer.ok ? answer.report : answer.fault.problem
}

/** Bob's first key is replaced by one that really signs. */
function withKey(): Story & { readonly passkey: SigningPasskey; readonly key: KeyId } {
  const story = held()
  const first = [...story.house.access.keys.values()].find((each) => each.person === BOB)
  assert.ok(first !== undefined)
  story.house.changeAccess(asPerson(BOB), { type: 'key_revoked', person: BOB, key: first.id })
  const passkey = givenSigningPasskey()
  return { ...story, passkey, key: enrol(story, passkey) }
}

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
  const story = held()
  for (const person of [BOB, FRANK]) {
    const old = [...story.house.access.keys.values()].find((each) => each.person === person)
    assert.ok(old !== undefined)
    story.house.changeAccess(asPerson(person), { type: 'key_revoked', person, key: old.id })
  }
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

test('broken glass and its review verify as decisions do, and are counted', () => {
  const broken = withKey()
  breakGlass(broken)
  const one = verified(broken)
  assert.ok(typeof one !== 'string', JSON.stringify(one))
  assert.deepEqual([one.decisionsByPasskey, one.decisionsByServersWord], [1, 0])
  assert.deepEqual([one.glassBroken, one.glassReviewed, one.glassOverdue], [1, 0, 0])

  const reviewed = withKey()
  review(reviewed)
  const two = verified(reviewed)
  assert.ok(typeof two !== 'string', JSON.stringify(two))
  assert.deepEqual([two.decisionsByPasskey, two.decisionsByServersWord], [1, 1])
  assert.deepEqual([two.glassBroken, two.glassReviewed, two.glassOverdue], [1, 1, 0])
})

test('glass whose review is overdue at the last entry is counted', () => {
  const story = withKey()
  breakGlass(story)
  story.house.now += 72 * HOUR
  story.house.handle(SYSTEM, id, { type: 'expire' })

  const report = verified(story)
  assert.ok(typeof report !== 'string')
  assert.equal(report.glassOverdue, 1)
})

test('a signature for something else is no broken glass and no review', () => {
  const others: readonly [Partial<DecisionStatement>, string][] = [
    [{ decision: 'approve' }, 'the decision'],
    [{ fingerprint: givenDigest('another plan') }, 'the fingerprint'],
    [{ reason: null }, 'the reason'],
    [{ shown: { count: 1, of: 1 } }, 'what was shown'],
  ]
  for (const [statement, what] of others) {
    const broken = withKey()
    breakGlass(broken, statement)
    assert.equal(verified(broken), `its signature is for something else: ${what}`)
    const reviewed = withKey()
    review(reviewed, statement)
    assert.equal(verified(reviewed), `its signature is for something else: ${what}`)
  }
  const otherwise = withKey()
  review(otherwise, { decision: 'review_not_justified' })
  assert.equal(verified(otherwise), 'its signature is for something else: the decision')
})
