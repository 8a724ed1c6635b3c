import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  accept,
  addCast,
  openRun,
  startTestServer,
  type TestServer,
  untilStatus,
} from '../../test/server-story.ts'

const HOUR = 3_600_000
const POLICY = `version: 1
default: { hold: { approvals: [{ from: [oncall:payments] }], assurance: development } }
`

let story: TestServer
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-on-call-'))
  story = await startTestServer({
    fileText: `onCall:
  - schedule: payments
    kind: calendar
    at: file:${join(folder, 'team.ics')}
    people: { jonas@example.com: jonas, theo@example.com: theo }
`,
  })
  await addCast(story)
  await accept(story, { type: 'grant_role', person: 'theo', role: 'admin', workspace: null })
  const push = { body: { text: POLICY, basedOn: 0 } }
  assert.ok((await story.admin.call('pushPolicy', push)).ok)
})
after(async () => {
  await story.close()
  await rm(folder, { recursive: true })
})

const stamp = (at: number) => `${new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')}`

/** Jonas from then on for two hours, theo an hour after that. */
async function write(from: number): Promise<void> {
  const event = (who: string, begins: number) => `BEGIN:VEVENT
UID:${who}
DTSTAMP:${stamp(from)}
DTSTART:${stamp(begins)}
DTEND:${stamp(begins + 2 * HOUR)}
ATTENDEE:mailto:${who}@example.com
END:VEVENT
`
  const events = event('jonas', from) + event('theo', from + 3 * HOUR)
  const text = `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n${events}END:VCALENDAR\n`
  await writeFile(join(folder, 'team.ics'), text)
}

describe('a slot that asks for who is on call', () => {
  it('has nobody while nobody is, and says when the next turn begins', async () => {
    await write(Date.now() + HOUR)
    await story.server.readSchedules()
    const { change } = await openRun(story.as('mira'), { workspace: 'payments/on-call' })

    const { slots } = await untilStatus(story.as('ada'), change, 'held')

    assert.deepEqual(slots[0]?.candidates, [])
    assert.ok(Math.abs((slots[0]?.nextTurnAt ?? 0) - Date.now() - HOUR) < 60_000)
    const access = await story.as('theo').call('access', {})
    assert.ok(access.ok)
    const [schedule] = access.value.schedules
    assert.deepEqual([schedule?.people, schedule?.tiers], [['jonas', 'theo'], []])
  })

  it('is filled by who is, until the turn ends, and by nobody else', async () => {
    await write(Date.now() - HOUR)
    await story.server.readSchedules()
    const run = await openRun(story.as('mira'), { workspace: 'payments/on-call' })
    const { change } = run
    const { slots } = await untilStatus(story.as('ada'), change, 'held')

    assert.deepEqual(
      slots[0]?.candidates.map(({ name, for: absent }) => [name, absent]),
      [['jonas Doe', null]],
    )
    const until = slots[0]?.candidates[0]?.onCallUntil ?? 0
    assert.ok(Math.abs(until - Date.now() - HOUR) < 3 * 60_000)
    const body = { fingerprint: run.binding.fingerprint, reason: null }
    const refused = await story.as('ada').call('approve', { params: { change }, body })
    assert.equal(refused.ok ? '' : refused.problem.code, 'not_eligible')
    assert.ok((await story.as('jonas').call('approve', { params: { change }, body })).ok)
    await untilStatus(story.as('mira'), change, 'released')
  })
})
