/** People, teams, workspaces and tokens as the access page shows them. */
import type { views } from '@holdpoint/api'
import type { Access, Instant, PersonId } from '@holdpoint/core'
import type { z } from 'zod'
import type { Config } from './config.ts'
import type { ScheduleRow } from './store/schedules.ts'
import type { Names } from './views-names.ts'

type AccessViewValue = z.input<typeof views.AccessView>

export interface ScheduleFacts {
  readonly onCall: Config['onCall']
  readonly rows: ReadonlyMap<string, ScheduleRow>
  readonly now: Instant
}

export function accessView(access: Access, names: Names, facts: ScheduleFacts): AccessViewValue {
  const handle = (person: PersonId): string => names.profile(person)?.handle ?? person
  return {
    people: [...access.people.values()].map((person) => ({
      id: person.id,
      handle: handle(person.id),
      name: names.person(person.id),
      active: person.active,
      breakGlass: access.breakGlass.has(person.id),
      teams: teamsOf(access, person.id),
      roles: access.bindings
        .filter((binding) => binding.person === person.id)
        .map(({ role, workspace }) => ({
          role,
          workspace: workspace === 'all' ? 'all' : names.workspace(workspace),
        })),
    })),
    teams: [...access.teams].map(([name, members]) => ({
      name,
      members: members.map((member) => handle(member.person)),
    })),
    workspaces: [...access.workspaces.values()].map((workspace) => ({
      id: workspace.id,
      name: workspace.name,
      labels: workspace.labels,
      owners: workspace.owners.map(handle),
      pin: workspace.pin,
      lineage: workspace.lineage,
    })),
    schedules: facts.onCall.map(({ source }) => scheduleView(access, source, { facts, handle })),
    tokens: [...access.tokens.values()].map((token) => ({
      id: token.id,
      name: token.name,
      purpose: token.purpose,
      verbs: token.verbs,
      workspaces: token.workspaces === 'all' ? null : token.workspaces.map(names.workspace),
      expiresAt: token.expiresAt,
      revoked: token.revoked,
    })),
  }
}

type ScheduleView = AccessViewValue['schedules'][number]

function scheduleView(
  access: Access,
  { schedule: name, people }: Config['onCall'][number]['source'],
  about: { readonly facts: ScheduleFacts; readonly handle: (person: PersonId) => string },
): ScheduleView {
  const { facts, handle } = about
  const known = access.onCall.get(name)
  const live = known !== undefined && facts.now < known.until ? known : null
  const row = facts.rows.get(name) ?? null
  return {
    name,
    people: [...new Set(Object.values(people))].toSorted(),
    tiers: live?.tiers.map((tier) => tier.map(handle)) ?? [],
    until: live?.until ?? null,
    nextAt: row?.nextAt ?? null,
    readAt: row?.readAt ?? null,
    problem: row?.problem ?? null,
  }
}

export function teamsOf(access: Access, person: PersonId): string[] {
  return [...access.teams]
    .filter(([, members]) => members.some((member) => member.person === person))
    .map(([name]) => name)
}
