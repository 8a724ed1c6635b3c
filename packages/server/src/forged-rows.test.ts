import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from 'kysely'
import { ALICE, givenChangeId, givenWorkspaceId } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  accepted,
  givenRunning,
  openCommand,
  openedNow,
  person,
  type Running,
} from '../test/given-gate.ts'
import { createEvaluation } from './evaluation.ts'
import type { ChildJob } from './evaluation-process.ts'
import { createMetrics } from './metrics.ts'
import { databaseNow } from './store/db.ts'
import { readHead } from './store/entries.ts'
import { putEvidence } from './store/evidence.ts'
import { EVERY_CHANGE } from './views-queries.ts'

const bytesOf = (text: string) => Buffer.from(text, 'utf8')
const workspace = givenWorkspaceId()

/** An opened change whose plan is evidence, and an evaluation that notes what it is asked. */
async function givenEvaluating(running: Running) {
  const { database, gate } = running
  const planDocument = await putEvidence(database.kysely, { workspace, bytes: bytesOf('the plan') })
  const opened = await openedNow(running, { changeId: givenChangeId('one'), planDocument })
  await accepted(gate.handle(person(ALICE), openCommand(opened)))
  const jobs: ChildJob[] = []
  const evaluation = createEvaluation({
    mode: 'production',
    database,
    gate,
    metrics: createMetrics({
      changesByStatus: async () => new Map(),
      logSize: async () => 0,
      readsOnly: () => false,
    }),
    process: {
      run: async (job) => {
        jobs.push(job)
        return { kind: 'failed', because: 'crashed' }
      },
      close: async () => undefined,
    },
  })
  const evaluate = async () =>
    evaluation.evaluateChange(opened.changeId, await databaseNow(database.kysely))
  return { opened, evaluation, evaluate, jobs }
}

for (const database of databases) {
  suite(`rows beside the log, edited in ${database.name}`, { skip: database.skip }, () => {
    test('a row that names another workspace or status shows nobody another change', async () => {
      const running = await givenRunning(database)
      const { opened } = await givenEvaluating(running)
      const { changeId } = opened
      const other = givenWorkspaceId('other')
      const { kysely } = running.database
      await kysely.updateTable('change').set({ workspace: other, status: 'released' }).execute()
      const { gate } = running

      const there = await gate.changes({ ...EVERY_CHANGE, sight: [other] })
      const released = await gate.changes({ ...EVERY_CHANGE, statuses: ['released'] })
      const shown = await gate.change(changeId)

      assert.deepEqual({ there, released }, { there: [], released: [] })
      assert.equal(shown?.change.workspace, workspace)
      assert.equal(shown?.change.status, 'evaluating')
    })

    test('an entry that is not the gate’s is shown to nobody, and stops everything', async () => {
      const running = await givenRunning(database)
      const { opened } = await givenEvaluating(running)
      const { size } = await readHead(running.database.kysely)
      await sql`insert into entry select ${size}, stream, type, at, data, leaf_hash, mac
        from entry where stream = ${opened.changeId}`.execute(running.database.kysely)

      await assert.rejects(running.gate.change(opened.changeId), { code: 'reads_only' })

      const readsOnly = `entry ${size} was not written by this gate: its MAC is wrong`
      assert.deepEqual(running.audit.watch.state(), { readsOnly })
    })

    test('a plan edited under its hash is no plan: people are asked', async () => {
      const running = await givenRunning(database)
      const { evaluate, jobs } = await givenEvaluating(running)
      await running.database.kysely
        .updateTable('evidence_chunk')
        .set({ bytes: bytesOf('new plan') })
        .execute()

      const { verdict } = await evaluate()

      assert.deepEqual({ verdict, jobs }, { verdict: 'hold', jobs: [] })
    })

    test('a policy edited under its hash is not in force', async () => {
      const running = await givenRunning(database)
      const { kysely } = running.database
      const { evaluation } = await givenEvaluating(running)
      const bytes = bytesOf('deny: all ')
      const document = await putEvidence(kysely, { workspace: 'policy', bytes })
      await kysely
        .updateTable('evidence_chunk')
        .set({ bytes: bytesOf('allow: all') })
        .where('digest', '=', document)
        .execute()

      const reading = evaluation.policyText({ revision: 1, document })

      await assert.rejects(reading, { message: 'the text of policy revision 1 is gone' })
    })
  })
}
