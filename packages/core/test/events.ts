/** One valid event of every type that the log knows; the compiler asks for the next. */
import type { AnyEvent } from '../src/entry.ts'
import { pinnedFrom } from '../src/target.ts'
import {
  ALICE,
  BOB,
  CAROL,
  ERIN,
  givenChangeId,
  givenDecided,
  givenDigest,
  givenEvaluated,
  givenKey,
  givenKeyId,
  givenOpened,
  givenOutcome,
  givenStarted,
  givenTarget,
  givenToken,
  givenTokenId,
  givenWorkspaceId,
} from './given.ts'
import { givenConnection, givenConnectionSet } from './given-connection.ts'
import { givenBreak, givenReview } from './given-glass.ts'

const workspace = givenWorkspaceId()
const { id: _, revoked: __, ...issued } = givenToken()
const reason = givenDigest('reason')

export const EVENTS: { readonly [T in AnyEvent['type']]: AnyEvent & { readonly type: T } } = {
  change_opened: { type: 'change_opened', ...givenOpened({ pipeline: 'main', words: reason }) },
  evaluated: { type: 'evaluated', ...givenEvaluated() },
  approved: { ...givenDecided(BOB, { assurance: 'passkey' }), type: 'approved' },
  rejected: { ...givenDecided(BOB, { reason }), type: 'rejected' },
  approval_taken_back: { type: 'approval_taken_back', person: BOB },
  glass_broken: { ...givenBreak(BOB), type: 'glass_broken' },
  glass_reviewed: {
    type: 'glass_reviewed',
    ...givenReview(ERIN),
  },
  replanned: { type: 'replanned', publicKey: 'key of a new run', artifact: givenDigest('again') },
  released: { type: 'released', until: 1, by: 'allow' },
  returned_to_hold: { type: 'returned_to_hold', because: 'approver_left' },
  execution_started: { ...asStarted(), type: 'execution_started' },
  execution_refused: {
    type: 'execution_refused',
    differences: [{ part: 'source', approved: reason, now: givenDigest('edited') }],
    names: givenDigest('names'),
  },
  credentials_issued: {
    type: 'credentials_issued',
    connection: givenConnection().id,
    purpose: 'apply',
    ask: 1,
    credential: 'credential-1',
    until: 9,
  },
  grant_revoked: { type: 'grant_revoked', reason: null },
  execution_finished: { type: 'execution_finished', ...givenOutcome() },
  outcome_unknown: { type: 'outcome_unknown', because: 'recovered' },
  outcome_reported_late: { type: 'outcome_reported_late', ...givenOutcome({ lineage: null }) },
  outcome_resolved: { type: 'outcome_resolved', person: ERIN, resolution: 'in_part', reason },
  superseded: { type: 'superseded', by: givenChangeId('two') },
  withdrawn: { type: 'withdrawn' },
  expired: { type: 'expired' },
  person_added: { type: 'person_added', person: ALICE, profile: givenDigest('profile') },
  person_removed: { type: 'person_removed', person: ALICE },
  member_added: { type: 'member_added', team: 'dba', person: BOB },
  member_removed: { type: 'member_removed', team: 'dba', person: BOB },
  role_granted: { type: 'role_granted', person: BOB, role: 'approver', workspace },
  role_revoked: { type: 'role_revoked', person: BOB, role: 'approver', workspace: 'all' },
  workspace_created: { type: 'workspace_created', workspace, name: 'network' },
  labels_set: { type: 'labels_set', workspace, labels: { env: 'prod' } },
  owners_set: { type: 'owners_set', workspace, owners: [ERIN] },
  target_pinned: { type: 'target_pinned', workspace, pin: pinnedFrom(givenTarget()) },
  lineage_pinned: { type: 'lineage_pinned', workspace, lineage: 'c0ffee' },
  token_issued: { type: 'token_issued', token: givenTokenId(), ...issued },
  token_revoked: { type: 'token_revoked', token: givenTokenId() },
  key_enrolled: { type: 'key_enrolled', ...asEnrolled() },
  key_revoked: { type: 'key_revoked', person: BOB, key: givenKeyId() },
  identity_linked: { type: 'identity_linked', person: BOB, identity: givenDigest('sub') },
  account_linked: { type: 'account_linked', person: BOB, account: givenDigest('account') },
  account_unlinked: { type: 'account_unlinked', person: BOB, account: givenDigest('account') },
  team_linked: { type: 'team_linked', team: 'dba', group: givenDigest('group') },
  approvals_delegated: {
    type: 'approvals_delegated',
    from: BOB,
    to: CAROL,
    team: 'dba',
    until: 9,
  },
  delegation_ended: { type: 'delegation_ended', from: BOB, to: CAROL, team: null },
  on_call_set: { type: 'on_call_set', schedule: 'payments', tiers: [[BOB], []], until: 9 },
  break_glass_granted: { type: 'break_glass_granted', person: BOB },
  break_glass_revoked: { type: 'break_glass_revoked', person: BOB },
  connection_set: givenConnectionSet(),
  connection_removed: { type: 'connection_removed', connection: givenConnection().id },
  plan_credentials_issued: {
    type: 'plan_credentials_issued',
    connection: givenConnection().id,
    change: givenChangeId('two'),
    requester: BOB,
    credential: 'credential-1',
    until: 9,
  },
  connection_tried: { type: 'connection_tried', connection: givenConnection().id, until: 9 },
  issuer_rotated: { type: 'issuer_rotated', key: 'kid-2', dropped: ['kid-1'] },
  policy_pushed: { type: 'policy_pushed', revision: 2, basedOn: 1, document: givenDigest('p') },
  log_started: {
    type: 'log_started',
    origin: 'holdpoint.example/log',
    mode: 'development',
    previous: { origin: 'holdpoint.example/old', size: 9, root: 'cm9vdA==' },
  },
}

function asEnrolled() {
  const { id: key, since: _since, revoked: _revoked, ...rest } = givenKey(BOB)
  return { key, ...rest, vouched: { key: givenKeyId('other'), proof: givenDigest('proof') } }
}

function asStarted() {
  const event = givenStarted()
  if (event.type !== 'execution_started') throw new Error('givenStarted gives a start')
  return event
}
