/** What happened since the reader last saw the page, in one sentence; null when nothing did. */
import { actorName } from './actors.ts'
import type { TimelineEntry } from './wire.ts'

const SENTENCES: { readonly [type: string]: string } = {
  approved: 'approved',
  rejected: 'rejected it',
  approval_taken_back: 'took an approval back',
  replanned: 'planned the same again',
  released: 'released it',
  returned_to_hold: 'put it back on hold',
  execution_started: 'started it',
  execution_refused: 'refused to start it',
  execution_finished: 'finished it',
  outcome_unknown: 'lost track of it',
  outcome_resolved: 'said what happened',
  superseded: 'superseded it',
  withdrawn: 'withdrew it',
  expired: 'closed it, its time was up',
  evaluated: 'evaluated it',
}

export function newsOf(
  timeline: readonly TimelineEntry[],
  since: { readonly after: number; readonly me: string | null },
): string | null {
  const fresh = timeline.filter((entry) => entry.seq > since.after)
  const others = fresh.filter((entry) => entry.actor.id === null || entry.actor.id !== since.me)
  const last = others.at(-1)
  if (last === undefined) return null
  const verb = SENTENCES[last.type] ?? last.type.replaceAll('_', ' ')
  return `${actorName(last.actor)} ${verb}.`
}
