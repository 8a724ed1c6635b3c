/**
 * Whether a policy fits the people there are. A hold that cannot be filled without one certain
 * person stops for ever when that person asks, so it is a problem when the policy is loaded and not
 * when somebody waits (DESIGN §6).
 */

import { scheduleNamed } from '../filling.ts'
import type { Requirement, Slot } from '../verdict.ts'
import type { Policy, Position } from './document.ts'
import { uniteRequirements } from './requirement.ts'

/** A person who may decide: active, and not a service or an agent. */
export interface Approver {
  readonly id: string
  readonly teams: readonly string[]
}

export interface Staff {
  /** Names of all on-call schedules that are read. */
  readonly schedules: readonly string[]
  /** Names of all teams, those without members too. */
  readonly teams: readonly string[]
  readonly people: readonly Approver[]
  /** Whether distinct people can be matched to distinct slots. */
  readonly canFill: (slots: readonly Slot[], people: readonly Approver[]) => boolean
}

export interface StaffProblem {
  /** The rule's name, `default` or `on_error`. */
  readonly rule: string
  /** Where the rule starts; `null` for what is no rule. */
  readonly position: Position | null
  readonly message: string
}

interface Asked {
  readonly rule: string
  readonly position: Position | null
  readonly requirement: Requirement
}

export function checkPolicyAgainst(policy: Policy, staff: Staff): readonly StaffProblem[] {
  return holdsOf(policy).flatMap((asked) => {
    const unknown = unknownRefs(asked.requirement, staff)
    const messages = unknown.length > 0 ? unknown : unfillable(asked.requirement, staff)
    return messages.map((message) => ({ rule: asked.rule, position: asked.position, message }))
  })
}

/** Every hold, and for a rule also what it asks when it errs: its own slots and `on_error`. */
function holdsOf({ fallback, onError, rules }: Policy): readonly Asked[] {
  const holds: Asked[] = []
  if (fallback.outcome === 'hold')
    holds.push({ rule: 'default', position: null, requirement: fallback.requirement })
  if (onError.outcome === 'hold')
    holds.push({ rule: 'on_error', position: null, requirement: onError.requirement })
  for (const rule of rules) {
    if (rule.outcome !== 'hold') continue
    const requirement =
      onError.outcome === 'hold'
        ? uniteRequirements(rule.requirement, onError.requirement)
        : rule.requirement
    holds.push({ rule: rule.name, position: rule.position, requirement })
  }
  return holds
}

function unknownRefs({ slots }: Requirement, staff: Staff): readonly string[] {
  const known = new Set([
    ...staff.teams.map((name) => `team:${name}`),
    ...staff.people.map(({ id }) => `person:${id}`),
  ])
  const refs = new Set(slots.flatMap(({ from, escalate }) => [...from, ...(escalate?.to ?? [])]))
  return [...refs]
    .filter((ref) => !known.has(ref) && !staff.schedules.includes(scheduleNamed(ref) ?? ''))
    .map((ref) => `there is no ${ref}`)
}

function unfillable({ slots }: Requirement, staff: Staff): readonly string[] {
  if (!staff.canFill(slots, staff.people)) return ['there are too few people to fill this hold']
  return staff.people
    .filter(
      (person) =>
        !staff.canFill(
          slots,
          staff.people.filter((one) => one !== person),
        ),
    )
    .map(
      (person) =>
        `only with ${person.id} can this hold be filled, so nobody can approve what ${person.id} asks for`,
    )
}
