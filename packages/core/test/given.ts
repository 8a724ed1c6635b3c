/**
 * Valid objects for the core's tests, one builder per noun. Each takes only what a test is about;
 * the rest is an ordinary installation: alice asks, bob, carol and dave fill slots, erin owns the
 * workspace, frank administers.
 */
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  type Access,
  type Membership,
  NO_ACCESS,
  type RoleBinding,
  type Token,
  type Workspace,
} from '../src/access.ts'
import type { ActorRef } from '../src/actor.ts'
import { type Decision, meets, type Question } from '../src/approval.ts'
import type {
  Binding,
  Change,
  ChangeEvent,
  Evaluated,
  Opened,
  Outcome,
  Requester,
} from '../src/change.ts'
import type { ChangeCommand, DecideContext, DecideFields } from '../src/change-commands.ts'
import { replay } from '../src/change-evolve.ts'
import { NO_GLASS } from '../src/change-glass.ts'
import { fingerprintOf } from '../src/fingerprint.ts'
import {
  type ChangeId,
  type Digest,
  digestText,
  type GrantId,
  type KeyId,
  type PersonId,
  type TokenId,
  type WorkspaceId,
} from '../src/ids.ts'
import type { Instant } from '../src/instant.ts'
import type { Passkey } from '../src/passkey.ts'
import { pinnedFrom, type Target } from '../src/target.ts'
import type { Requirement, Slot } from '../src/verdict.ts'

/** When the change of a test was opened. */
export const NOW: Instant = 1_800_000_000_000
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const sixteen = (name: string) => name.padEnd(16, '0')

export const givenPerson = (name: string) => `per_${sixteen(name)}` as PersonId
export const givenChangeId = (name = 'one') => `chg_${sixteen(name)}` as ChangeId
export const givenWorkspaceId = (name = 'network') => `wsp_${sixteen(name)}` as WorkspaceId
export const givenTokenId = (name = 'pipeline') => `tok_${sixteen(name)}` as TokenId
export const givenKeyId = (name = 'bob') => `key_${sixteen(name)}` as KeyId
export const givenGrantId = (name = 'first') => `grn_${sixteen(name)}` as GrantId
export const givenDigest = (text: string): Digest => digestText(nodePrimitives, text)

export const ALICE = givenPerson('alice')
export const BOB = givenPerson('bob')
export const CAROL = givenPerson('carol')
export const DAVE = givenPerson('dave')
export const ERIN = givenPerson('erin')
export const FRANK = givenPerson('frank')
export const PEOPLE = [ALICE, BOB, CAROL, DAVE, ERIN, FRANK] as const

export const RUNNER_KEY = 'runner-key-of-the-opener'
export const SYSTEM_REF: ActorRef = { kind: 'system', id: null }

export function givenActor(person: PersonId): ActorRef {
  return { kind: 'person', id: person }
}

export function givenTarget(about: Partial<Target> = {}): Target {
  return {
    backend: { type: 's3', settings: { bucket: 'state', key: 'network.tfstate' } },
    toolWorkspace: 'default',
    lineage: null,
    providers: [
      { key: 'aws', type: 'aws', alias: null, region: 'eu-central-1', endpoints: {} },
      { key: 'aws.west', type: 'aws', alias: 'west', region: 'eu-west-1', endpoints: {} },
    ],
    principals: [{ provider: 'aws', account: '111111111111' }],
    ...about,
  }
}

export function givenMembership(person: PersonId, since: Instant = NOW - DAY): Membership {
  return { person, since }
}

export function givenWorkspace(about: Partial<Workspace> = {}): Workspace {
  return {
    id: givenWorkspaceId(),
    name: 'network',
    labels: { env: 'prod' },
    owners: [ERIN],
    pin: pinnedFrom(givenTarget()),
    lineage: null,
    ...about,
  }
}

export function givenToken(about: Partial<Token> = {}): Token {
  const id = about.id ?? givenTokenId()
  return {
    id,
    name: 'pipeline',
    purpose: 'service',
    verbs: ['open', 'execute'],
    workspaces: [givenWorkspaceId()],
    expiresAt: NOW + 30 * DAY,
    revoked: false,
    person: null,
    secretSha256: givenDigest(`secret of ${id}`),
    ...about,
  }
}

const BINDINGS: readonly RoleBinding[] = [
  { person: ALICE, role: 'requester', workspace: 'all' },
  ...[BOB, CAROL, DAVE, ERIN].map(
    (person): RoleBinding => ({ person, role: 'approver', workspace: 'all' }),
  ),
  { person: FRANK, role: 'admin', workspace: 'all' },
]

/** The first passkey of a person; its key verifies nothing. */
export function givenKey(person: PersonId): Passkey {
  return {
    id: person.replace('per_', 'key_') as KeyId,
    person,
    since: NOW - DAY,
    publicKey: 'MCowBQYDK2VwAyEA',
    algorithm: -8,
    rpId: 'holdpoint.example',
    credential: givenDigest(`credential of ${person}`),
    vouched: null,
    revoked: false,
  }
}

export interface AboutAccess {
  readonly inactive?: readonly PersonId[]
  /** When everybody was added; a day before the change unless given. */
  readonly since?: Instant
  readonly teams?: { readonly [name: string]: readonly Membership[] }
  readonly workspaces?: readonly Workspace[]
  readonly tokens?: readonly Token[]
  readonly bindings?: readonly RoleBinding[]
  /** Passkeys, delegations, shifts. Everybody has one passkey unless told otherwise. */
  readonly proofs?: Partial<Pick<Access, 'keys' | 'delegations' | 'onCall' | 'breakGlass'>>
}

export function givenAccess(about: AboutAccess = {}): Access {
  const teams = about.teams ?? {
    dba: [givenMembership(BOB)],
    platform: [givenMembership(BOB), givenMembership(CAROL)],
    sre: [givenMembership(CAROL), givenMembership(DAVE)],
  }
  const workspaces = about.workspaces ?? [givenWorkspace()]
  const tokens = about.tokens ?? [givenToken()]
  return {
    ...NO_ACCESS,
    people: new Map(
      PEOPLE.map((id) => [
        id,
        {
          id,
          active: !(about.inactive ?? []).includes(id),
          since: about.since ?? NOW - DAY,
          profile: givenDigest(id),
        },
      ]),
    ),
    teams: new Map(Object.entries(teams)),
    workspaces: new Map(workspaces.map((each) => [each.id, each])),
    tokens: new Map(tokens.map((each) => [each.id, each])),
    secrets: new Map(tokens.map((each) => [each.secretSha256, each.id])),
    bindings: about.bindings ?? BINDINGS,
    keys: new Map(PEOPLE.map(givenKey).map((key) => [key.id, key])),
    ...about.proofs,
  }
}

export function givenSlot(from: string | readonly string[], count = 1): Slot {
  return { from: typeof from === 'string' ? [from] : from, count }
}

export function givenRequirement(about: Partial<Requirement> = {}): Requirement {
  return {
    slots: [givenSlot('team:platform')],
    assurance: 'session',
    expiresSeconds: 4 * 60 * 60,
    ...about,
  }
}

export function givenRequester(about: Partial<Requester> = {}): Requester {
  return { kind: 'person', id: ALICE, humanVerified: true, excluded: [ALICE], ...about }
}

export function givenBinding(about: Partial<Binding> = {}): Binding {
  return {
    fingerprint: givenDigest('fingerprint'),
    artifact: givenDigest('artifact'),
    plan: givenDigest('plan'),
    source: givenDigest('source'),
    inputs: givenDigest('inputs'),
    ...about,
  }
}

/** With the fingerprint of its parts, as the log's verifier recomputes it. */
export function givenOpened(about: Partial<Opened> = {}): Opened {
  const opened: Opened = {
    changeId: givenChangeId(),
    workspace: givenWorkspaceId(),
    tool: 'terraform',
    door: 'apply',
    requester: givenRequester(),
    runner: { publicKey: RUNNER_KEY, trust: 'self_reported' },
    binding: givenBinding(),
    planDocument: givenDigest('plan document'),
    target: givenTarget(),
    flags: ['-parallelism=4'],
    bindsTarget: false,
    pipeline: null,
    words: null,
    expiresAt: NOW + DAY,
    ...about,
  }
  const { tool, workspace, target, flags, binding } = opened
  const parts = { tool, workspace, target, flags, ...binding }
  return { ...opened, binding: { ...binding, fingerprint: fingerprintOf(parts, nodePrimitives) } }
}

export function givenEvaluated(about: Partial<Evaluated> = {}): Evaluated {
  const isHold = (about.verdict ?? 'hold') === 'hold'
  return {
    verdict: 'hold',
    allowedBy: about.verdict === 'allow' ? 'small-changes' : null,
    rules: ['stateful-destroy'],
    requirement: isHold ? givenRequirement() : null,
    findings: givenDigest('findings'),
    counts: { allow: 0, hold: 1, deny: 0 },
    policyRevision: 1,
    evaluatedAt: NOW,
    allowForSeconds: 15 * 60,
    releaseForSeconds: 60 * 60,
    ...about,
  }
}

export function givenOutcome(about: Partial<Outcome> = {}): Outcome {
  return {
    result: 'applied',
    exitCode: 0,
    appliedCount: 3,
    totalCount: 3,
    sourceChanged: false,
    lineage: 'c0ffee',
    ...about,
  }
}

export interface AboutChange {
  readonly opened?: Partial<Opened>
  /** `null`: still evaluating. */
  readonly evaluated?: Partial<Evaluated> | null
  /** What happened after, all at `NOW`. */
  readonly after?: readonly ChangeEvent[]
}

/** A held change unless told otherwise, folded from its history. */
export function givenChange(about: AboutChange = {}): Change {
  const opened: ChangeEvent = { type: 'change_opened', ...givenOpened(about.opened) }
  const evaluated: readonly ChangeEvent[] =
    about.evaluated === null ? [] : [{ type: 'evaluated', ...givenEvaluated(about.evaluated) }]
  const actor = givenActor(ALICE)
  const history = [opened, ...evaluated, ...(about.after ?? [])]
  const change = replay(history.map((event) => ({ event, at: NOW, actor })))
  if (change === null) throw new Error('the given history is not one')
  return change
}

export function givenApproved(person: PersonId, about: Partial<DecideFields> = {}): ChangeEvent {
  return { type: 'approved', ...givenDecided(person, about) }
}

export function givenDecide(person: PersonId, about: Partial<DecideFields> = {}): DecideFields {
  const { fingerprint } = givenOpened().binding
  const given = { person, fingerprint, assurance: 'session' as const, reason: null, ...about }
  const proof = givenDigest('signed statement')
  const signed = meets(given.assurance, 'passkey') ? { key: givenKey(person).id, proof } : null
  return { signed, shown: null, ...given }
}

/** As it stands in the log. */
export function givenDecided(person: PersonId, about: Partial<DecideFields> = {}) {
  return { ...givenDecide(person, about), onCall: [] }
}

export function givenReleased(until: Instant = NOW + HOUR): ChangeEvent {
  return { type: 'released', until, by: 'approvals' }
}

/** Held, approved by bob, released for an hour. */
export function givenReleasedChange(about: AboutChange = {}): Change {
  return givenChange({
    ...about,
    after: [givenApproved(BOB), givenReleased(), ...(about.after ?? [])],
  })
}

export function givenStarted(about: Partial<Extract<ChangeEvent, { grant: GrantId }>> = {}) {
  const started: ChangeEvent = {
    type: 'execution_started',
    grant: givenGrantId(),
    until: NOW + HOUR,
    verifiedBy: 'self_reported',
    runnerKey: RUNNER_KEY,
    binding: givenOpened().binding,
    policyRevision: 1,
    verdict: 'hold',
    ...about,
  }
  return started
}

type Start = Extract<ChangeCommand, { type: 'start' }>

/** A claim a minute after opening, with the policy evaluated at that moment. */
export function givenStart(about: Partial<Start> = {}): Start {
  return {
    type: 'start',
    grant: givenGrantId(),
    runnerKey: RUNNER_KEY,
    binding: givenOpened().binding,
    evaluated: givenEvaluated({ evaluatedAt: NOW + MINUTE }),
    grantSeconds: 600,
    names: null,
    ...about,
  }
}

/** A minute after the change was opened; alice asks. */
export function givenContext(about: Partial<DecideContext> = {}): DecideContext {
  return {
    now: NOW + MINUTE,
    actor: givenActor(ALICE),
    access: givenAccess(),
    policyRevision: 1,
    executing: null,
    openCount: 0,
    glass: NO_GLASS,
    ...about,
  }
}

export function givenQuestion(about: Partial<Question> = {}): Question {
  return {
    fingerprint: givenOpened().binding.fingerprint,
    requirement: givenRequirement(),
    excluded: [ALICE],
    openedAt: NOW,
    now: NOW + MINUTE,
    ...about,
  }
}

export function givenDecision(person: PersonId, about: Partial<Decision> = {}): Decision {
  return {
    person,
    decision: 'approve',
    fingerprint: givenOpened().binding.fingerprint,
    assurance: 'session',
    at: NOW,
    reason: null,
    key: null,
    onCall: [],
    ...about,
  }
}
