/**
 * Reads who a hold asks for. A hold that asks nobody does not exist: an empty list, a count of
 * zero, or a slot without anyone to fill it is a problem (I13).
 */

import {
  ASSURANCES,
  type Assurance,
  type Escalation,
  type Requirement,
  type Slot,
} from '../verdict.ts'
import { ASSURANCE_DEFAULT, HOLD_SECONDS_MAX, MESSAGE_LENGTH_MAX } from './document.ts'
import { sortedUnique } from './requirement.ts'
import type { Place, PolicyReader } from './yaml.ts'

const COUNT_MAX = 20
const REMINDERS_MAX = 10
const NAMED = '[A-Za-z0-9][A-Za-z0-9._-]{0,99}'
/** `oncall:<schedule>` is its first tier, `oncall:<schedule>/2` the second. */
const REF = new RegExp(`^(?:(?:team|person):${NAMED}|oncall:${NAMED}(?:/(?:[1-9]|10))?)$`)
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

export function readHold(reader: PolicyReader, place: Place): Requirement | null {
  const keys = reader.mapping(place, {
    required: ['approvals'],
    optional: ['assurance', 'expires', 'escalate', 'remind'],
  })
  const [approvals, assurance, expires, escalate, remind] = [
    'approvals',
    'assurance',
    'expires',
    'escalate',
    'remind',
  ].map((key) => keys?.get(key))
  const slots = approvals === undefined ? null : readSlots(reader, approvals)
  const strength = assurance === undefined ? ASSURANCE_DEFAULT : readAssurance(reader, assurance)
  const seconds =
    expires === undefined ? HOLD_SECONDS_MAX : readDuration(reader, expires, HOLD_SECONDS_MAX)
  const escalation = escalate === undefined ? undefined : readEscalation(reader, escalate)
  const reminders = remind === undefined ? [] : readReminders(reader, remind, seconds)
  if (slots === null || strength === null || seconds === null) return null
  if (escalation === null || reminders === null) return null
  const all = slots.map((slot) => ({
    ...slot,
    ...(escalation === undefined ? {} : { escalate: escalation }),
    ...(reminders.length === 0 ? {} : { remindSeconds: reminders }),
  }))
  return { slots: all, assurance: strength, expiresSeconds: seconds }
}

/** One duration or several, all before the hold is over. */
function readReminders(
  reader: PolicyReader,
  place: Place,
  expiresSeconds: number | null,
): readonly number[] | null {
  const items = reader.isList(place) ? (reader.list(place) ?? []) : [place]
  if (items.length === 0 || items.length > REMINDERS_MAX) {
    reader.problem(place, `a hold reminds 1 to ${REMINDERS_MAX} times; leave remind out for never`)
    return null
  }
  const read = items.map((item) => {
    const seconds = readDuration(reader, item, HOLD_SECONDS_MAX)
    const isLate = seconds !== null && expiresSeconds !== null && seconds >= expiresSeconds
    if (isLate) reader.problem(item, 'the hold is over by then: remind before it expires')
    return isLate ? null : seconds
  })
  if (!read.every((seconds) => seconds !== null)) return null
  return [...new Set(read)].toSorted((one, other) => one - other)
}

/** Who may fill the slots of this hold too, after a time. */
function readEscalation(reader: PolicyReader, place: Place): Escalation | null {
  const keys = reader.mapping(place, { required: ['after', 'to'], optional: [] })
  const [after, to] = [keys?.get('after'), keys?.get('to')]
  const afterSeconds = after === undefined ? null : readDuration(reader, after, HOLD_SECONDS_MAX)
  const refs = to === undefined ? null : readRefs(reader, to)
  return afterSeconds === null || refs === null ? null : { afterSeconds, to: refs }
}

/** `30s`, `15m` or `4h`: at least a second, at most `maxSeconds`. */
export function readDuration(
  reader: PolicyReader,
  place: Place,
  maxSeconds: number,
): number | null {
  const text = reader.text(place, 'expected a duration such as 15m or 4h')
  if (text === null) return null
  const [, amount = '', unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? []
  const seconds = Number(amount) * (UNIT_SECONDS[unit] ?? 0)
  if (seconds >= 1 && seconds <= maxSeconds) return seconds
  const limit = maxSeconds % 3600 === 0 ? `${maxSeconds / 3600}h` : `${maxSeconds / 60}m`
  reader.problem(place, `expected a duration such as 15m or 4h, at most ${limit}`)
  return null
}

/** The "why" line: one line, at most 60 characters. */
export function readMessage(reader: PolicyReader, place: Place): string | null {
  const text = reader.text(place)
  if (text === null) return null
  const length = [...text].length
  if (length > MESSAGE_LENGTH_MAX)
    reader.problem(place, `a message has at most ${MESSAGE_LENGTH_MAX} characters, not ${length}`)
  else if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text) || text.trim() === '')
    reader.problem(place, 'a message is one line of text')
  else return text
  return null
}

function readSlots(reader: PolicyReader, place: Place): readonly Slot[] | null {
  const items = reader.list(place)
  if (items === null) return null
  if (items.length === 0) {
    reader.problem(place, 'approvals is empty: a hold needs at least one person')
    return null
  }
  const slots = items.map((item) => readSlot(reader, item))
  const froms = slots.map((slot) => slot?.from.join(' '))
  for (const [at, item] of items.entries())
    if (froms[at] !== undefined && froms.indexOf(froms[at]) < at)
      reader.problem(item, 'the same from again: use count to ask for more people')
  return slots.every((slot) => slot !== null) ? slots : null
}

function readSlot(reader: PolicyReader, place: Place): Slot | null {
  const keys = reader.mapping(place, { required: ['from'], optional: ['count'] })
  const [from, count] = [keys?.get('from'), keys?.get('count')]
  const refs = from === undefined ? null : readRefs(reader, from)
  const people = count === undefined ? 1 : reader.integer(count, { min: 1, max: COUNT_MAX })
  return refs === null || people === null ? null : { from: refs, count: people }
}

function readRefs(reader: PolicyReader, place: Place): readonly string[] | null {
  const items = reader.list(place)
  if (items === null) return null
  if (items.length === 0) {
    reader.problem(place, 'from is empty: nobody could fill this slot')
    return null
  }
  const refs = items.map((item) => readRef(reader, item))
  return refs.every((ref) => ref !== null) ? sortedUnique(refs) : null
}

function readRef(reader: PolicyReader, place: Place): string | null {
  const expected = 'expected team:<name>, person:<id> or oncall:<schedule>'
  const text = reader.text(place, expected)
  if (text === null || REF.test(text)) return text
  reader.problem(place, expected)
  return null
}

function readAssurance(reader: PolicyReader, place: Place): Assurance | null {
  const text = reader.text(place)
  const found = ASSURANCES.find((one) => one === text)
  if (found !== undefined) return found
  if (text !== null) reader.problem(place, `expected one of ${ASSURANCES.join(', ')}`)
  return null
}
