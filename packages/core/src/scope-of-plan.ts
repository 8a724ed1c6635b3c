/**
 * What credentials a plan would be given: for each connection of its workspace the identity, the life
 * and, where its cloud can narrow a session, the policy derived from the plan. What cannot be
 * narrowed is the whole identity, and says so.
 */
import { type Connection, type ConnectionKind, RAW_TOKEN_MS_MAX } from './connection.ts'
import type { CredentialScope, ScopedConnection } from './credential-scope.ts'
import { phraseText } from './phrase.ts'
import type { Plan } from './plan.ts'
import { deriveSessionPolicy, type SessionPolicy } from './session-policy.ts'
import { stateSessionPolicy } from './session-policy-state.ts'
import type { IamTable } from './session-policy-table.ts'
import { notNarrowedPhrase } from './session-policy-words.ts'
import type { Target } from './target.ts'

/** The shortest session of AWS STS. */
const AWS_SECONDS = 900
/** More reasons are cut, and counted. */
const REASONS_MAX = 50
const REASON_CHARACTERS_MAX = 1_000

export interface ScopeSources {
  readonly plan: Plan
  readonly target: Target
  readonly connections: readonly Connection[]
  readonly table: IamTable
}

export function scopeOfPlan(sources: ScopeSources): CredentialScope {
  return { v: 1, connections: sources.connections.map((each) => scoped(each, sources)) }
}

function scoped(connection: Connection, sources: ScopeSources): ScopedConnection {
  const { id, kind, account, apply, audience, settings } = connection
  const head = { connection: id, kind, account, identity: apply, audience, settings }
  return kind === 'aws'
    ? { ...head, seconds: AWS_SECONDS, ...narrowedOnAws(connection, sources) }
    : { ...head, seconds: RAW_TOKEN_MS_MAX / 1000, ...whole(kind) }
}

type Narrowing = Pick<ScopedConnection, 'narrowed' | 'because' | 'policy' | 'state' | 'statements'>

function narrowedOnAws({ account }: Connection, sources: ScopeSources): Narrowing {
  const { plan, target, table } = sources
  const executing = stackPolicy(account, target)
  if (executing !== null) return executing
  const derived = deriveSessionPolicy({ plan, target, account, table })
  if (needsNothing(derived)) return { ...NOTHING, state: stateSessionPolicy({ target, account }) }
  return {
    narrowed: derived.narrowed,
    because: cut(derived.because.map((reason) => phraseText(notNarrowedPhrase(reason)))),
    policy: derived.document,
    state: stateSessionPolicy({ target, account }),
    statements: derived.statements.map(({ actions, resources }) => ({ actions, resources })),
  }
}

/**
 * Where a stack has a service role, that is what acts: the session only starts it and watches. Which
 * change set it starts is the runner's to say, so it is not called narrowed.
 */
function stackPolicy(account: string, { backend, lineage, providers }: Target): Narrowing | null {
  const { stack, 'acts-as': role } = backend.settings
  const region = providers[0]?.region
  if (backend.type !== 'cloudformation' || stack === undefined || role === undefined) return null
  if (![account, stack, region ?? ''].every((part) => /^[A-Za-z0-9-]+$/.test(part))) return null
  const partition = /^arn:(aws[a-z-]*):iam::/.exec(role)?.[1] ?? 'aws'
  const resource =
    `arn:${partition}:cloudformation:${region}:${account}:` +
    `stack/${stack}/${lineage !== null && /^[A-Za-z0-9-]+$/.test(lineage) ? lineage : '*'}`
  const Statement = [{ Effect: 'Allow', Action: STACK_ACTIONS, Resource: resource }]
  return {
    narrowed: false,
    because: [`Starts any change set of the stack ${stack}, and ${role} is what acts`],
    policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    state: null,
    statements: [{ actions: STACK_ACTIONS, resources: [resource] }],
  }
}

const STACK_ACTIONS = [
  'cloudformation:DescribeChangeSet',
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStacks',
  'cloudformation:ExecuteChangeSet',
]

/** A plan that touches nothing in AWS gets a session that may only say who it is. */
function needsNothing({ because }: SessionPolicy): boolean {
  return because.length === 1 && because[0]?.code === 'nothing_known'
}

const NOTHING = {
  narrowed: true,
  because: [],
  policy:
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",' +
    '"Action":"sts:GetCallerIdentity","Resource":"*"}]}',
  statements: [{ actions: ['sts:GetCallerIdentity'], resources: ['*'] }],
} as const

const NOTHING_NARROWS: { readonly [K in Exclude<ConnectionKind, 'aws'>]: string } = {
  google: 'Google narrows a session to a plan for Cloud Storage alone: it is the whole account',
  azure: 'Azure has nothing that narrows a session to a plan: it is the whole application',
  kubernetes: 'A cluster knows a bearer and its roles: it is all that they may do',
  vault: 'Vault gives what the policies of the role say: it is all that they allow',
  oidc: 'Whoever takes this token decides what it may do',
}

function whole(kind: Exclude<ConnectionKind, 'aws'>): Narrowing {
  const because = [NOTHING_NARROWS[kind]]
  return { narrowed: false, because, policy: null, state: null, statements: [] }
}

function cut(reasons: readonly string[]): readonly string[] {
  const kept = reasons
    .slice(0, REASONS_MAX)
    .map((reason) => [...reason].slice(0, REASON_CHARACTERS_MAX).join(''))
  const more = reasons.length - kept.length
  return more === 0 ? kept : [...kept, `${more} more`]
}
