/**
 * A calendar (iCalendar, RFC 5545): who attends an event that is on now is on call. Recurring events,
 * their exceptions and time zones count as the calendar says them. An event's PRIORITY is its tier;
 * without one it is the first.
 */
import type { Instant } from '@holdpoint/core'
import ical from 'ical.js'
import { z } from 'zod'
import { address, type Reading, SCHEDULE, type SourceIo, sourceKind, TIERS_MAX } from './source.ts'

const HORIZON_MS = 31 * 24 * 60 * 60 * 1000
/** A rule that began long ago and repeats daily stays far below. */
const OCCURRENCES_MAX = 20_000

const Config = z.strictObject({
  kind: z.literal('calendar'),
  ...SCHEDULE,
  at: z
    .union([address, z.string().regex(/^file:.+/, 'must be file:<path> or an https address')])
    .describe('`file:<path>` or an https address; read again every minute.'),
})
type Config = z.output<typeof Config>

export const calendar = sourceKind({
  kind: 'calendar',
  summary: 'A calendar file or address (iCalendar); PRIORITY is the tier.',
  config: Config,
  create: (config, _secret, io) => ({
    read: async (now) => readCalendar(await textOf(config, io), now),
  }),
})

async function textOf({ at }: Config, io: SourceIo): Promise<string> {
  if (at.startsWith('file:')) return io.readFile(at.slice('file:'.length))
  const { status, text } = await io.fetchText(new URL(at), { headers: { accept: 'text/calendar' } })
  if (status !== 200) throw new Error(`the calendar’s address answered ${status}`)
  return text
}

interface Shift {
  readonly from: Instant
  readonly until: Instant
  readonly tier: number
  readonly people: readonly string[]
}

export function readCalendar(text: string, now: Instant): Reading {
  const shifts = shiftsOf(text, now)
  const on = shifts.filter(({ from, until }) => from <= now && now < until)
  const deepest = Math.max(0, ...on.map(({ tier }) => tier))
  const tiers = Array.from({ length: deepest }, (_, at) => [
    ...new Set(on.flatMap(({ tier, people }) => (tier === at + 1 ? people : [])).toSorted()),
  ])
  // Whoever comes beside those who are on changes the tiers as much as who goes.
  const begins = shifts.flatMap(({ from }) => (from > now ? [from] : []))
  const ends = [...on.map(({ until }) => until), ...begins]
  const nextAt = begins.length === 0 ? null : Math.min(...begins)
  return { tiers, endsAt: on.length === 0 ? null : Math.min(...ends), nextAt }
}

function shiftsOf(text: string, now: Instant): readonly Shift[] {
  const root = new ical.Component(ical.parse(text))
  if (root.name !== 'vcalendar') throw new Error('this is not one calendar')
  const components = root.getAllSubcomponents('vevent')
  const isException = (each: InstanceType<typeof ical.Component>) =>
    each.hasProperty('recurrence-id')
  const exceptions = components.filter(isException)
  return components
    .filter((each) => !isException(each))
    .flatMap((component) => {
      const event = new ical.Event(component, { strictExceptions: true, exceptions: [] })
      for (const each of exceptions)
        if (each.getFirstPropertyValue('uid') === event.uid) event.relateException(each)
      return occurrencesOf(event, now)
    })
}

function occurrencesOf(event: InstanceType<typeof ical.Event>, now: Instant): readonly Shift[] {
  if (!event.isRecurring()) {
    const { startDate, endDate } = event
    return shiftOf({ item: event, startDate, endDate }, now)
  }
  const shifts: Shift[] = []
  const iterator = event.iterator()
  for (let at = 0; at < OCCURRENCES_MAX; at += 1) {
    const next = iterator.next()
    if (next === undefined || next === null) return shifts
    if (instantOf(next) > now + HORIZON_MS) return shifts
    shifts.push(...shiftOf(event.getOccurrenceDetails(next), now))
  }
  throw new Error('an event of the calendar repeats too often to be read')
}

interface Occurrence {
  readonly item: InstanceType<typeof ical.Event>
  readonly startDate: InstanceType<typeof ical.Time>
  readonly endDate: InstanceType<typeof ical.Time>
}

/** None for what is over, far away or cancelled. */
function shiftOf({ item, startDate, endDate }: Occurrence, now: Instant): readonly Shift[] {
  const [from, until] = [instantOf(startDate), instantOf(endDate)]
  const status = item.component.getFirstPropertyValue('status')
  if (until <= now || from > now + HORIZON_MS || status === 'CANCELLED') return []
  const priority = Number(item.component.getFirstPropertyValue('priority') ?? 1)
  const tier = priority >= 1 && priority <= TIERS_MAX ? priority : 1
  const people = item.attendees.flatMap((attendee) => {
    const value = attendee.getFirstValue()
    return typeof value === 'string' ? [value.replace(/^mailto:/i, '').toLowerCase()] : []
  })
  return [{ from, until, tier, people }]
}

/** A time without a zone would be another moment on every machine. */
function instantOf(time: InstanceType<typeof ical.Time>): Instant {
  if (time.zone?.tzid === 'floating' && !time.isDate)
    throw new Error('an event of the calendar has a time without a zone')
  return time.isDate ? Date.UTC(time.year, time.month - 1, time.day) : time.toUnixTime() * 1000
}
