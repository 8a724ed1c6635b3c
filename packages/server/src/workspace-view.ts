/** Workspaces as their pages show them: where they act, who owns them, who decides what there. */
import type { overview } from '@holdpoint/api'
import {
  type Access,
  type ChangeId,
  HIDDEN_MESSAGE,
  HIDDEN_RULE,
  type Instant,
  onCallOf,
  type PersonId,
  type Policy,
  permits,
  type Requirement,
  type Slot,
  type Workspace,
  type WorkspaceId,
} from '@holdpoint/core'
import type { z } from 'zod'
import { adminsOf, may } from './people-view.ts'
import type { PolicyInForce } from './policy-in-force.ts'
import type { Services } from './services.ts'
import { newestPerWorkspace, openPerWorkspace, type Sight } from './views-queries.ts'
import { mayReadHidden, type Viewer } from './views-row.ts'

type RowValue = z.input<typeof overview.WorkspaceList>['workspaces'][number]
type ViewValue = z.input<typeof overview.WorkspaceView>
type RuleValue = ViewValue['rules'][number]

export async function workspaceRows(
  sight: Sight,
  viewer: Viewer,
  services: Services,
): Promise<readonly RowValue[]> {
  const { kysely } = services.database
  const open = await openPerWorkspace(kysely)
  const newest = await newestPerWorkspace(kysely)
  const seen = [...viewer.access.workspaces.values()]
    .filter(({ id }) => sight === 'all' || sight.includes(id))
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
  const rows: RowValue[] = []
  for (const workspace of seen) {
    const last = await lastOf(newest.get(workspace.id) ?? null, viewer, services)
    rows.push({ ...placeOf(workspace, viewer), open: open.get(workspace.id) ?? 0, last })
  }
  return rows
}

function placeOf(workspace: Workspace, { names }: Viewer) {
  const { id, name, labels, owners, pin } = workspace
  return {
    id,
    name,
    labels,
    pin,
    owners: owners.map((person) => ({
      person,
      handle: names.profile(person)?.handle ?? person,
      name: names.person(person),
    })),
  }
}

async function lastOf(
  id: ChangeId | null,
  viewer: Viewer,
  services: Services,
): Promise<RowValue['last']> {
  const record = id === null ? null : await services.gate.change(id)
  if (record === null) return null
  const { changeId: change, status, openedAt } = record.change
  const { headline } = await viewer.planLines.of(record.change)
  return { change, headline, status, openedAt }
}

export interface Shown {
  readonly workspace: Workspace
  readonly inForce: PolicyInForce
}

export async function workspaceView(
  { workspace, inForce }: Shown,
  viewer: Viewer,
  services: Services,
): Promise<ViewValue> {
  const { kysely } = services.database
  const { access, names } = viewer
  const newest = (await newestPerWorkspace(kysely)).get(workspace.id) ?? null
  return {
    ...placeOf(workspace, viewer),
    open: (await openPerWorkspace(kysely)).get(workspace.id) ?? 0,
    last: await lastOf(newest, viewer, services),
    lineage: workspace.lineage,
    policyRevision: inForce.revision,
    rules: inForce.policy === null ? [] : rulesOf(inForce.policy, workspace.id, viewer),
    mayChange: may(viewer, 'change_access'),
    admins: adminsOf(access).map((person) => ({ person, name: names.person(person) })),
  }
}

/** What every hold of the policy asks for; which of them apply is up to a plan. */
function rulesOf(policy: Policy, workspace: WorkspaceId, viewer: Viewer): readonly RuleValue[] {
  const { fallback, rules } = policy
  const ruled = rules.flatMap((rule) =>
    rule.outcome === 'hold'
      ? [
          {
            ...namedFor(rule, { workspace, viewer }),
            ...askedOf(rule.requirement, workspace, viewer),
          },
        ]
      : [],
  )
  if (fallback.outcome !== 'hold') return ruled
  const { requirement, message } = fallback
  return [...ruled, { rule: 'default', message, ...askedOf(requirement, workspace, viewer) }]
}

/** Who is asked is no secret, whatever asks for them. */
function namedFor(
  { name, message, hidden }: Policy['rules'][number],
  { workspace, viewer }: { readonly workspace: WorkspaceId; readonly viewer: Viewer },
): Pick<RuleValue, 'rule' | 'message'> {
  return hidden && !mayReadHidden(viewer, { workspace })
    ? { rule: HIDDEN_RULE, message: HIDDEN_MESSAGE }
    : { rule: name, message }
}

function askedOf(requirement: Requirement, workspace: WorkspaceId, viewer: Viewer) {
  const { access, names, actor } = viewer
  const me = actor.kind === 'person' ? actor.id : null
  return {
    assurance: requirement.assurance,
    slots: requirement.slots.map((slot) => ({
      slot,
      people: deciders(access, slot, viewer.now)
        .filter((person) => mayDecide(person, workspace, viewer))
        .map((person) => ({ person, name: names.person(person), you: person === me })),
    })),
  }
}

/** Named themselves, in a named team, or on call now; whoever stands in is left out. */
function deciders(access: Access, { from }: Slot, now: Instant): readonly PersonId[] {
  const members = [...access.teams].flatMap(([team, all]) =>
    from.includes(`team:${team}`) ? all.map(({ person }) => person) : [],
  )
  const named = [...access.people.keys()].filter(
    (person) =>
      from.includes(`person:${person}`) ||
      onCallOf(access, person, now).some((ref) => from.includes(ref)),
  )
  return [...new Set([...named, ...members])]
}

function mayDecide(person: PersonId, workspace: WorkspaceId, { access, now }: Viewer): boolean {
  const actor = { kind: 'person', id: person, assurance: 'passkey' } as const
  return permits(access, actor, { action: 'decide_change', on: { workspace }, now })
}
