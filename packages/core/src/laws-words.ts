/** What every law of a change speaks of: one entry with the state before it, and who was permitted. */
import { type AccessAction, permits } from './access.ts'
import type { Change, Recorded } from './change.ts'
import type { ChangeId, WorkspaceId } from './ids.ts'
import { actorOf, type BrokenLaw, type World } from './world.ts'

export interface ChangeEntry {
  readonly id: ChangeId
  readonly before: Change | null
  readonly recorded: Recorded
}

export function law(number: string, problem: string): BrokenLaw {
  return { law: number, problem }
}

/** Whether the entry's actor was permitted to ask for this, as access was at that moment. */
export function may(
  world: World,
  recorded: Recorded,
  asked: { readonly action: AccessAction; readonly workspace: WorkspaceId },
): boolean {
  const actor = actorOf(world.access, recorded.actor)
  const on = { workspace: asked.workspace }
  return (
    actor !== null && permits(world.access, actor, { action: asked.action, on, now: recorded.at })
  )
}
