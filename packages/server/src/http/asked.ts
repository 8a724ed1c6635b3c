/**
 * What every handler asks first: may this actor do this here? Where one may not even see a change
 * or a workspace, it is not found, whether or not it exists.
 */
import {
  type Access,
  type AccessAction,
  type Actor,
  type ChangeId,
  permits,
  type Refusal,
  type Resource,
  type WorkspaceId,
} from '@holdpoint/core'
import { refusalOf } from '../permissions.ts'
import type { ChangeRecord } from '../ports.ts'
import type { Services } from '../services.ts'
import { findTexts } from '../store/texts.ts'
import { loadNames } from '../views-names.ts'
import type { Sight } from '../views-queries.ts'
import type { Viewer } from '../views-row.ts'
import { done, type Result, refused } from './handler.ts'

export async function viewerFor(actor: Actor, services: Services): Promise<Viewer> {
  const access = await services.gate.access()
  return {
    actor,
    access,
    now: services.clock.now(),
    names: await loadNames(services.database.kysely, access),
    planLines: services.planLines,
    text: async (digest) =>
      (await findTexts(services.database.kysely, [digest])).get(digest) ?? null,
  }
}

/** `null` when it is permitted. */
export async function problemOfAsking(
  actor: Actor,
  asked: { readonly action: AccessAction; readonly on: Resource },
  services: Services,
): Promise<Refusal | null> {
  const access = await services.gate.access()
  const ask = { ...asked, now: services.clock.now() }
  return permits(access, actor, ask) ? null : refusalOf({ access, actor, ask })
}

export async function seenChange(
  actor: Actor,
  id: ChangeId,
  services: Services,
): Promise<Result<ChangeRecord>> {
  const record = await services.gate.change(id)
  const missing = refused({ code: 'not_found', what: 'change' })
  if (record === null) return missing
  return (await sees(actor, record.change.workspace, services)) ? done(record) : missing
}

export async function sees(
  actor: Actor,
  workspace: WorkspaceId,
  services: Services,
): Promise<boolean> {
  const asked = { action: 'see_change', on: { workspace } } as const
  return (await problemOfAsking(actor, asked, services)) === null
}

/** What one may do in a workspace one may see; one that is not seen is not found. */
export async function problemInWorkspace(
  actor: Actor,
  asked: { readonly action: AccessAction; readonly workspace: WorkspaceId },
  services: Services,
): Promise<Refusal | null> {
  const { action, workspace } = asked
  const access = await services.gate.access()
  if (!access.workspaces.has(workspace) || !(await sees(actor, workspace, services)))
    return { code: 'not_found', what: 'workspace' }
  return problemOfAsking(actor, { action, on: { workspace } }, services)
}

/** The workspaces whose changes an actor may see. */
export function sightOf(access: Access, actor: Actor, now: number): Sight {
  const action = 'see_change'
  if (permits(access, actor, { action, on: 'installation', now })) return 'all'
  return [...access.workspaces.keys()].filter((workspace) =>
    permits(access, actor, { action, on: { workspace }, now }),
  )
}
