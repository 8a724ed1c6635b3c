/** What is answered. Shapes follow core's; times are milliseconds, names are for people only. */
import { SIGNED_DECISIONS } from '@holdpoint/core'
import { z } from 'zod'
import { ConnectionView, ExecutionView } from './credential-schemas.ts'
import { ScheduleView } from './schedule-schema.ts'
import {
  Action,
  ActorView,
  Assurance,
  Binding,
  ChangeIdText,
  Description,
  DigestText,
  Finding,
  InstantNumber,
  KeyIdText,
  list,
  Outcome,
  PersonIdText,
  PinnedTarget,
  Requirement,
  Slot,
  Status,
  Target,
  TokenIdText,
  Tool,
  textMap,
  Verb,
  Verdict,
  WorkspaceIdText,
} from './schemas.ts'

export { ActorView, Description } from './schemas.ts'

/** Every refusal and fault has this body. `code` is core's refusal code, or `fault`. */
export const Problem = z.strictObject({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
  /** The refusal's own data, for programs. */
  refusal: z.unknown().optional(),
})

export const Reserved = z.strictObject({
  change: ChangeIdText,
  workspace: WorkspaceIdText,
  workspaceName: z.string(),
  /** Base64, 32 bytes: HKDF of the workspace secret and the change id. */
  hidingKey: z.string(),
  /**
   * A change of the same person that is held or released here and was not started: a plan that is
   * equal to it, hidden under its key, goes on with it. Never answered to a token.
   */
  previous: z
    .strictObject({ change: ChangeIdText, fingerprint: DigestText, hidingKey: z.string() })
    .nullable(),
  /** The only sources of credentials for this workspace; none: the runner uses what it finds. */
  connections: list(ConnectionView),
})

export const Summary = z.strictObject({
  ...Object.fromEntries(Action.options.map((action) => [action, z.number().int()])),
  deferred: z.number().int(),
  invoke: z.number().int(),
})

export const SlotView = z.strictObject({
  slot: Slot,
  filledBy: list(
    z.strictObject({
      person: PersonIdText,
      name: z.string(),
      at: InstantNumber,
      assurance: Assurance,
    }),
  ),
  candidates: list(
    z.strictObject({
      person: PersonIdText,
      name: z.string(),
      you: z.boolean(),
      /** On call for a schedule that the slot names, until then; `null`: not by a shift. */
      onCallUntil: InstantNumber.nullable(),
      /** Whom they stand in for in this slot; `null`: for nobody. */
      for: z.string().nullable(),
    }),
  ),
  /** When the next turn begins of a schedule that the slot names, where it is known. */
  nextTurnAt: InstantNumber.nullable(),
})

/** Broken glass on a row: who, when, and what became of its review. */
export const GlassRow = z.strictObject({
  by: ActorView,
  at: InstantNumber,
  review: z.enum(['owed', 'overdue', 'done']),
  reviewUntil: InstantNumber,
})

export const GlassView = GlassRow.extend({
  assurance: Assurance,
  reason: z.string().nullable(),
  /** What the rules asked for then. */
  skipped: list(Slot),
  /** Who may review it. */
  reviewers: list(z.strictObject({ person: PersonIdText, name: z.string(), you: z.boolean() })),
  reviewed: z
    .strictObject({
      by: ActorView,
      at: InstantNumber,
      finding: z.enum(['justified', 'not_justified']),
      reason: z.string().nullable(),
    })
    .nullable(),
})

/** One row of the inbox and of a list. */
export const ChangeRow = z.strictObject({
  id: ChangeIdText,
  workspace: z.strictObject({ id: WorkspaceIdText, name: z.string() }),
  tool: Tool,
  door: z.enum(['apply', 'gate']),
  status: Status,
  headline: z.string(),
  summary: z.record(z.string(), z.number().int()),
  requester: ActorView,
  agent: z.boolean(),
  /** What the agent calls itself, by its own word; `null` without one, or when it was erased. */
  agentName: z.string().nullable(),
  openedAt: InstantNumber,
  /** When it expires if nothing happens; `null` once closed. */
  dueAt: InstantNumber.nullable(),
  verdict: Verdict.nullable(),
  rules: list(z.string()),
  slotsFilled: z.number().int(),
  slotsTotal: z.number().int(),
  /** `null`: nobody broke the glass. */
  glass: GlassRow.nullable(),
  needsYou: z.boolean(),
  /** When you were last told again that it waits for you; `null`: never, or not for you. */
  remindedAt: InstantNumber.nullable(),
  yours: z.boolean(),
})

export const DecisionView = z.strictObject({
  person: ActorView,
  decision: z.enum(['approve', 'reject']),
  assurance: Assurance,
  at: InstantNumber,
  reason: z.string().nullable(),
})

export const TimelineEntry = z.strictObject({
  seq: z.number().int(),
  at: InstantNumber,
  actor: ActorView,
  type: z.string(),
  /** The event as it is in the log. */
  event: z.unknown(),
})

/** The whole change page but for the plan, which is fetched as evidence. */
export const ChangeView = ChangeRow.extend({
  glass: GlassView.nullable(),
  binding: Binding,
  flags: list(z.string()),
  target: Target,
  /** Its workspace is bound to no place yet, and its release binds it to this one. */
  bindsTarget: z.boolean(),
  /**
   * Where it binds the target: the other workspaces that are bound to the same state already, by
   * name; `null` for one that you may not see. Most often the name of this one is misspelt.
   */
  sameStateAs: list(z.string().nullable()),
  runner: z.strictObject({
    trust: z.enum(['self_reported', 'attested', 'managed']),
    /** Is a client waiting for this change right now? */
    waiting: z.boolean(),
  }),
  words: z.string().nullable(),
  pipeline: z.string().nullable(),
  evaluation: z
    .strictObject({
      verdict: Verdict,
      allowedBy: z.string().nullable(),
      requirement: Requirement.nullable(),
      policyRevision: z.number().int(),
      evaluatedAt: InstantNumber,
      /** What credentials would be granted: the canonical document that a decision commits to. */
      scope: z.string().nullable(),
    })
    .nullable(),
  findings: list(Finding),
  slots: list(SlotView),
  missing: list(Slot),
  decisions: list(DecisionView),
  releasedUntil: InstantNumber.nullable(),
  execution: ExecutionView.nullable(),
  outcome: Outcome.nullable(),
  resolution: z.enum(['applied', 'not_applied', 'in_part']).nullable(),
  supersededBy: ChangeIdText.nullable(),
  /** An earlier change of this workspace whose outcome nobody has resolved yet. */
  unresolvedBefore: ChangeIdText.nullable(),
  timeline: list(TimelineEntry),
  /** What you may do, by the same rules that decide; `null` means yes. */
  you: z.strictObject({
    approve: Description.nullable(),
    reject: Description.nullable(),
    breakGlass: Description.nullable(),
    reviewGlass: Description.nullable(),
    resolve: Description.nullable(),
    /** `null` while its grant is live and you may end it. */
    revoke: Description.nullable(),
  }),
  /** What your approval would cause: it is the last one missing. */
  lastForRelease: z.boolean(),
  /** Where a page for people is. */
  url: z.string(),
})

/** A row of the history: what became of it, and who decided. */
export const HistoryRow = ChangeRow.extend({
  decided: list(DecisionView.pick({ person: true, decision: true, at: true })),
  outcome: Outcome.nullable(),
  resolution: z.enum(['applied', 'not_applied', 'in_part']).nullable(),
})
export const ChangeList = z.strictObject({
  changes: list(HistoryRow),
  /** Ask for what is `before` it to go on; `null` where nothing older is left to look at. */
  next: ChangeIdText.nullable(),
})
export const Inbox = z.strictObject({
  needsYou: list(ChangeRow),
  waitingForOthers: list(ChangeRow),
  yours: list(ChangeRow),
})

/** A passkey that can sign, by the id that the authenticator knows it by. */
export const Credential = z.strictObject({
  key: KeyIdText,
  /** base64url without padding. */
  id: z.string(),
  transports: list(z.string()),
})

export const DecisionStatement = z.strictObject({
  decision: z.enum(SIGNED_DECISIONS),
  change: ChangeIdText,
  person: PersonIdText,
  fingerprint: DigestText,
  artifact: DigestText,
  policyRevision: z.number().int(),
  requirement: DigestText,
  sessionPolicy: DigestText.nullable(),
  reason: DigestText.nullable(),
  shown: z
    .strictObject({
      count: z.number().int(),
      of: z.number().int(),
      opened: z.boolean().exactOptional(),
      seconds: z.number().int().exactOptional(),
    })
    .nullable(),
  client: z.enum(['page', 'cli']),
  nonce: DigestText,
})

/** Whoever signs computes fingerprint and challenge from what is at hand, and compares. */
export const DecisionBegun = z.strictObject({
  statement: DecisionStatement,
  /** Base64; with the typed reason it gives the statement's digest. */
  reasonSalt: z.string().nullable(),
  rpId: z.string(),
  credentials: list(Credential),
  /** Where the page signs what a terminal began. */
  url: z.string(),
})

/** What a terminal began and the page is to sign; `signed` once it has. */
export const SignatureView = z.strictObject({
  statement: DecisionStatement,
  rpId: z.string(),
  credentials: list(Credential),
  signed: z
    .strictObject({
      key: KeyIdText,
      assertion: z.strictObject({
        clientDataJSON: z.string(),
        authenticatorData: z.string(),
        signature: z.string(),
      }),
    })
    .nullable(),
  /** Where the person signs. */
  url: z.string(),
})

export const Started = z.strictObject({ grant: z.string(), until: InstantNumber })
export const Done = z.strictObject({ status: Status })
export const Beaten = z.strictObject({ goOn: z.boolean(), until: InstantNumber })

export const PolicyView = z.strictObject({
  revision: z.number().int(),
  digest: DigestText,
  text: z.string(),
})

export const AccessView = z.strictObject({
  people: list(
    z.strictObject({
      id: PersonIdText,
      handle: z.string(),
      name: z.string(),
      active: z.boolean(),
      /** On the list of those who may. */
      breakGlass: z.boolean(),
      teams: list(z.string()),
      roles: list(z.strictObject({ role: z.string(), workspace: z.string() })),
    }),
  ),
  teams: list(z.strictObject({ name: z.string(), members: list(z.string()) })),
  workspaces: list(
    z.strictObject({
      id: WorkspaceIdText,
      name: z.string(),
      labels: textMap,
      owners: list(z.string()),
      pin: PinnedTarget.nullable(),
      lineage: z.string().nullable(),
    }),
  ),
  schedules: list(ScheduleView),
  tokens: list(
    z.strictObject({
      id: TokenIdText,
      name: z.string(),
      purpose: z.enum(['service', 'admin', 'person']),
      verbs: list(Verb),
      workspaces: list(z.string()).nullable(),
      expiresAt: InstantNumber,
      revoked: z.boolean(),
    }),
  ),
})
/** `secret` is there once, when a token is issued. */
export const AccessChanged = z.strictObject({
  id: z.string().nullable(),
  secret: z.string().nullable(),
})

export const Whoami = z.strictObject({
  actor: ActorView,
  assurance: z.union([Assurance, z.literal('token')]).nullable(),
  roles: list(z.string()),
  verbs: list(Verb),
  /** Passkeys of yours that count. */
  passkeys: z.number().int(),
  /** Nobody else can sign in and decide yet: said on every page. */
  alone: z.boolean(),
  mode: z.enum(['development', 'production']),
  readsOnly: z.string().nullable(),
  server: z.string(),
})

export const DevelopmentPeople = z.strictObject({
  people: list(z.strictObject({ handle: z.string(), name: z.string(), teams: list(z.string()) })),
})

export const LogEntryView = z.strictObject({
  seq: z.number().int(),
  leafHash: DigestText,
  /** The leaf's bytes, base64. */
  data: z.string(),
  actor: ActorView,
})
export const LogPage = z.strictObject({
  size: z.number().int(),
  /** The newest signed checkpoint as its note, `null` before the first. */
  checkpoint: z.string().nullable(),
  origin: z.string(),
  verifierKey: z.string(),
  entries: list(LogEntryView),
})
/** A C2SP tlog-proof of one entry. */
export const ProofView = z.strictObject({ proof: z.string() })
