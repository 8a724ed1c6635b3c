import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { play } from '../../../test/fixtures/histories.ts'
import { histories } from '../../../test/fixtures/history-steps.ts'
import { ERIN, givenDigest, HOUR } from '../test/given.ts'
import { givenInstallation } from '../test/installation.ts'
import { lawOf, numbered } from '../test/log-story.ts'
import type { Entry } from './entry.ts'

const SEED = Number(process.env['SEED'] ?? 20_260_917)
const caught = new Map<string, number>()

interface Forgery {
  readonly name: string
  readonly of: Entry['event']['type']
  /** The entries that stand in place of the one that is forged. */
  readonly by: (entry: Entry) => readonly Entry[]
  readonly laws: readonly string[]
}

const withEvent = (entry: Entry, about: object): Entry =>
  ({ ...entry, event: { ...entry.event, ...about } }) as Entry

function edited(entry: Entry, part: 'fingerprint' | 'source'): Entry {
  assert.ok(entry.event.type === 'execution_started')
  const binding = { ...entry.event.binding, [part]: givenDigest('edited') }
  return withEvent(entry, { binding })
}

const FORGERIES: readonly Forgery[] = [
  {
    name: 'another person under an approval',
    of: 'approved',
    by: (entry) => [withEvent(entry, { person: ERIN })],
    laws: ['I2'],
  },
  {
    name: 'an approval by who fills no slot',
    of: 'approved',
    by: (entry) => [withEvent({ ...entry, actor: { kind: 'person', id: ERIN } }, { person: ERIN })],
    laws: ['I2'],
  },
  {
    name: 'an approval of another plan',
    of: 'approved',
    by: (entry) => [withEvent(entry, { fingerprint: givenDigest('another plan') })],
    laws: ['I3'],
  },
  {
    name: 'a release that lasts longer',
    of: 'released',
    by: (entry) => {
      assert.ok(entry.event.type === 'released')
      return [withEvent(entry, { until: entry.event.until + 25 * HOUR })]
    },
    laws: ['I11'],
  },
  { name: 'a second release', of: 'released', by: (entry) => [entry, entry], laws: ['I8'] },
  { name: 'a second start', of: 'execution_started', by: (entry) => [entry, entry], laws: ['I4'] },
  {
    name: 'a start of another source',
    of: 'execution_started',
    by: (entry) => [edited(entry, 'source')],
    laws: ['I3'],
  },
  {
    name: 'a start of another fingerprint',
    of: 'execution_started',
    by: (entry) => [edited(entry, 'fingerprint')],
    laws: ['I3'],
  },
  {
    name: 'a start by another runner',
    of: 'execution_started',
    by: (entry) => [withEvent(entry, { runnerKey: 'another key' })],
    laws: ['I1'],
  },
  {
    name: 'a grant of two hours',
    of: 'execution_started',
    by: (entry) => [withEvent(entry, { until: entry.at + 2 * HOUR })],
    laws: ['I5'],
  },
  {
    name: 'an evaluation that was dropped',
    of: 'evaluated',
    by: () => [],
    laws: ['I1', 'I2', 'I3', 'I8', 'I11', 'L4', 'none'],
  },
  {
    name: 'a change that was never opened',
    of: 'change_opened',
    by: () => [],
    laws: ['I8', 'none'],
  },
  {
    name: 'an evaluation of another revision',
    of: 'evaluated',
    by: (entry) => [withEvent(entry, { policyRevision: 99 })],
    laws: ['I11'],
  },
]

/** Every forgery of every entry of its type, one at a time. */
function forge(entries: readonly Entry[]): void {
  for (const { name, of, by, laws } of FORGERIES)
    for (const [at, entry] of entries.entries()) {
      if (entry.event.type !== of) continue
      const forged = numbered([...entries.slice(0, at), ...by(entry), ...entries.slice(at + 1)])
      const found = lawOf(forged, []) ?? 'none'
      assert.ok(laws.includes(found), `seed ${SEED}: ${name} at entry ${at} breaks ${found}`)
      if (found !== 'none') caught.set(name, (caught.get(name) ?? 0) + 1)
    }
}

test('a lawful history with one thing forged in it breaks the law that forbids it', () => {
  fc.assert(
    fc.property(histories, (steps) => {
      const house = givenInstallation()
      for (const step of steps) play(house, step)
      assert.equal(lawOf(house.entries, []), null)
      forge(house.entries)
    }),
    { seed: SEED, numRuns: 150 },
  )
  for (const { name } of FORGERIES)
    assert.ok((caught.get(name) ?? 0) >= 30, `seed ${SEED}: ${name}: ${caught.get(name) ?? 0}`)
})
