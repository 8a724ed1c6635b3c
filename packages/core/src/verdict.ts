/**
 * What rules say of a plan: a verdict, the findings behind it, and, for a hold, who is needed.
 * A requirement always has at least one slot; an empty one satisfies nothing (I13).
 */

export type Verdict = 'allow' | 'hold' | 'deny'

/** How a person proved who they are when they decided; later is stronger. */
export const ASSURANCES = ['development', 'session', 'passkey', 'passkey+cli'] as const
export type Assurance = (typeof ASSURANCES)[number]

/** `team:<name>`, `person:<id>`, `oncall:<schedule>` or `oncall:<schedule>/<tier>`. A slot is filled by distinct people of any of them. */
export type ApproverRef = string

export interface Slot {
  /** Sorted, without duplicates: slots with the same `from` are the same slot. */
  readonly from: readonly ApproverRef[]
  /** At least 1. */
  readonly count: number
  /** Who may fill it too when it stood open for so long: it adds people and removes none. */
  readonly escalate?: Escalation | undefined
  /** So long after the opening who is still needed is told again; ascending, without duplicates. */
  readonly remindSeconds?: readonly number[] | undefined
}

export interface Escalation {
  /** From the opening of the change. */
  readonly afterSeconds: number
  /** Sorted, without duplicates. */
  readonly to: readonly ApproverRef[]
}

export interface Requirement {
  readonly slots: readonly Slot[]
  /** What a decision must be signed with to fill any slot. */
  readonly assurance: Assurance
  /** How long the hold may stand, from opening. */
  readonly expiresSeconds: number
}

/** Stands where the name of a hidden rule would; no rule can have it. */
export const HIDDEN_RULE = '(hidden)'
export const HIDDEN_MESSAGE = 'A rule that is not shown to you'

export interface Finding {
  readonly rule: string
  readonly outcome: Verdict
  /** The "why" line, at most 60 characters. */
  readonly message: string
  /** Addresses of the resources that matched; empty when the rule is about the whole change. */
  readonly resources: readonly string[]
  /** Set when the rule could not be evaluated: a sentence that quotes no value. */
  readonly error: string | null
  /** Of a rule that its policy hides from who has no right to read it; absent on every other. */
  readonly hidden?: true
}

export interface Evaluation {
  readonly verdict: Verdict
  /** The allowing rule's name when the verdict is `allow`, or `default`. */
  readonly allowedBy: string | null
  readonly findings: readonly Finding[]
  /** `null` unless the verdict is `hold`. */
  readonly requirement: Requirement | null
  /** How long an `allow` stays good. */
  readonly allowForSeconds: number
  /** How long a release stays good. */
  readonly releaseForSeconds: number
}
