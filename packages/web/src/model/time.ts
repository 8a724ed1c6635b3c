/**
 * Times as people read them: relative up to a day, with the clock time, never ticking by the
 * second except in the last two minutes. Zone is an argument; undefined means the reader's own.
 */
export interface Moment {
  readonly now: number
  /** IANA name; undefined is the zone of the browser. */
  readonly zone?: string | undefined
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function format(at: number, moment: Moment, options: Intl.DateTimeFormatOptions): string {
  const zone = moment.zone === undefined ? {} : { timeZone: moment.zone }
  return new Intl.DateTimeFormat('en-GB', { ...options, ...zone }).format(at)
}

function dayOf(at: number, moment: Moment): string {
  return format(at, moment, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

export function clock(at: number, moment: Moment): string {
  return format(at, moment, { hour: '2-digit', minute: '2-digit', hour12: false })
}

export function clockSeconds(at: number, moment: Moment): string {
  return format(at, moment, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
}

/** `02:14`, `yesterday 16:04`, `18 November 09:30`, `18 November 2025`. */
export function moment(at: number, when: Moment): string {
  const time = clock(at, when)
  if (dayOf(at, when) === dayOf(when.now, when)) return time
  if (dayOf(at, when) === dayOf(when.now - DAY, when)) return `yesterday ${time}`
  if (dayOf(at, when) === dayOf(when.now + DAY, when)) return `tomorrow ${time}`
  return `${day(at, when)} ${time}`
}

export function day(at: number, when: Moment): string {
  const sameYear =
    format(at, when, { year: 'numeric' }) === format(when.now, when, { year: 'numeric' })
  return format(at, when, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  })
}

/** `Today`, `Yesterday`, `Tuesday, 24 November`. */
export function weekday(at: number, when: Moment): string {
  if (dayOf(at, when) === dayOf(when.now, when)) return 'Today'
  if (dayOf(at, when) === dayOf(when.now - DAY, when)) return 'Yesterday'
  return `${format(at, when, { weekday: 'long' })}, ${day(at, when)}`
}

export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `3 h 38 min`, `41 min`, `95 s`: seconds only in the last two minutes. */
export function duration(milliseconds: number): string {
  const rest = Math.max(0, milliseconds)
  if (rest < 2 * MINUTE) return `${Math.floor(rest / 1000)} s`
  if (rest < HOUR) return `${Math.floor(rest / MINUTE)} min`
  if (rest < DAY) return pair(rest, { unit: HOUR, name: 'h', part: MINUTE, partName: 'min' })
  return pair(rest, { unit: DAY, name: 'd', part: HOUR, partName: 'h' })
}

/** What is left: up to the minute, and of half a day or more to the hour, so that a day is a day. */
export function left(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return duration(milliseconds)
  if (milliseconds >= 12 * HOUR) return duration(Math.round(milliseconds / HOUR) * HOUR)
  return duration(Math.ceil(milliseconds / MINUTE) * MINUTE)
}

/** `3 min 12 s`, for something that ended. */
export function exactDuration(milliseconds: number): string {
  const rest = Math.max(0, milliseconds)
  if (rest < MINUTE) return `${Math.round(rest / 1000)} s`
  if (rest < HOUR) return pair(rest, { unit: MINUTE, name: 'min', part: 1000, partName: 's' })
  return duration(rest)
}

function pair(
  rest: number,
  step: { unit: number; name: string; part: number; partName: string },
): string {
  const whole = Math.floor(rest / step.unit)
  const part = Math.floor((rest % step.unit) / step.part)
  const partText = String(part).padStart(step.part === MINUTE ? 2 : 1, '0')
  return part === 0 ? `${whole} ${step.name}` : `${whole} ${step.name} ${partText} ${step.partName}`
}

export function ago(at: number, when: Moment): string {
  const passed = when.now - at
  if (passed < 2_000) return 'just now'
  return passed < DAY ? `${duration(passed)} ago` : moment(at, when)
}

/** Milliseconds until a text made from `until` would read differently. */
export function nextTickMs(until: number | null, now: number): number {
  if (until !== null && Math.abs(until - now) < 2 * MINUTE) return 1000
  return 15_000
}
