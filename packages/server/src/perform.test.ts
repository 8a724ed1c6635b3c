import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type ChangeId, type Effect, HEARTBEAT_LOST_MS, type Opened } from '@holdpoint/core'
import {
  ALICE,
  BOB,
  givenChangeId,
  givenOutcome,
  givenRequirement,
  RUNNER_KEY,
} from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  ADMIN,
  accepted,
  accessCommand,
  changeCommand,
  entryTypes,
  evaluatedNow,
  givenHeld,
  givenReleased,
  givenRunning,
  openCommand,
  openedNow,
  person,
  type Running,
  startCommand,
} from '../test/given-gate.ts'
import { enqueuePending, type PerformSources, perform } from './perform.ts'
import type { Gate } from './ports.ts'
import { databaseNow } from './store/db.ts'
import { recordHeartbeat } from './store/runs.ts'

let running: Running
const enqueued: Effect[] = []
async function startAnew(): Promise<void> {
  const [pglite] = databases
  assert.ok(pglite)
  running = await givenRunning(pglite)
}
before(startAnew)

function sources(): PerformSources {
  const evaluation = {
    evaluateChange: (_: unknown, evaluatedAt: number) =>
      evaluatedNow(running, { evaluatedAt, requirement: givenRequirement() }),
    policyProblems: async () => [],
    policyText: async () => '',
  }
  const queue = {
    enqueue: async (_tx: unknown, effects: readonly Effect[]) => {
      enqueued.push(...effects)
    },
  }
  const { database, gate } = running
  return { database, gate, evaluation, queue, heartbeatLostMs: HEARTBEAT_LOST_MS }
}

async function statusOf(opened: Opened) {
  return (await running.gate.change(opened.changeId))?.change.status
}

/** I10: what is in the log after an effect is performed twice is what is there after once. */
async function twice(effect: Effect, stream: string): Promise<readonly string[]> {
  await perform(effect, sources())
  const once = await entryTypes(running, stream)
  await perform(effect, sources())
  assert.deepEqual(await entryTypes(running, stream), once)
  return once
}

async function opened(name: string, about: Partial<Opened> = {}): Promise<Opened> {
  const made = await openedNow(running, { changeId: givenChangeId(name), ...about })
  await accepted(running.gate.handle(person(ALICE), openCommand(made)))
  return made
}

async function executing(name: string): Promise<Opened> {
  const released = await givenReleased(running, name)
  await accepted(running.gate.handle(person(ALICE), await startCommand(running, released)))
  return released
}

describe('an effect performed twice is performed once', () => {
  it('evaluate', async () => {
    const { changeId } = await opened('evaluate')

    const types = await twice({ type: 'evaluate', change: changeId }, changeId)

    assert.deepEqual(types, ['change_opened', 'evaluated'])
  })

  it('expire, which is refused while it is not due', async () => {
    const { changeId } = await givenHeld(running, 'expire')

    const types = await twice({ type: 'expire', change: changeId, at: 0 }, changeId)

    assert.deepEqual(types, ['change_opened', 'evaluated'])
  })

  it('reevaluate_open, which records nothing that is already said', async () => {
    const { changeId } = await givenHeld(running, 'reevaluate')

    const types = await twice({ type: 'reevaluate_open' }, changeId)

    assert.deepEqual(types, ['change_opened', 'evaluated'])
  })

  it('wake, which records nothing and tells of a change that is held alone', async () => {
    const { changeId } = await givenHeld(running, 'wakeheld')
    const released = await givenReleased(running, 'wakereleased')
    const heard: string[] = []
    const stop = await running.database.listen('holdpoint', (text) => heard.push(text))

    const types = await twice({ type: 'wake', change: changeId, at: 0 }, changeId)
    await twice({ type: 'wake', change: released.changeId, at: 0 }, released.changeId)
    await stop()

    assert.deepEqual(types, ['change_opened', 'evaluated'])
    assert.deepEqual(heard, [changeId, changeId])
  })

  it('supersede_others', async () => {
    const older = await opened('olderone')
    const newer = await opened('newerone')

    const effect = { type: 'supersede_others', change: newer.changeId } as const
    const types = await twice(effect, older.changeId)

    assert.equal(types.at(-1), 'superseded')
    assert.equal(await statusOf(newer), 'evaluating')
  })
})

describe('a change is superseded only by its own kind', () => {
  it('neither by an older one nor by one of another pipeline', async () => {
    const older = await opened('olderkind', { pipeline: 'ci main' })
    const newer = await opened('newerkind', { pipeline: 'ci branch' })

    await perform({ type: 'supersede_others', change: newer.changeId }, sources())
    await perform({ type: 'supersede_others', change: older.changeId }, sources())

    assert.deepEqual([await statusOf(older), await statusOf(newer)], ['evaluating', 'evaluating'])
  })
})

describe('a release', () => {
  it('goes back to people when who gave it left their team', async () => {
    const released = await givenReleased(running, 'leaver')
    const event = { type: 'member_removed', team: 'platform', person: BOB } as const
    await accepted(running.gate.handle(ADMIN, accessCommand(event)))

    const before = await entryTypes(running, released.changeId)
    const types = await twice({ type: 'reevaluate_open' }, released.changeId)

    assert.deepEqual(types, [...before, 'evaluated'])
    assert.equal(await statusOf(released), 'held')
    const back = { type: 'member_added', team: 'platform', person: BOB } as const
    await accepted(running.gate.handle(ADMIN, accessCommand(back)))
  })
})

describe('an execution that is watched', () => {
  it('is lost when its runner was not heard for a minute', async () => {
    const run = await executing('lost')
    const { kysely } = running.database
    const at = (await databaseNow(kysely)) - HEARTBEAT_LOST_MS
    assert.ok(await recordHeartbeat(kysely, { change: run.changeId, beat: 1, at }))

    const effect = { type: 'watch_execution', change: run.changeId, at: 0 } as const
    const types = await twice(effect, run.changeId)

    assert.equal(types.at(-1), 'outcome_unknown')
    assert.equal(await statusOf(run), 'outcome_unknown')
  })

  it('is looked at again a minute after its last beat while it is heard', async () => {
    const run = await executing('heard')
    const { kysely } = running.database
    const at = await databaseNow(kysely)
    assert.ok(await recordHeartbeat(kysely, { change: run.changeId, beat: 1, at }))

    await perform({ type: 'watch_execution', change: run.changeId, at: 0 }, sources())

    assert.equal(await statusOf(run), 'executing')
    assert.deepEqual(enqueued.at(-1), {
      type: 'watch_execution',
      change: run.changeId,
      at: at + HEARTBEAT_LOST_MS,
    })
  })
})

describe('a pin', () => {
  before(startAnew)

  it('that nothing in the log calls for is not set: a job is only a row', async () => {
    const { workspace } = await givenHeld(running, 'notyet')
    const before = await entryTypes(running, 'access')

    const effect = { type: 'pin_lineage', workspace, lineage: 'c0ffee' } as const
    await assert.rejects(perform(effect, sources()), { code: 'database_failed' })

    assert.deepEqual(await entryTypes(running, 'access'), before)
  })

  it('of the lineage is set once, as the outcome says', async () => {
    const { changeId, workspace } = await executing('pins')
    const finish = { type: 'finish', runnerKey: RUNNER_KEY, outcome: givenOutcome() } as const
    await accepted(running.gate.handle(person(ALICE), changeCommand(changeId, finish)))

    const forged = perform({ type: 'pin_lineage', workspace, lineage: 'b00b' }, sources())
    await assert.rejects(forged, { code: 'database_failed' })
    const types = await twice({ type: 'pin_lineage', workspace, lineage: 'c0ffee' }, 'access')

    assert.deepEqual(types.slice(-2), ['target_pinned', 'lineage_pinned'])
  })
})

it('what is unfinished is asked for again, whatever became of its jobs', async () => {
  await startAnew()
  const held = await givenHeld(running, 'held')
  const started = await givenReleased(running, 'started')
  await accepted(running.gate.handle(person(ALICE), await startCommand(running, started)))
  enqueued.length = 0

  await enqueuePending(sources())

  const asked = enqueued.flatMap((effect) =>
    'change' in effect ? [`${effect.type} ${effect.change}`] : [],
  )
  assert.deepEqual(asked.toSorted(), [
    `expire ${held.changeId}`,
    `supersede_others ${held.changeId}`,
    `watch_execution ${started.changeId}`,
  ])
})

it('a page that came short is not the last one', async () => {
  await startAnew()
  await givenHeld(running, 'older')
  await givenHeld(running, 'newer')
  const { gate } = running
  const oneByOne: Gate = {
    ...gate,
    changes: async (filter) => (await gate.changes(filter)).slice(0, 1),
  }
  const asked: unknown[] = []
  const given = sources()
  const evaluation = {
    ...given.evaluation,
    evaluateChange: async (change: ChangeId, now: number) => {
      asked.push(change)
      return await given.evaluation.evaluateChange(change, now)
    },
  }

  await perform({ type: 'reevaluate_open' }, { ...given, gate: oneByOne, evaluation })

  assert.equal(asked.length, 2)
})
