/** Who can unblock a change right now: per slot who filled it, who could, and in what part. */
import type { views } from '@holdpoint/api'
import {
  type Change,
  fillingOf,
  type Instant,
  refsOf,
  type SlotState,
  scheduleNamed,
} from '@holdpoint/core'
import type { z } from 'zod'
import type { Services } from './services.ts'
import { type ScheduleRow, schedules } from './store/schedules.ts'
import { slotsOf, type Viewer } from './views-row.ts'

type SlotView = z.input<typeof views.SlotView>

export async function slotViews(
  change: Change,
  viewer: Viewer,
  services: Services,
): Promise<readonly SlotView[]> {
  const slots = slotsOf(change, viewer)
  const asksShifts = slots.some(({ slot }) =>
    [...slot.from, ...(slot.escalate?.to ?? [])].some((ref) => scheduleNamed(ref) !== null),
  )
  const turns = asksShifts ? await schedules(services.database.kysely) : new Map()
  return slots.map((state) => ({
    ...slotView(state, change, viewer),
    nextTurnAt: nextTurn(
      refsOf(state.slot, { openedAt: change.openedAt, now: viewer.now }),
      turns,
      viewer.now,
    ),
  }))
}

function slotView(state: SlotState, change: Change, viewer: Viewer): Omit<SlotView, 'nextTurnAt'> {
  const { names, actor, access, now } = viewer
  const filledBy = state.filledBy.flatMap((person) => {
    const decision = change.decisions.find((each) => each.person === person)
    if (decision === undefined) return []
    return [{ person, name: names.person(person), at: decision.at, assurance: decision.assurance }]
  })
  const you = actor.kind === 'person' ? actor.id : null
  const candidates = state.candidates.map((person) => {
    const { onCallUntil, for: absent } = fillingOf(access, state.slot, {
      person,
      openedAt: change.openedAt,
      now,
    })
    const name = names.person(person)
    const lent = absent === null ? null : names.person(absent)
    return { person, name, you: person === you, onCallUntil, for: lent }
  })
  return { slot: state.slot, filledBy, candidates }
}

/** The earliest of the schedules that the slot names; `null` where none is known. */
function nextTurn(
  refs: readonly string[],
  turns: ReadonlyMap<string, ScheduleRow>,
  now: Instant,
): Instant | null {
  const next = refs.flatMap((ref) => turns.get(scheduleNamed(ref) ?? '')?.nextAt ?? [])
  const coming = next.filter((at) => at > now)
  return coming.length === 0 ? null : Math.min(...coming)
}
