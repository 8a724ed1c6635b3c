/**
 * The session policy that a plan's credentials are narrowed with: what this plan needs on AWS, and
 * no more (DESIGN §7). It bounds which actions reach which resources, never what is written into
 * them. Derived once, when the change is evaluated; the people who decide see these very bytes.
 *
 * `narrowed` is a promise, so everything that is not understood takes it away, and what cannot be
 * bounded at all gives no document.
 */
import type { Plan, ProviderConfig, Reference } from './plan.ts'
import { isSafePart, type Place } from './session-policy-arn.ts'
import {
  documentOf,
  type PolicyStatement,
  SESSION_POLICY_CHARACTERS_MAX,
} from './session-policy-document.ts'
import { type Grant, type NotNarrowed, neededBy } from './session-policy-grants.ts'
import { stateNeed } from './session-policy-state.ts'
import type { IamTable } from './session-policy-table.ts'
import type { Target } from './target.ts'
import { field, isMap, type Value } from './value.ts'

export interface SessionPolicy {
  /**
   * The IAM policy as compact JSON, at most 2,048 characters. `null` where none could be derived:
   * then nothing may be issued as narrowed, and nothing un-narrowed in its place.
   */
  readonly document: string | null
  readonly narrowed: boolean
  /** Why it is not narrowed, or not wholly; empty exactly where it is. */
  readonly because: readonly NotNarrowed[]
  /** The document for people, one row per statement. */
  readonly statements: readonly PolicyStatement[]
}

/** With one of these the plan needs what no policy of ours would permit. */
const FATAL: ReadonlySet<NotNarrowed['code']> = new Set([
  'unmapped_type',
  'unknown_action',
  'deferred',
  'invokes',
  'incomplete',
  'unsafe_value',
  'unknown_account',
  'unnamed_resource',
  'unclear_state',
  'too_long',
  'nothing_known',
] as const)

export function deriveSessionPolicy(input: {
  readonly plan: Plan
  readonly target: Target
  /** Number of the account that the credentials are for. */
  readonly account: string
  readonly table: IamTable
}): SessionPolicy {
  const { plan, table } = input
  const context = {
    table,
    place: placeOf(input),
    changes: new Map(plan.resources.map((each) => [each.address, each])),
    references: byFrom(plan.references),
  }
  const needed = plan.resources.map((change) => neededBy(change, context))
  const state = stateOf(input)
  const because = unique([
    ...(/^\d{12}$/.test(input.account) ? [] : [unknownAccount(input.account)]),
    ...besides(plan),
    ...needed.flatMap((each) => each.because),
    ...state.because,
  ])
  const grants = [...needed.flatMap((each) => each.grants), ...rolesOf(because), ...state.grants]
  return written(grants, because, table)
}

function written(
  grants: readonly Grant[],
  because: readonly NotNarrowed[],
  table: IamTable,
): SessionPolicy {
  if (because.some(isFatal)) return none(because)
  if (grants.length === 0) return none([...because, { code: 'nothing_known' }])
  const { text, statements } = documentOf(grants, table.families)
  const characters = text.length
  if (characters > SESSION_POLICY_CHARACTERS_MAX) {
    return none([...because, { code: 'too_long', characters }])
  }
  return { document: text, narrowed: because.length === 0, because, statements }
}

function isFatal(reason: NotNarrowed): boolean {
  if (reason.code === 'assumes_role') return rolesOf([reason]).length === 0
  return FATAL.has(reason.code)
}

function none(because: readonly NotNarrowed[]): SessionPolicy {
  return { document: null, narrowed: false, because, statements: [] }
}

function unknownAccount(account: string): NotNarrowed {
  return { code: 'unknown_account', account }
}

/** Regions of the AWS providers; none at all where one of them does not say its own. */
function placeOf({
  target,
  account,
}: {
  readonly target: Target
  readonly account: string
}): Place {
  const regions = target.providers.filter((each) => each.type === 'aws').map((each) => each.region)
  const known = regions.filter((each) => each !== null && each !== 'unknown' && isSafePart(each))
  const isWhole = known.length === regions.length
  const texts = known.flatMap((each) => (each === null ? [] : [each]))
  return { account, regions: isWhole ? [...new Set(texts)].toSorted() : [] }
}

function byFrom(references: readonly Reference[]): ReadonlyMap<string, readonly Reference[]> {
  const found = new Map<string, Reference[]>()
  for (const reference of references) {
    const others = found.get(reference.from)
    if (others === undefined) found.set(reference.from, [reference])
    else others.push(reference)
  }
  return found
}

/** What lies outside the entries: deferred changes, actions, and what providers log in with. */
function besides(plan: Plan): readonly NotNarrowed[] {
  return [
    ...(plan.errored || plan.complete === false ? [{ code: 'incomplete' } as const] : []),
    ...plan.deferred.map(({ change }) => ({ code: 'deferred', address: change.address }) as const),
    ...plan.invocations.map(({ address }) => ({ code: 'invokes', address }) as const),
    ...plan.providers.filter(({ name }) => name === 'aws').flatMap(loginOf),
  ]
}

const ROLES = ['assume_role', 'assume_role_with_web_identity'] as const
const OWN = [
  'access_key',
  'secret_key',
  'token',
  'profile',
  'shared_credentials_files',
  'shared_credentials_file',
  'shared_config_files',
] as const

/** A further role has its own power, whatever the session that takes it on may do. */
function loginOf({ key, config }: ProviderConfig): readonly NotNarrowed[] {
  if (!isMap(config)) return [{ code: 'assumes_role', provider: key, role: null }]
  const taken = ROLES.filter((name) => isGiven(field(config, name)))
  const roles = taken.map((name): NotNarrowed => {
    const blocks = field(config, name)
    const block = Array.isArray(blocks) && blocks.length === 1 ? blocks[0] : blocks
    const role = field(block, 'role_arn')
    return { code: 'assumes_role', provider: key, role: typeof role === 'string' ? role : null }
  })
  const isOwn = OWN.some((name) => isGiven(field(config, name)))
  return isOwn ? [...roles, { code: 'own_credentials', provider: key }] : roles
}

function isGiven(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

/** The one thing that a chained session needs of the first: to be taken on. */
function rolesOf(because: readonly NotNarrowed[]): readonly Grant[] {
  return because.flatMap((each) => {
    if (each.code !== 'assumes_role' || each.role === null) return []
    const isRole = /^arn:aws[a-z-]*:iam::\d{12}:role\//.test(each.role) && isSafePart(each.role)
    return isRole ? [{ action: 'sts:AssumeRole', resource: each.role }] : []
  })
}

function stateOf(input: { readonly target: Target; readonly account: string }): {
  readonly grants: readonly Grant[]
  readonly because: readonly NotNarrowed[]
} {
  const need = stateNeed(input)
  switch (need.kind) {
    case 'elsewhere':
      return { grants: [], because: [] }
    case 'object':
      return { grants: need.grants, because: [] }
    case 'role':
      return {
        grants: [],
        because: [{ code: 'assumes_role', provider: 'backend', role: need.role }],
      }
    case 'unclear':
      return { grants: [], because: [{ code: 'unclear_state', setting: need.setting }] }
  }
}

/** The same reason once, however many resources have it at the same attribute. */
function unique(because: readonly NotNarrowed[]): readonly NotNarrowed[] {
  return [...new Map(because.map((each) => [JSON.stringify(each), each])).values()]
}
