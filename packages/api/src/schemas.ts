/** The small schemas the wire is made of. Branded where core brands, so a parsed id is an id. */
import {
  ACTIONS,
  AGENT_NAME_MAX,
  ASSURANCES,
  CONNECTION_KINDS,
  isAgentName,
  parseChangeId,
  parseConnectionId,
  parseDigest,
  parseKeyId,
  parsePersonId,
  parseTokenId,
  parseWorkspaceId,
  ROLES,
  STATUSES,
  VERBS,
} from '@holdpoint/core'
import { z } from 'zod'

type Shape = { readonly prefix: string; readonly pattern: RegExp }

/** A string that core's own parser accepts, and that is branded by it. */
function parsed<T extends string>(parse: (text: string) => T | null, shape: Shape) {
  return z
    .string()
    .regex(shape.pattern, `must be ${shape.prefix}`)
    .transform((text, context): T => {
      const value = parse(text)
      if (value !== null) return value
      context.addIssue({ code: 'custom', message: `must be ${shape.prefix}` })
      return z.NEVER
    })
}

const idShape = (prefix: string): Shape => ({
  prefix: `an id like ${prefix}_0123456789abcdef`,
  pattern: new RegExp(`^${prefix}_[0-9a-z]{16}$`),
})

export const ChangeIdText = parsed(parseChangeId, idShape('chg'))
export const WorkspaceIdText = parsed(parseWorkspaceId, idShape('wsp'))
export const PersonIdText = parsed(parsePersonId, idShape('per'))
export const TokenIdText = parsed(parseTokenId, idShape('tok'))
export const KeyIdText = parsed(parseKeyId, idShape('key'))
export const ConnectionIdText = parsed(parseConnectionId, idShape('con'))
export const DigestText = parsed(parseDigest, {
  prefix: '64 lower-case hex digits',
  pattern: /^[0-9a-f]{64}$/,
})

export const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/,
    'must be at most 200 letters, digits and . _ / -, beginning with a letter or a digit',
  )
/** What a person typed: kept in an erasable blob, never in an entry. */
export const TypedText = z.string().max(4000)
/** What an agent calls itself: its own word, shown in brackets beside who stands behind it. */
export const AgentName = z
  .string()
  .max(AGENT_NAME_MAX)
  .refine(isAgentName, 'must be letters, digits and . _ - @ / + with single spaces between')
export const PublicKey = z.base64().length(44)
export const Signature = z.base64().length(88)
/** Milliseconds since 1970-01-01T00:00:00Z. */
export const InstantNumber = z.number().int().nonnegative()

export const ConnectionKind = z.enum(CONNECTION_KINDS)
export const Verb = z.enum(VERBS)
export const Role = z.enum(ROLES)
export const Status = z.enum(STATUSES)
export const Action = z.enum(ACTIONS)
export const Assurance = z.enum(ASSURANCES)
export const Tool = z.enum(['terraform', 'opentofu', 'cloudformation', 'pulumi'])
export const Verdict = z.enum(['allow', 'hold', 'deny'])

export const list = <T extends z.ZodType>(item: T) => z.array(item).readonly()
export const textMap = z.record(z.string(), z.string()).readonly()

export const Slot = z.strictObject({
  from: list(z.string()),
  count: z.number().int().min(1),
  /** Who may fill it too, so long after the opening. */
  escalate: z
    .strictObject({ afterSeconds: z.number().int().min(1), to: list(z.string()) })
    .optional(),
  /** So long after the opening who is still needed is told again. */
  remindSeconds: list(z.number().int().min(1)).optional(),
})
export const Requirement = z.strictObject({
  slots: list(Slot),
  assurance: Assurance,
  expiresSeconds: z.number().int(),
})
export const Finding = z.strictObject({
  rule: z.string(),
  outcome: Verdict,
  message: z.string(),
  resources: list(z.string()),
  error: z.string().nullable(),
  /** Of a hidden rule; without the right to read it, `rule` is `(hidden)` and names nothing. */
  hidden: z.literal(true).exactOptional(),
})

export const Target = z.strictObject({
  backend: z.strictObject({ type: z.string(), settings: textMap }),
  toolWorkspace: z.string(),
  lineage: z.string().nullable(),
  providers: list(
    z.strictObject({
      key: z.string(),
      type: z.string(),
      alias: z.string().nullable(),
      region: z.string().nullable(),
      endpoints: textMap,
    }),
  ),
  principals: list(z.strictObject({ provider: z.string(), account: z.string() })),
})

export const PinnedTarget = z.strictObject({
  backend: z.strictObject({ type: z.string(), settings: textMap }),
  toolWorkspace: z.string(),
  accounts: list(z.string()),
  regions: list(z.string()),
})

export const Binding = z.strictObject({
  fingerprint: DigestText,
  artifact: DigestText,
  plan: DigestText,
  source: DigestText,
  inputs: DigestText,
})

export const Outcome = z.strictObject({
  result: z.enum(['applied', 'failed']),
  exitCode: z.number().int(),
  appliedCount: z.number().int().nonnegative(),
  totalCount: z.number().int().nonnegative(),
  sourceChanged: z.boolean(),
  lineage: z.string().max(200).nullable(),
  credentialsNotOurs: z.boolean().exactOptional(),
})

export const Difference = z.strictObject({
  part: z.string(),
  name: z.string().nullable(),
  approved: z.string(),
  now: z.string(),
})

/** What is said to people: of a refusal, or of why not. */
export const Description = z.strictObject({
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
})

export const ActorView = z.strictObject({
  kind: z.enum(['person', 'token', 'admin_token', 'system']),
  id: z.string().nullable(),
  /** The person's name or the token's; `null` when erased or the system. */
  name: z.string().nullable(),
})
