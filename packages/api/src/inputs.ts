/** What may be sent. Strict: an unknown field is refused, because it was meant to do something. */
import { SIGNED_DECISIONS } from '@holdpoint/core'
import { z } from 'zod'
import {
  AgentName,
  Binding,
  ChangeIdText,
  ConnectionIdText,
  ConnectionKind,
  Difference,
  DigestText,
  KeyIdText,
  list,
  Name,
  Outcome,
  PersonIdText,
  PinnedTarget,
  PublicKey,
  Role,
  Signature,
  Target,
  TokenIdText,
  Tool,
  TypedText,
  textMap,
  Verb,
  WorkspaceIdText,
} from './schemas.ts'

/** First call of a run: reserves an id and hands out the key for hidden values. Nothing is logged. */
export const Reserve = z.strictObject({
  workspace: Name,
  /** Re-planning for the same requester: use the key of this change. */
  sameAs: ChangeIdText.nullable(),
})

export const Open = z.strictObject({
  tool: Tool,
  door: z.enum(['apply', 'gate']),
  binding: Binding,
  target: Target,
  flags: list(z.string().max(500)),
  /** Content hashes of evidence uploaded before: the plan document and the two manifests. */
  planEvidence: DigestText,
  sourceEvidence: DigestText,
  inputsEvidence: DigestText,
  runnerKey: PublicKey,
  pipeline: z.string().max(500).nullable(),
  /** The author's own words, quoted below the headline. */
  words: TypedText.nullable(),
  /** Addresses of commit authors and co-authors: claims, they only add exclusions. */
  authors: list(z.string().max(320)),
  agent: z.boolean(),
  /** Only with `agent`; absent where it gave no name. */
  agentName: AgentName.exactOptional(),
})

/** A runner's request with the signature over its canonical statement (core: runnerStatement). */
export const signed = <T extends z.ZodType>(body: T) =>
  z.strictObject({ body, signature: Signature })

/** After planning again: the plan is the same, so the change and its approvals go on. */
export const Adopt = z.strictObject({
  fingerprint: DigestText,
  artifact: DigestText,
  runnerKey: PublicKey,
})

export const Start = z.strictObject({
  binding: Binding,
  /** Names of what differs, when it does: kept as evidence. */
  differences: list(Difference),
  grantSeconds: z.number().int().min(60).max(3600),
})

export const RefuseStart = z.strictObject({ differences: z.array(Difference).min(1).readonly() })
/** `beat` counts up from 1, so that an old heartbeat cannot be sent again. */
export const Heartbeat = z.strictObject({ beat: z.number().int().positive() })
export const Finish = z.strictObject({ outcome: Outcome })

const Bytes = (max: number) => z.base64url().min(1).max(max)

/** What an authenticator gave for a statement; bytes in base64url without padding. */
export const Assertion = z.strictObject({
  clientDataJSON: Bytes(8000),
  authenticatorData: Bytes(4000),
  signature: Bytes(4000),
})

/** A passkey's signature over the statement that was begun under this nonce. */
export const SignedWith = z.strictObject({
  nonce: DigestText,
  key: KeyIdText,
  assertion: Assertion,
})

export const ShownRows = z.strictObject({
  count: z.number().int().nonnegative().max(100_000),
  of: z.number().int().nonnegative().max(100_000),
  opened: z.boolean().exactOptional(),
  seconds: z.number().int().nonnegative().max(1_000_000).exactOptional(),
})

/** Asks for the statement that the person's passkey is to sign. */
export const BeginDecision = z.strictObject({
  decision: z.enum(SIGNED_DECISIONS),
  fingerprint: DigestText,
  reason: TypedText.nullable(),
  shown: ShownRows.nullable(),
  client: z.enum(['page', 'cli']),
})

/** The page signs for the terminal that began it. */
export const Sign = SignedWith.omit({ nonce: true })
export const NonceParams = z.strictObject({ nonce: DigestText })

/** With a signature, the reason and what was shown are those of its statement. */
export const Decide = z.strictObject({
  fingerprint: DigestText,
  reason: TypedText.nullable(),
  shown: ShownRows.nullable().default(null),
  signed: SignedWith.nullable().default(null),
})
/** The reason is that of the signed statement. */
export const BreakGlass = z.strictObject({ fingerprint: DigestText, signed: SignedWith })
/** With a signature, the reason is that of its statement. */
export const ReviewGlass = z.strictObject({
  finding: z.enum(['justified', 'not_justified']),
  reason: TypedText.min(3).nullable(),
  signed: SignedWith.nullable().default(null),
})

export const Resolve = z.strictObject({
  resolution: z.enum(['applied', 'not_applied', 'in_part']),
  reason: TypedText.min(3),
})
export const Empty = z.strictObject({})

export const PushPolicy = z.strictObject({
  text: z.string().max(1_048_576),
  basedOn: z.number().int().nonnegative(),
})

/** Access commands by name, as people type them; the server resolves names to ids. */
export const ChangeAccess = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('add_person'),
    handle: Name,
    name: z.string().min(1).max(200),
    addresses: list(z.string().max(320)),
  }),
  z.strictObject({ type: z.literal('remove_person'), person: Name }),
  z.strictObject({ type: z.enum(['grant_break_glass', 'revoke_break_glass']), person: Name }),
  z.strictObject({ type: z.literal('add_member'), team: Name, person: Name }),
  z.strictObject({ type: z.literal('remove_member'), team: Name, person: Name }),
  /** From then on the directory names its members, by the group's immutable id. */
  z.strictObject({
    type: z.literal('link_team'),
    team: Name,
    issuer: z.string().min(1).max(500),
    group: z.string().min(1).max(500),
  }),
  z.strictObject({ type: z.literal('unlink_team'), team: Name }),
  /** The sign-in of somebody who is here already; else they would be two people. */
  z.strictObject({
    type: z.literal('link_identity'),
    person: Name,
    issuer: z.string().min(1).max(500),
    subject: z.string().min(1).max(500),
  }),
  /** Whose account on a pipeline's platform it is: what it sets off, they never decide. */
  z.strictObject({
    type: z.enum(['link_account', 'unlink_account']),
    person: Name,
    issuer: z.string().min(1).max(500),
    id: z.string().min(1).max(200),
  }),
  z.strictObject({
    type: z.enum(['grant_role', 'revoke_role']),
    person: Name,
    role: Role,
    workspace: Name.nullable(),
  }),
  z.strictObject({ type: z.literal('create_workspace'), name: Name }),
  z.strictObject({ type: z.literal('set_labels'), workspace: Name, labels: textMap }),
  z.strictObject({ type: z.literal('set_owners'), workspace: Name, owners: list(Name) }),
  z.strictObject({ type: z.literal('pin_target'), workspace: Name, pin: PinnedTarget }),
  z.strictObject({
    type: z.literal('pin_lineage'),
    workspace: Name,
    lineage: z.string().max(200).nullable(),
  }),
  z.strictObject({
    type: z.literal('issue_token'),
    name: Name,
    verbs: list(Verb),
    workspaces: list(Name).nullable(),
    expiresInDays: z.number().int().min(1).max(366),
  }),
  z.strictObject({ type: z.literal('revoke_token'), token: TokenIdText }),
  /** Makes the workspace's connection of this kind, or sets it anew. */
  z.strictObject({
    type: z.literal('set_connection'),
    workspace: Name,
    kind: ConnectionKind,
    account: z.string().min(1).max(500),
    apply: z.string().min(1).max(500),
    plan: z.string().min(1).max(500).nullable(),
    audience: z.string().min(1).max(500).nullable(),
    settings: textMap,
  }),
  z.strictObject({ type: z.literal('remove_connection'), connection: ConnectionIdText }),
])

export const SignInDevelopment = z.strictObject({ person: Name })
/** Erases a typed text; the entry keeps its salted digest, which then says nothing. */
export const Erase = z.strictObject({ text: DigestText })

const Moment = z.coerce.number().int().nonnegative()
const Typed = z.string().trim().min(1).max(200)

/** Every part narrows; only changes that one may see are looked at, and none is counted. */
export const ChangeQuery = z.strictObject({
  /** Statuses, separated by commas. */
  status: z.string().optional(),
  /** Where the glass was broken; `owed`: and nobody has reviewed it. */
  glass: z.enum(['broken', 'owed']).optional(),
  workspace: Name.optional(),
  /** The name of a rule that gave the verdict. */
  rule: Typed.optional(),
  /** Who asked: a handle or an id, or a part of the name. */
  requester: Typed.optional(),
  /** Part of the headline, of a name or of the id. */
  text: Typed.optional(),
  /** Only what an agent opened. */
  agent: z.literal('1').optional(),
  /** Opened at this time or later, and before that one; milliseconds. */
  from: Moment.optional(),
  until: Moment.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the answer before. */
  before: ChangeIdText.optional(),
})
export const InsightsQuery = z.strictObject({
  weeks: z.coerce.number().int().min(1).max(104).default(12),
  workspace: Name.optional(),
  /** Minutes that the reader’s clock is ahead of UTC: what is a day, and what is night. */
  offset: z.coerce.number().int().min(-840).max(840).default(0),
})
export const LogQuery = z.strictObject({
  from: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export const ExportQuery = z.strictObject({ change: ChangeIdText.optional() })

export const ChangeParams = z.strictObject({ change: ChangeIdText })
/** SHA-256 of what is executed: of a plan file its bytes, of a change set its ARN. */
export const ArtifactParams = z.strictObject({ artifact: DigestText })
export const EvidenceParams = z.strictObject({ workspace: WorkspaceIdText, digest: DigestText })
export const WorkspaceParams = z.strictObject({ workspace: WorkspaceIdText })
export const PersonParams = z.strictObject({ person: PersonIdText })
export const SeqParams = z.strictObject({ seq: z.coerce.number().int().nonnegative() })
