import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
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
import { putEvidence } from './store/evidence.ts'

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
    test('rules are asked about the plan that the entries name, not that of a row', async () => {
      const running = await givenRunning(database)
      const { evaluate, jobs } = await givenEvaluating(running)
      const { kysely } = running.database
      const bytes = bytesOf('a harmless plan')
      const other = await putEvidence(kysely, { workspace, bytes })
      const { state } = await kysely.selectFrom('change').select('state').executeTakeFirstOrThrow()
      await kysely
        .updateTable('change')
        .set({ state: JSON.stringify({ ...state, planDocument: other }) })
        .execute()

      await evaluate()

      const asked = jobs.map((job) => (job.kind === 'evaluate' ? Buffer.from(job.plan) : null))
      assert.deepEqual(asked.map(String), ['the plan'])
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
