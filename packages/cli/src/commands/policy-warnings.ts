/**
 * What a policy names that the server does not know, and holds that nobody could fill. Each is a
 * warning: a team may be on its way. Who may not read access is told that nothing was compared.
 */
import type { Client, Reply } from '@holdpoint/api/client'
import {
  checkPlaces,
  checkPolicyAgainst,
  match,
  type PersonId,
  type Policy,
  type Slot,
  scheduleNamed,
} from '@holdpoint/core'
import type { Ink } from '../render.ts'
import { safe } from '../render-text.ts'

type AccessView = Reply<'access'>

export async function askWarnings(policy: Policy, client: Client): Promise<readonly string[]> {
  const access = await client.call('access', {})
  if (access.ok) return policyWarnings(policy, access.value)
  return ['teams, people and workspaces were not compared: you may not read who may do what']
}

export function policyWarnings(policy: Policy, access: AccessView): readonly string[] {
  const people = access.people.filter(({ active }) => active)
  const schedulesOf = (handle: string) =>
    access.schedules.filter((each) => each.people.includes(handle)).map(({ name }) => name)
  const staff = {
    schedules: access.schedules.map(({ name }) => name),
    teams: access.teams.map(({ name }) => name),
    people: people.map(({ id, teams }) => ({ id, teams })),
    canFill: (slots: readonly Slot[], some: readonly { readonly id: string }[]): boolean => {
      const ids = new Set(some.map(({ id }) => id))
      return canFill(
        slots,
        people
          .filter(({ id }) => ids.has(id))
          .map(({ id, handle, teams }) => ({ id, teams, schedules: schedulesOf(handle) })),
      )
    },
  }
  const names = (message: string): string =>
    people.reduce((text, { id, handle }) => text.replaceAll(id, handle), message)
  const found = [...checkPolicyAgainst(policy, staff), ...checkPlaces(policy, access.workspaces)]
  return found.map(({ rule, position, message }) => {
    const where = position === null ? '' : `line ${position.line}, `
    return `${where}${rule}: ${names(message)}`
  })
}

interface Able {
  readonly id: PersonId
  readonly teams: readonly string[]
  /** Schedules that may put them on call, now or later. */
  readonly schedules: readonly string[]
}

/** Distinct people to distinct seats, by the function that decides. */
function canFill(slots: readonly Slot[], people: readonly Able[]): boolean {
  const asked = slots.reduce((sum, { count }) => sum + count, 0)
  if (asked > people.length) return false
  const seats = slots.flatMap((slot) => Array.from({ length: slot.count }, () => slot))
  const ables = new Map(people.map((each) => [each.id, each]))
  const ids = people.map(({ id }) => id)
  const seated = match(seats, ids, ({ from }, person) => {
    const able = ables.get(person)
    return from.some(
      (ref) =>
        ref === `person:${person}` ||
        able?.teams.some((team) => ref === `team:${team}`) === true ||
        able?.schedules.includes(scheduleNamed(ref) ?? '') === true,
    )
  })
  return seated.every((person) => person !== null)
}

export function warningLines(warnings: readonly string[], ink: Ink): readonly string[] {
  return warnings.map((warning) => `${ink('amber', '!')} ${safe(warning)}`)
}
