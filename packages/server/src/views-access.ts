/** People, teams, workspaces and tokens as the access page shows them. */
import type { views } from '@holdpoint/api'
import type { Access, PersonId } from '@holdpoint/core'
import type { z } from 'zod'
import type { Names } from './views-names.ts'

type AccessViewValue = z.input<typeof views.AccessView>

export function accessView(access: Access, names: Names): AccessViewValue {
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

export function teamsOf(access: Access, person: PersonId): string[] {
  return [...access.teams]
    .filter(([, members]) => members.some((member) => member.person === person))
    .map(([name]) => name)
}
