import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Opened, pinnedFrom, SYSTEM } from '@holdpoint/core'
import { ALICE, BOB, givenChangeId, givenRequirement, givenTarget } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  accepted,
  approveCommand,
  changeCommand,
  evaluatedNow,
  givenRunning,
  openCommand,
  openedNow,
  person,
  type Running,
  startCommand,
} from '../test/given-gate.ts'
import { readHead } from './store/entries.ts'

const ELSEWHERE = givenTarget({ principals: [{ provider: 'aws', account: '222222222222' }] })

async function held(running: Running, about: Partial<Opened>): Promise<Opened> {
  const opened = await openedNow(running, about)
  await accepted(running.gate.handle(person(ALICE), openCommand(opened)))
  const evaluated = await evaluatedNow(running, { requirement: givenRequirement() })
  const record = changeCommand(opened.changeId, { type: 'record_evaluation', evaluated })
  await accepted(running.gate.handle(SYSTEM, record))
  return opened
}

for (const database of databases) {
  suite(`first changes of a workspace over ${database.name}`, { skip: database.skip }, () => {
    test('of two to different places, approved and started at once, one starts', async () => {
      const running = await givenRunning(database)
      const first = await held(running, { changeId: givenChangeId('first') })
      const second = await held(running, { changeId: givenChangeId('second'), target: ELSEWHERE })
      const starts = await Promise.all([second, first].map((each) => startCommand(running, each)))

      const commands = [approveCommand(first, BOB), approveCommand(second, BOB)]
      const approvals = commands.map((command) => running.gate.handle(person(BOB), command))
      const claims = starts.map((command) => running.gate.handle(person(ALICE), command))
      const approved = await Promise.all(approvals)
      const [refused, started] = await Promise.all(claims)

      assert.deepEqual(
        approved.map((answer) => answer.change?.status),
        ['released', 'released'],
      )
      assert.deepEqual(refused?.ok === false ? refused.refusal : null, {
        code: 'target_differs',
        differences: [
          { part: 'account', name: null, approved: 'aws:111111111111', now: 'aws:222222222222' },
        ],
      })
      assert.equal(started?.change?.status, 'executing')
    })

    test('the pin stands in the log before anything else can, and is in force', async () => {
      const running = await givenRunning(database)
      const first = await held(running, { changeId: givenChangeId('first') })

      const { seqs } = await accepted(running.gate.handle(person(BOB), approveCommand(first, BOB)))

      const { workspaces } = await running.gate.access()
      const { size, accessSeq } = await readHead(running.database.kysely)
      assert.deepEqual(workspaces.get(first.workspace)?.pin, pinnedFrom(first.target))
      assert.equal(accessSeq, Math.max(...seqs) + 1)
      assert.equal(size, accessSeq + 1)
      await running.audit.checkpointCovering(accessSeq)
      assert.equal(running.audit.watch.state(), 'ok')
    })
  })
}
