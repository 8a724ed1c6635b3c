/**
 * The policy in force as it was read, for pages that say who it asks. It passed the same parser under
 * a deadline when it was pushed; nothing is evaluated with it here.
 */
import {
  type Access,
  checkPolicyAgainst,
  type Digest,
  match,
  type PersonId,
  type Policy,
  type PolicyRevision,
  parsePolicy,
  type Slot,
  type StaffProblem,
  scheduleNamed,
} from '@holdpoint/core'
import type { Services } from './services.ts'
import { teamsOf } from './views-access.ts'
import type { Names } from './views-names.ts'

export interface PolicyInForce {
  readonly revision: number
  /** `null` where this version cannot read it any more. */
  readonly policy: Policy | null
}

export type ReadPolicy = () => Promise<PolicyInForce>

export function createReadPolicy({ gate, evaluation }: Services): ReadPolicy {
  let kept: { readonly document: Digest; readonly policy: Policy | null } | null = null
  const read = async (revision: PolicyRevision): Promise<Policy | null> => {
    const parsed = parsePolicy(await evaluation.policyText(revision))
    return parsed.ok ? parsed.policy : null
  }
  return async () => {
    const revision = await gate.policy()
    const { document } = revision
    if (kept?.document !== document) kept = { document, policy: await read(revision) }
    return { revision: revision.revision, policy: kept.policy }
  }
}

/** Whom each schedule may put on call, now or later. */
export type Shifts = ReadonlyMap<string, readonly PersonId[]>

export function shiftsOf({ onCall }: Pick<Services, 'onCall'>, names: Names): Shifts {
  return new Map(
    onCall.map(({ source: { schedule, people } }) => [
      schedule,
      Object.values(people).flatMap((handle) => names.findByHandle(handle) ?? []),
    ]),
  )
}

export interface StaffSources {
  readonly access: Access
  readonly shifts: Shifts
}

/** What the policy names that is not there, and holds that nobody could fill. */
export function staffProblems(
  policy: Policy,
  { access, shifts }: StaffSources,
): readonly StaffProblem[] {
  const here = [...access.people.values()].filter(({ active }) => active).map(({ id }) => id)
  const teams = new Map(here.map((id) => [id, teamsOf(access, id)]))
  return checkPolicyAgainst(policy, {
    schedules: [...shifts.keys()],
    teams: [...access.teams.keys()],
    people: here.map((id) => ({ id, teams: teams.get(id) ?? [] })),
    canFill: (slots, some) => {
      const ids = new Set(some.map(({ id }) => id))
      const people = here.filter((id) => ids.has(id))
      return canFill(slots, people, (person, ref) => {
        const schedule = scheduleNamed(ref)
        if (schedule !== null) return shifts.get(schedule)?.includes(person) === true
        return teams.get(person)?.some((team) => ref === `team:${team}`) === true
      })
    },
  })
}

/** Distinct people to distinct seats, by the function that decides. */
function canFill(
  slots: readonly Slot[],
  people: readonly PersonId[],
  isIn: (person: PersonId, ref: string) => boolean,
): boolean {
  const asked = slots.reduce((sum, { count }) => sum + count, 0)
  if (asked > people.length) return false
  const seats = slots.flatMap((slot) => Array.from({ length: slot.count }, () => slot))
  const seated = match(seats, people, ({ from }, person) =>
    from.some((ref) => ref === `person:${person}` || isIn(person, ref)),
  )
  return seated.every((person) => person !== null)
}
