import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCalendar } from './calendar.ts'

const BERLIN = `BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
`
const calendar = (...events: readonly string[]) =>
  `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n${BERLIN}${events
    .map((event) => `BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n${event}\nEND:VEVENT\n`)
    .join('')}END:VCALENDAR\n`

/** Ada from Monday to Monday at nine, every other week; Bea in the weeks between. */
const WEEKS = calendar(
  `UID:a
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260112T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
ATTENDEE:mailto:Ada@Example.com`,
  `UID:b
DTSTART;TZID=Europe/Berlin:20260112T090000
DTEND;TZID=Europe/Berlin:20260119T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
ATTENDEE:mailto:bea@example.com`,
)
const at = (text: string) => Date.parse(text)

test('who attends the event that is on now is on call until it ends', () => {
  assert.deepEqual(readCalendar(WEEKS, at('2026-06-08T06:59:59Z')), {
    tiers: [['bea@example.com']],
    endsAt: at('2026-06-08T07:00:00Z'),
    nextAt: at('2026-06-08T07:00:00Z'),
  })
  // Nine in Berlin is an hour earlier in summer than in winter.
  assert.deepEqual(readCalendar(WEEKS, at('2026-06-08T07:00:00Z')).tiers, [['ada@example.com']])
  assert.deepEqual(readCalendar(WEEKS, at('2026-01-12T08:00:00Z')).tiers, [['bea@example.com']])
})

test('an exception of a recurring event counts instead of it, and a cancelled one not at all', () => {
  const event = `UID:a
DTSTART:20260601T080000Z
DTEND:20260601T200000Z
RRULE:FREQ=DAILY
EXDATE:20260604T080000Z
ATTENDEE:mailto:ada@example.com`
  const swapped = `UID:a
RECURRENCE-ID:20260603T080000Z
DTSTART:20260603T080000Z
DTEND:20260603T120000Z
ATTENDEE:mailto:bea@example.com`
  const off = `UID:c
DTSTART:20260605T000000Z
DTEND:20260606T000000Z
STATUS:CANCELLED
ATTENDEE:mailto:cleo@example.com`
  const read = (text: string) => readCalendar(calendar(event, swapped, off), at(text)).tiers

  assert.deepEqual(read('2026-06-02T10:00:00Z'), [['ada@example.com']])
  assert.deepEqual(read('2026-06-03T10:00:00Z'), [['bea@example.com']])
  assert.deepEqual(read('2026-06-03T13:00:00Z'), [])
  assert.deepEqual(read('2026-06-04T10:00:00Z'), [])
  assert.deepEqual(read('2026-06-05T10:00:00Z'), [['ada@example.com']])
})

test('the priority of an event is its tier, and a new one beside it ends the turn', () => {
  const first = `UID:a
DTSTART:20260601T080000Z
DTEND:20260601T200000Z
ATTENDEE:mailto:ada@example.com`
  const second = `UID:b
DTSTART:20260601T120000Z
DTEND:20260601T200000Z
PRIORITY:2
ATTENDEE:mailto:bea@example.com
ATTENDEE:mailto:cleo@example.com`
  const text = calendar(first, second)

  assert.deepEqual(readCalendar(text, at('2026-06-01T09:00:00Z')), {
    tiers: [['ada@example.com']],
    endsAt: at('2026-06-01T12:00:00Z'),
    nextAt: at('2026-06-01T12:00:00Z'),
  })
  assert.deepEqual(readCalendar(text, at('2026-06-01T13:00:00Z')).tiers, [
    ['ada@example.com'],
    ['bea@example.com', 'cleo@example.com'],
  ])
})

test('nobody is on call between events, and it is said when the next begins', () => {
  const event = `UID:a
DTSTART:20260601T080000Z
DTEND:20260601T200000Z
ATTENDEE:mailto:ada@example.com`

  assert.deepEqual(readCalendar(calendar(event), at('2026-05-31T20:00:00Z')), {
    tiers: [],
    endsAt: null,
    nextAt: at('2026-06-01T08:00:00Z'),
  })
})

test('a time without a zone, what is no calendar and endless repeating are not read', () => {
  const floating = calendar('UID:a\nDTSTART:20260601T080000\nDTEND:20260601T200000')
  const endless = calendar(
    'UID:a\nDTSTART:20000101T000000Z\nDTEND:20000101T000001Z\nRRULE:FREQ=SECONDLY',
  )

  assert.throws(() => readCalendar(floating, 0), /without a zone/)
  assert.throws(() => readCalendar(endless, at('2026-06-01T00:00:00Z')), /repeats too often/)
  assert.throws(() => readCalendar('<html>', 0))
  assert.throws(() => readCalendar('BEGIN:VCARD\nEND:VCARD', 0), /not one calendar/)
})
