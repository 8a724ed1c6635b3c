/**
 * The shape of every event that may be in the log, for whoever reads it from a database or a bundle.
 * The compiler holds it to the types: an event that change.ts gains and this file lacks does not
 * compile. From it come the published JSON Schemas.
 */
import { ROLES } from './access.ts'
import { VERBS } from './actor.ts'
import { CONNECTION_KINDS } from './connection.ts'
import type { AnyEvent, Entry } from './entry.ts'
import {
  changeId,
  connectionId,
  digest,
  grantId,
  keyId,
  personId,
  tokenId,
  workspaceId,
} from './id-shapes.ts'
import { INSTANT_MAX } from './instant.ts'
import { PASSKEY_ALGORITHMS } from './passkey.ts'
import {
  byType,
  either,
  fields,
  flag,
  list,
  nothing,
  nullable,
  oneOf,
  optional,
  type Shape,
  text,
  textMap,
  whole,
} from './shape.ts'
import { shownRows } from './signed-shapes.ts'
import { ASSURANCES } from './verdict.ts'

const instant = whole(0, INSTANT_MAX)
const name = text(200)
const setting = text(4000)

const backend = fields({ type: name, settings: textMap })
const target = fields({
  backend,
  toolWorkspace: setting,
  lineage: nullable(name),
  providers: list(
    fields({
      key: setting,
      type: setting,
      alias: nullable(setting),
      region: nullable(setting),
      endpoints: textMap,
    }),
  ),
  principals: list(fields({ provider: setting, account: setting })),
})
const pin = fields({
  backend,
  toolWorkspace: setting,
  accounts: list(setting),
  regions: list(setting),
})

const binding = fields({
  fingerprint: digest,
  artifact: digest,
  plan: digest,
  source: digest,
  inputs: digest,
})
const trust = ['self_reported', 'attested', 'managed'] as const
const tools = ['terraform', 'opentofu', 'cloudformation', 'pulumi'] as const
const verdict = oneOf(['allow', 'hold', 'deny'])
const assurance = oneOf(ASSURANCES)

const requirement = fields({
  slots: list(
    fields({
      from: list(name),
      count: whole(1),
      escalate: optional(fields({ afterSeconds: whole(1), to: list(name) })),
      remindSeconds: optional(list(whole(1))),
    }),
  ),
  assurance,
  expiresSeconds: whole(1),
})

const outcome = {
  result: oneOf(['applied', 'failed']),
  exitCode: whole(Number.MIN_SAFE_INTEGER),
  appliedCount: whole(),
  totalCount: whole(),
  sourceChanged: flag,
  lineage: nullable(name),
  credentialsNotOurs: optional(flag),
}

const signedBy = fields({ key: keyId, proof: digest })
const vouch = nullable(signedBy)

const decision = {
  person: personId,
  fingerprint: digest,
  assurance,
  reason: nullable(digest),
  signed: vouch,
  shown: nullable(shownRows),
  onCall: list(name),
}

const changeEvents = {
  change_opened: {
    changeId,
    workspace: workspaceId,
    tool: oneOf(tools),
    door: oneOf(['apply', 'gate']),
    requester: fields({
      kind: oneOf(['person', 'service', 'agent']),
      id: either(personId, tokenId),
      humanVerified: flag,
      excluded: list(personId),
    }),
    runner: fields({ publicKey: name, trust: oneOf(trust) }),
    binding,
    planDocument: digest,
    target,
    flags: list(setting),
    bindsTarget: flag,
    pipeline: nullable(setting),
    words: nullable(digest),
    agentName: optional(digest),
    expiresAt: instant,
  },
  evaluated: {
    verdict,
    allowedBy: nullable(name),
    rules: list(name),
    requirement: nullable(requirement),
    findings: digest,
    counts: fields({ allow: whole(), hold: whole(), deny: whole() }),
    policyRevision: whole(),
    evaluatedAt: instant,
    allowForSeconds: whole(),
    releaseForSeconds: whole(),
    scope: optional(digest),
  },
  approved: decision,
  rejected: decision,
  approval_taken_back: { person: personId },
  glass_broken: {
    person: personId,
    fingerprint: digest,
    assurance,
    reason: digest,
    signed: signedBy,
  },
  glass_reviewed: {
    person: personId,
    assurance,
    finding: oneOf(['justified', 'not_justified']),
    reason: digest,
    signed: vouch,
  },
  replanned: { publicKey: name, artifact: digest },
  released: { until: instant, by: oneOf(['allow', 'approvals', 'break_glass']) },
  returned_to_hold: {
    because: oneOf(['approval_taken_back', 'approver_left', 'policy_stricter']),
  },
  execution_started: {
    grant: grantId,
    until: instant,
    verifiedBy: oneOf(['self_reported', 'attested', 'managed', 'pipeline']),
    runnerKey: name,
    binding,
    policyRevision: whole(),
    verdict,
    scope: optional(digest),
  },
  credentials_issued: {
    connection: connectionId,
    purpose: oneOf(['apply', 'state']),
    ask: whole(1),
    credential: name,
    until: instant,
  },
  grant_revoked: { reason: nullable(digest) },
  execution_refused: {
    differences: list(fields({ part: name, approved: digest, now: digest })),
    names: nullable(digest),
  },
  execution_finished: outcome,
  outcome_unknown: { because: oneOf(['heartbeat_lost', 'grant_ended', 'recovered']) },
  outcome_reported_late: outcome,
  outcome_resolved: {
    person: personId,
    resolution: oneOf(['applied', 'not_applied', 'in_part']),
    reason: digest,
  },
  superseded: { by: changeId },
  withdrawn: {},
  expired: {},
} as const

const roleBinding = {
  person: personId,
  role: oneOf(ROLES),
  workspace: either(workspaceId, oneOf(['all'])),
}

const accessEvents = {
  person_added: { person: personId, profile: digest },
  person_removed: { person: personId },
  member_added: { team: name, person: personId },
  member_removed: { team: name, person: personId },
  role_granted: roleBinding,
  role_revoked: roleBinding,
  workspace_created: { workspace: workspaceId, name },
  labels_set: { workspace: workspaceId, labels: textMap },
  owners_set: { workspace: workspaceId, owners: list(personId) },
  target_pinned: { workspace: workspaceId, pin },
  lineage_pinned: { workspace: workspaceId, lineage: nullable(name) },
  token_issued: {
    token: tokenId,
    name,
    purpose: oneOf(['service', 'admin', 'person']),
    person: nullable(personId),
    verbs: list(oneOf(VERBS)),
    workspaces: either(list(workspaceId), oneOf(['all'])),
    expiresAt: instant,
    secretSha256: digest,
    behind: optional(list(personId)),
  },
  token_revoked: { token: tokenId },
  key_enrolled: {
    key: keyId,
    person: personId,
    publicKey: text(1000),
    algorithm: oneOf(PASSKEY_ALGORITHMS),
    rpId: name,
    credential: digest,
    vouched: vouch,
  },
  key_revoked: { person: personId, key: keyId },
  identity_linked: { person: personId, identity: digest },
  account_linked: { person: personId, account: digest },
  account_unlinked: { person: personId, account: digest },
  team_linked: { team: name, group: nullable(digest) },
  approvals_delegated: { from: personId, to: personId, team: nullable(name), until: instant },
  delegation_ended: { from: personId, to: personId, team: nullable(name) },
  on_call_set: { schedule: name, tiers: list(list(personId)), until: instant },
  break_glass_granted: { person: personId },
  break_glass_revoked: { person: personId },
  connection_set: {
    connection: connectionId,
    workspace: workspaceId,
    kind: oneOf(CONNECTION_KINDS),
    account: setting,
    apply: setting,
    plan: nullable(setting),
    audience: setting,
    settings: textMap,
  },
  connection_removed: { connection: connectionId },
  plan_credentials_issued: {
    connection: connectionId,
    change: changeId,
    requester: either(personId, tokenId),
    credential: name,
    until: instant,
  },
  connection_tried: { connection: connectionId, until: instant },
  issuer_rotated: { key: name, dropped: list(name) },
} as const

/** By the shapes, which the compiler keeps whole: a list of its own could lack one. */
export function isAccessType(type: string): boolean {
  return Object.hasOwn(accessEvents, type)
}

export const eventShape: Shape<AnyEvent> = byType({
  ...changeEvents,
  ...accessEvents,
  policy_pushed: { revision: whole(1), document: digest, basedOn: whole() },
  log_started: {
    origin: name,
    mode: oneOf(['development', 'production']),
    previous: nullable(fields({ origin: name, size: whole(), root: text(64) })),
  },
})

const stream = either(changeId, oneOf(['policy', 'access', 'log']))

export const entryShape: Shape<Entry> = fields({
  v: oneOf([1]),
  seq: whole(),
  at: instant,
  stream,
  actor: fields({
    kind: oneOf(['person', 'token', 'admin_token', 'system']),
    id: either(either(personId, tokenId), nothing),
  }),
  event: eventShape,
})
