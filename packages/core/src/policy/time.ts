/**
 * Calendar fields of a point in time in a named zone. A function of its arguments alone: the zone
 * of the machine must never decide whether it is Friday, so local getters of Date are not used.
 */

import type { Instant } from '../instant.ts'
import { CannotEvaluate } from './error.ts'

/** Numbering as CEL has it: months, days of month and days of year from 0, Sunday is 0. */
const FIELDS: Readonly<Record<string, (local: Date) => number>> = {
  getFullYear: (local) => local.getUTCFullYear(),
  getMonth: (local) => local.getUTCMonth(),
  getDate: (local) => local.getUTCDate(),
  getDayOfMonth: (local) => local.getUTCDate() - 1,
  getDayOfWeek: (local) => local.getUTCDay(),
  getDayOfYear: (local) => dayOfYear(local),
  getHours: (local) => local.getUTCHours(),
  getMinutes: (local) => local.getUTCMinutes(),
  getSeconds: (local) => local.getUTCSeconds(),
  getMilliseconds: (local) => local.getUTCMilliseconds(),
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const OFFSET = /^([+-])(\d\d):(\d\d)$/

export function isCalendarField(name: string): boolean {
  return Object.hasOwn(FIELDS, name)
}

/** `zone` is an IANA name such as `Europe/Berlin`, or an offset such as `+02:00`. */
export function calendarField(
  name: string,
  moment: { readonly at: Instant; readonly zone: unknown },
): bigint {
  const field = FIELDS[name]
  const local = typeof moment.zone === 'string' ? shifted(moment.at, moment.zone) : null
  if (field === undefined || local === null)
    throw new CannotEvaluate('names a time zone that does not exist')
  return BigInt(field(local))
}

export function isZone(zone: string): boolean {
  return shifted(0, zone) !== null
}

/** The wall clock of the zone, carried by the UTC fields of a Date. */
function shifted(at: Instant, zone: string): Date | null {
  if (zone === 'UTC') return new Date(at)
  const offset = OFFSET.exec(zone)
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3])
    return new Date(at + (offset[1] === '-' ? -minutes : minutes) * MINUTE_MS)
  }
  const format = formatOf(zone)
  return format === null ? null : wallClock(at, format)
}

function wallClock(at: Instant, format: Intl.DateTimeFormat): Date {
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]))
  const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const second = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  return new Date(second + (((at % 1000) + 1000) % 1000))
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    // The only thing that throws here: a zone that this platform does not know.
    if (error instanceof RangeError) return null
    throw error
  }
}

function dayOfYear(local: Date): number {
  const start = Date.UTC(local.getUTCFullYear(), 0, 1)
  return Math.floor((local.getTime() - start) / DAY_MS)
}
