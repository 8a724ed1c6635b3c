import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Played, play } from '../../../test/fixtures/histories.ts'
import { histories } from '../../../test/fixtures/history-steps.ts'
import { type Oracle, startOracle, watch } from '../test/history-oracle.ts'
import { givenInstallation } from '../test/installation.ts'
import type { Change, Recorded } from './change.ts'
import { replay } from './change-evolve.ts'
import { follow } from './effects.ts'
import type { Entry } from './entry.ts'
import { parseChangeId } from './ids.ts'

const SEED = Number(process.env['SEED'] ?? 20_260_917)
const RUNS = 2_000

/** How often each thing happened over all runs: a law that was never tried holds nothing. */
const counts = new Map<string, number>()

function count(name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function countPlayed({ handled, command, step }: Played): void {
  for (const { event } of handled.entries) count(`event ${event.type}`)
  const { refusal } = handled
  if (refusal === null) return
  count(`${command?.type ?? step.kind} ${refusal.code}`)
  if (refusal.code === 'approvals_missing' && handled.entries.length > 0) count('held at the claim')
  if (
    refusal.code === 'invalid_input' &&
    refusal.problems.some((each) => /first change/.test(each))
  )
    count('allow for a first change refused')
}

function historyOf(entries: readonly Entry[], change: Change): readonly Recorded[] {
  return entries.flatMap(({ stream, event, at, actor }) =>
    stream === change.changeId ? [{ event, at, actor } as Recorded] : [],
  )
}

/** I6: the row that was cached while the history grew equals the fold of the whole. */
function checkFolds(entries: readonly Entry[], cached: ReadonlyMap<string, Change>): void {
  for (const change of cached.values()) {
    assert.deepEqual(replay(historyOf(entries, change)), change)
    count('folded')
  }
}

/** I10: what follows an event depends on nothing but the event, the state and the time. */
function checkFollows(entries: readonly Entry[]): void {
  const states = new Map<string, Recorded[]>()
  for (const { stream, event, at, actor } of entries) {
    if (parseChangeId(stream) === null) continue
    const recorded = { event, at, actor } as Recorded
    const history = [...(states.get(stream) ?? []), recorded]
    states.set(stream, history)
    const after = replay(history)
    assert.ok(after !== null)
    const moved = { before: replay(history.slice(0, -1)), after, at }
    const kept = structuredClone(moved)
    const once = follow(recorded.event, moved)
    assert.deepEqual(follow(structuredClone(recorded.event), structuredClone(moved)), once)
    assert.deepEqual(moved, kept)
    count('followed')
  }
}

const FLOORS: { readonly [name: string]: number } = {
  'event execution_started': 300,
  'event released': 500,
  'event approved': 500,
  'event rejected': 30,
  'event approval_taken_back': 10,
  'event returned_to_hold': 5,
  'event execution_refused': 30,
  'event execution_finished': 30,
  'event outcome_unknown': 5,
  'event outcome_resolved': 1,
  'event superseded': 10,
  'event expired': 10,
  'event withdrawn': 10,
  'event target_pinned': 10,
  'event replanned': 50,
  'started by a run that planned again': 5,
  'adopt not_the_requester': 20,
  'adopt other_fingerprint': 10,
  'adopt wrong_state': 50,
  'start grant_used': 50,
  'start approvals_missing': 200,
  'start differs': 50,
  'start other_runner': 20,
  'start expired': 20,
  'start evaluation_stale': 50,
  'start denied_now': 5,
  'start workspace_busy': 10,
  'start target_differs': 5,
  'start invalid_input': 30,
  'start not_permitted': 3,
  'approve in_requester_set': 100,
  'approve not_eligible': 100,
  'approve other_fingerprint': 30,
  'approve already_decided': 10,
  'approve assurance_too_low': 30,
  'approve expired': 10,
  'record_evaluation evaluation_stale': 100,
  'record_evaluation invalid_input': 100,
  'record_evaluation expired': 20,
  'open target_differs': 20,
  'open invalid_input': 50,
  'release re-evaluated': 20,
  'started by approvals': 100,
  'started by allow': 50,
  'started after a stricter evaluation': 10,
  'held at the claim': 1,
  'allow for a first change refused': 10,
  folded: 1_000,
  followed: 3_000,
}

test('no history that can be made breaks a law', () => {
  fc.assert(
    fc.property(histories, (steps) => {
      const house = givenInstallation()
      const oracle: Oracle = startOracle(count)
      for (const step of steps) {
        const played = play(house, step)
        countPlayed(played)
        watch(oracle, house, played)
      }
      checkFolds(house.entries, house.world.changes)
      checkFollows(house.entries)
    }),
    { seed: SEED, numRuns: RUNS },
  )
  if (process.env['COUNTS'] !== undefined)
    console.log(`seed ${SEED}`, Object.fromEntries([...counts].sort()))
  for (const [name, floor] of Object.entries(FLOORS)) {
    const found = counts.get(name) ?? 0
    assert.ok(found >= floor, `seed ${SEED}: ${name} happened ${found} times, not ${floor}`)
  }
})
