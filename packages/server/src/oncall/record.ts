/**
 * What a reading makes of the log: an entry only where somebody else is on call, or where what the
 * log says is about to end. An unchanged schedule writes twice a day and no more.
 */
import type { AccessEvent, Instant, OnCall, PersonId } from '@holdpoint/core'

type OnCallSet = Extract<AccessEvent, { type: 'on_call_set' }>

const HOUR_MS = 3_600_000
/** The log takes a day at most; after this nobody is on call by it. */
const LASTS_MS = 23 * HOUR_MS
const RENEWED_BELOW_MS = 11 * HOUR_MS
/** A turn is handed over by the next reading, not by a gap of a minute. */
export const HANDOVER_MS = 90_000
/** Nobody is on call by a schedule that could not be read for so long. */
export const UNREAD_MS_MAX = 10 * 60_000

export interface Wanted {
  readonly tiers: readonly (readonly PersonId[])[]
  readonly endsAt: Instant | null
}

export function onCallEntry(
  schedule: string,
  known: OnCall | undefined,
  { wanted, now }: { readonly wanted: Wanted; readonly now: Instant },
): OnCallSet | null {
  const { tiers, endsAt } = wanted
  const ends = endsAt === null ? now + LASTS_MS : endsAt + HANDOVER_MS
  const until = Math.min(ends, now + LASTS_MS)
  const event: OnCallSet = { type: 'on_call_set', schedule, tiers, until }
  const isNobody = tiers.every((tier) => tier.length === 0)
  const live = known !== undefined && now < known.until ? known.tiers : []
  if (isNobody && live.every((tier) => tier.length === 0)) return null
  if (known === undefined || !isSame(live, tiers)) return until <= now ? null : event
  return known.until - now < RENEWED_BELOW_MS && until > known.until + HANDOVER_MS ? event : null
}

/** What is left when a source has not been read for too long: nobody. */
export function lapsedEntry(
  schedule: string,
  known: OnCall | undefined,
  read: { readonly at: Instant | null; readonly now: Instant },
): OnCallSet | null {
  if (read.at !== null && read.now - read.at < UNREAD_MS_MAX) return null
  return onCallEntry(schedule, known, { wanted: { tiers: [], endsAt: null }, now: read.now })
}

function isSame(one: Wanted['tiers'], other: Wanted['tiers']): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
