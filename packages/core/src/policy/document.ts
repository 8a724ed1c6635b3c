/**
 * What a policy says once it was read: the ordered rules, each with one outcome, and what happens
 * when none matches or one cannot be evaluated. A hold here always has at least one slot of at
 * least one person (I13): the parser refuses an empty one, so nothing behind it has to ask again.
 */

import type { Assurance, Requirement } from '../verdict.ts'
import type { Expression } from './cel.ts'

export const ALLOW_FOR_SECONDS_MAX = 15 * 60
export const RELEASE_FOR_SECONDS_MAX = 60 * 60
export const HOLD_SECONDS_MAX = 24 * 60 * 60
export const MESSAGE_LENGTH_MAX = 60
/** What a hold asks for unless it says otherwise: any decision that this installation takes. */
export const ASSURANCE_DEFAULT: Assurance = 'development'

/**
 * What no rule allows without naming it: effects and gaps that the list of resources does not
 * show. `unknown` are actions that were not understood, not values that are decided at apply.
 * `unbounded` are credentials that this plan does not narrow, handed to a machine that only its own
 * word speaks for; `own_credentials` are those that the plan brings along.
 */
export const ACCEPTABLE = [
  'errored',
  'incomplete',
  'unknown',
  'deferred',
  'invoke',
  'forget',
  'provisioners',
  'unbounded',
  'own_credentials',
] as const
export type Acceptable = (typeof ACCEPTABLE)[number]

/** A place in the policy's text, both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface PolicyProblem extends Position {
  /** Where in the document, for example `rules[2].hold.approvals[0].count`. */
  readonly path: string
  readonly message: string
}

interface RuleHead {
  readonly name: string
  /** `change` rules see the whole change (`when`), `resource` rules one entry (`match`). */
  readonly scope: 'change' | 'resource'
  readonly condition: Expression
  readonly position: Position
  /** Read only with a right of its own, so that nobody tunes a plan against it. */
  readonly hidden: boolean
}

export interface AllowRule extends RuleHead {
  readonly outcome: 'allow'
  readonly accept: readonly Acceptable[]
  /** Optional on an allow: empty when the rule gives none. */
  readonly message: string
}

export interface HoldRule extends RuleHead {
  readonly outcome: 'hold'
  readonly requirement: Requirement
  readonly message: string
}

export interface DenyRule extends RuleHead {
  readonly outcome: 'deny'
  readonly message: string
  /** `deny` makes an error as final as a match; `policy` leaves it to the policy's `on_error`. */
  readonly onError: 'policy' | 'deny'
}

export type Rule = AllowRule | HoldRule | DenyRule

export type Fallback =
  | { readonly outcome: 'allow' }
  | { readonly outcome: 'hold'; readonly requirement: Requirement; readonly message: string }
  | { readonly outcome: 'deny'; readonly message: string }

/** What an error leads to. There is no `allow` here, so that no error can become one (I14). */
export type ErrorFallback = Exclude<Fallback, { readonly outcome: 'allow' }>

export interface Policy {
  readonly version: 1
  readonly fallback: Fallback
  readonly onError: ErrorFallback
  readonly allowForSeconds: number
  readonly releaseForSeconds: number
  readonly rules: readonly Rule[]
}
