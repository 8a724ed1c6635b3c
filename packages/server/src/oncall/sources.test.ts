import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startOpsgenie, startPagerDuty } from '../../test/on-call-services.ts'
import { fetchText } from '../io/fetch.ts'
import { Secret } from '../io/secret.ts'
import { calendar } from './calendar.ts'
import { opsgenie } from './opsgenie.ts'
import { pagerduty } from './pagerduty.ts'
import { ON_CALL_SOURCES } from './registry.ts'
import type { SourceIo } from './source.ts'

const NOW = Date.parse('2026-06-01T10:00:00Z')
const io: SourceIo = {
  fetchText,
  readFile: async () => {
    throw new Error('no file is asked for')
  },
}
const settings = { schedule: 'payments', people: {}, token: 'env:KEY' } as const

test('PagerDuty: levels are tiers, and every page is read', async () => {
  const fake = await startPagerDuty('key', [
    { user: 'P2', level: 2, end: '2026-06-02T00:00:00Z' },
    { user: 'P1', level: 1, end: '2026-06-01T18:00:00+02:00' },
    { user: 'P3', level: 1, end: null },
    { user: 'P1', level: 1, end: '2026-06-01T16:00:00Z' },
  ])
  const config = {
    ...settings,
    kind: 'pagerduty',
    id: 'PAY',
    of: 'schedule',
    url: fake.url,
  } as const

  const reading = await pagerduty.create(config, new Secret('key'), io).read(NOW)

  assert.deepEqual(reading.tiers, [['P1', 'P3'], ['P2']])
  assert.equal(reading.endsAt, Date.parse('2026-06-01T16:00:00Z'))
  await assert.rejects(pagerduty.create(config, new Secret('wrong'), io).read(NOW), /answered 401/)
  const other = pagerduty.create({ ...config, id: 'OTHER' }, new Secret('key'), io)
  await assert.rejects(other.read(NOW), /answered 404/)
  await fake.close()
})

test('Opsgenie: who is called at once is the first tier, who an escalation calls later is not', async () => {
  const fake = await startOpsgenie('key', [
    { id: 'u-1', name: 'ada@example.com', type: 'user' },
    {
      id: 'e-1',
      type: 'escalation',
      onCallParticipants: [
        { id: 'u-2', name: 'bea', type: 'user', escalationTime: 0, notifyType: 'default' },
        {
          id: 't-1',
          type: 'team',
          escalationTime: 15,
          onCallParticipants: [{ id: 'u-3', name: 'cleo', type: 'user' }],
        },
      ],
    },
    { type: 'none' },
  ])
  const config = { ...settings, kind: 'opsgenie', id: 's-1', url: fake.url } as const

  const reading = await opsgenie.create(config, new Secret('key'), io).read(NOW)

  assert.deepEqual(reading.tiers, [['u-1', 'u-2'], ['u-3']])
  await assert.rejects(opsgenie.create(config, new Secret('wrong'), io).read(NOW), /answered 401/)
  await fake.close()
  await assert.rejects(opsgenie.create(config, new Secret('key'), io).read(NOW), {
    code: 'source_failed',
  })
})

test('a calendar is read from its file each time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-calendar-'))
  const path = join(folder, 'team.ics')
  const event = (who: string) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260601T000000Z\r\nDTEND:20260602T000000Z\r\nATTENDEE:mailto:${who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
  const { readFile } = await import('node:fs/promises')
  const source = calendar.create(
    { kind: 'calendar', schedule: 'payments', people: {}, at: `file:${path}` },
    null,
    { ...io, readFile: (each) => readFile(each, 'utf8') },
  )

  await writeFile(path, event('ada@example.com'))
  assert.deepEqual((await source.read(NOW)).tiers, [['ada@example.com']])
  await writeFile(path, event('bea@example.com'))
  assert.deepEqual((await source.read(NOW)).tiers, [['bea@example.com']])
  await rm(folder, { recursive: true })
  await assert.rejects(source.read(NOW))
})

test('every kind has a file of its own and stands in the registry', () => {
  const files = readdirSync(new URL('.', import.meta.url))
  const others = ['open.ts', 'poll.ts', 'record.ts', 'registry.ts', 'source.ts']
  const kinds = files.filter((each) => !each.endsWith('.test.ts') && !others.includes(each))

  assert.deepEqual(kinds.map((each) => each.replace('.ts', '')).toSorted(), [
    ...Object.keys(ON_CALL_SOURCES).toSorted(),
  ])
  for (const [name, { kind }] of Object.entries(ON_CALL_SOURCES)) assert.equal(kind, name)
})
