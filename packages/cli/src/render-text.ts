/** Small pieces of text that every screen is made of: safe, short, and in one grammar. */
import { requesterText, safeText } from '@holdpoint/core'

/** Text from anywhere, as one line that cannot do anything to a terminal. */
export function safe(text: string, charactersMax?: number): string {
  return safeText(text, charactersMax).text
}

/** What somebody typed, in quotation marks that it cannot end by itself. */
export function quoted(text: string, charactersMax = 300): string {
  return `"${safe(text, charactersMax).replaceAll('"', '\\"')}"`
}

interface Asked {
  readonly requester: { readonly kind: string; readonly name: string | null }
  readonly agent: boolean
  readonly agentName: string | null
}

/** `Lars Holm`, `an agent (deploy-bot) for Lars Holm`. */
export function askedBy({ requester, agent, agentName }: Asked): string {
  const name = requester.name ?? requester.kind
  return safe(requesterText({ name, isPerson: requester.kind === 'person', agent, agentName }))
}

/** Cut in the middle, so that both the beginning and the end stay readable. */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= width) return text
  const keep = width - 1
  const tail = Math.ceil(keep * 0.7)
  return `${text.slice(0, keep - tail)}…${text.slice(text.length - tail)}`
}

/** Cut at the end. */
export function cutEnd(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** `41 s`, `3 min`, `3 h 57 min`, `2 days`: two units at most. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s`
  const minutes = Math.floor(ms / MINUTE)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** What is left: up to the minute, and of half a day or more to the hour, so that a day is a day. */
export function left(milliseconds: number): string {
  if (milliseconds < MINUTE) return duration(milliseconds)
  if (milliseconds >= 12 * HOUR) return duration(Math.round(milliseconds / HOUR) * HOUR)
  return duration(Math.ceil(milliseconds / MINUTE) * MINUTE)
}

/** With seconds below an hour: for how long an apply took. */
export function exactDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes >= 60) return duration(milliseconds)
  return `${minutes} min ${seconds % 60} s`
}

/** Clock time in the reader's zone; with the date where the time alone could mean another day. */
export function clock(at: number, now: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  const sameDay = date.toDateString() === new Date(now).toDateString()
  if (sameDay || Math.abs(at - now) < 12 * 60 * MINUTE) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}

/** `1 resource`, `2 resources`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The form in which people say a change's id. */
export function shortId(id: string): string {
  return id.replace(/^chg_/, '').slice(0, 6)
}

/** First and last 8 hex digits in groups of 4, as the page shows a fingerprint. */
export function shortFingerprint(fingerprint: string): string {
  const groups = (text: string): string => `${text.slice(0, 4)} ${text.slice(4)}`
  return `${groups(fingerprint.slice(0, 8))} … ${groups(fingerprint.slice(-8))}`
}
