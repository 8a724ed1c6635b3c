/** The shapes of signed statements, for whoever reads them from strangers. */
import { changeId, digest, keyId, personId } from './id-shapes.ts'
import { INSTANT_MAX } from './instant.ts'
import type { InviteProof } from './invite.ts'
import { SIGNED_DECISIONS, type SignedStatement } from './passkey.ts'
import { fields, flag, nullable, oneOf, optional, type Shape, text, whole } from './shape.ts'

const assertion = fields({
  clientDataJSON: text(8000),
  authenticatorData: text(4000),
  signature: text(4000),
})

/** What a page states that it showed; the last two are absent in earlier logs. */
export const shownRows = fields({
  count: whole(),
  of: whole(),
  opened: optional(flag),
  seconds: optional(whole()),
})

export const signedDecisionShape: Shape<SignedStatement<'decision'>> = fields({
  v: oneOf([1]),
  purpose: oneOf(['decision']),
  statement: fields({
    decision: oneOf(SIGNED_DECISIONS),
    change: changeId,
    person: personId,
    fingerprint: digest,
    artifact: digest,
    policyRevision: whole(),
    requirement: digest,
    sessionPolicy: nullable(digest),
    reason: nullable(digest),
    shown: nullable(shownRows),
    client: oneOf(['page', 'cli']),
    nonce: digest,
  }),
  assertion,
})

export const signedVouchShape: Shape<SignedStatement<'vouch'>> = fields({
  v: oneOf([1]),
  purpose: oneOf(['vouch']),
  statement: fields({ person: personId, key: keyId, publicKey: text(1000), nonce: digest }),
  assertion,
})

const signedInviteShape: Shape<SignedStatement<'invite'>> = fields({
  v: oneOf([1]),
  purpose: oneOf(['invite']),
  statement: fields({
    inviter: personId,
    person: personId,
    inviteKey: text(1000),
    until: whole(0, INSTANT_MAX),
    nonce: digest,
  }),
  assertion,
})

export const inviteProofShape: Shape<InviteProof> = fields({
  v: oneOf([1]),
  invite: signedInviteShape,
  publicKey: text(1000),
  signature: text(4000),
})
