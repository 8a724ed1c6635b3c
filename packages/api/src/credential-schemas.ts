/** What is sent and answered about credentials. The only replies that hold a secret are `Credential`. */
import { z } from 'zod'
import {
  ActorView,
  ChangeIdText,
  ConnectionIdText,
  ConnectionKind,
  Description,
  InstantNumber,
  list,
  Status,
  TypedText,
  textMap,
} from './schemas.ts'

/** `ask` counts up from 1 for one execution: what was overheard cannot be sent again. */
export const IssueCredentials = z.strictObject({
  connection: ConnectionIdText,
  purpose: z.enum(['apply', 'state']),
  ask: z.number().int().positive(),
})
export const PlanCredentials = z.strictObject({ connection: ConnectionIdText })
export const RevokeGrant = z.strictObject({ reason: TypedText.nullable() })
/** `drop`: the keys before it count no more; for one that was stolen. */
export const RotateIssuer = z.strictObject({ drop: z.boolean() })
export const ConnectionParams = z.strictObject({ connection: ConnectionIdText })

/** What a runner has to know of a connection to hand its credentials to the tool. */
export const ConnectionView = z.strictObject({
  id: ConnectionIdText,
  kind: ConnectionKind,
  account: z.string(),
  apply: z.string(),
  plan: z.string().nullable(),
  audience: z.string(),
  settings: textMap,
})

/** Session keys, where the server asked the cloud; else a token that the cloud is to be shown. */
export const Credential = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('aws_session'),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    expiresAt: InstantNumber,
  }),
  z.strictObject({ form: z.literal('token'), token: z.string(), expiresAt: InstantNumber }),
])

/** The newest credential of a connection: for what, until when, and the how manieth it is. */
export const IssuedCredentialView = z.strictObject({
  connection: ConnectionIdText,
  /** `null`: the connection is gone. */
  kind: ConnectionKind.nullable(),
  account: z.string().nullable(),
  purpose: z.enum(['apply', 'state']),
  credential: z.string(),
  at: InstantNumber,
  /** Until then the cloud takes it, whatever is revoked here. */
  until: InstantNumber,
  count: z.number().int(),
})

const Revoked = {
  /** Since when nothing is issued or renewed but what saves the state. */
  revokedAt: InstantNumber.nullable(),
  revokedBy: ActorView.nullable(),
  /** `null`: no reason was given, or it was erased. */
  revokedBecause: z.string().nullable(),
}

export const ExecutionView = z.strictObject({
  startedAt: InstantNumber,
  until: InstantNumber,
  verifiedBy: z.enum(['self_reported', 'attested', 'managed', 'pipeline']),
  ...Revoked,
  endedAt: InstantNumber.nullable(),
  credentials: list(IssuedCredentialView),
})

export const GrantView = z.strictObject({
  grant: z.string(),
  change: ChangeIdText,
  workspace: z.string(),
  /** `null`: you may stop it, and may not look into it. */
  headline: z.string().nullable(),
  requester: ActorView,
  /** `gate`: a pipeline applies by itself, and nobody can tell it to stop. */
  door: z.enum(['apply', 'gate']),
  startedAt: InstantNumber,
  until: InstantNumber,
  ...Revoked,
  endedAt: InstantNumber.nullable(),
  /** Credentials are issued and renewed for it now. */
  live: z.boolean(),
  credentials: list(IssuedCredentialView),
  /** What you may do; `null` means yes. */
  you: z.strictObject({ revoke: Description.nullable() }),
})
/** Grants that are live, and ended ones whose credentials a cloud may still take. */
export const GrantList = z.strictObject({ grants: list(GrantView) })

export const ConnectionList = z.strictObject({
  /** What clouds are told to trust. */
  issuer: z.string(),
  connections: list(
    ConnectionView.extend({
      workspace: z.strictObject({ id: z.string(), name: z.string() }),
      /** The `sub` of its tokens, to be demanded by equality. */
      subjects: z.strictObject({ plan: z.string().nullable(), apply: z.string() }),
    }),
  ),
})

/** What was tried against the cloud, and what it said. */
export const ProofList = z.strictObject({
  proofs: list(
    z.strictObject({
      phase: z.enum(['plan', 'apply']),
      tried: z.string(),
      expected: z.enum(['accepted', 'refused']),
      /** `not_tried`: this server cannot, and the sentence says why. */
      found: z.enum(['accepted', 'refused', 'not_tried']),
      says: z.string(),
    }),
  ),
  /** Whether the identity that plans may write, as far as that can be asked; `null`: none plans. */
  writing: z
    .strictObject({ found: z.enum(['none', 'some', 'not_known']), says: z.string() })
    .nullable(),
})

export const IssuerRotated = z.strictObject({ key: z.string(), dropped: list(z.string()) })

/** Of the newest change that was opened for an artifact, or the one that is executing it. */
export const ExecutionNow = z.strictObject({
  change: ChangeIdText,
  /** A grant was consumed for it, and has not ended. */
  started: z.boolean(),
  status: Status,
  /** Where to look and ask. */
  url: z.string(),
})
