import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ALICE, BOB, CAROL, givenChangeId } from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  ADMIN,
  accepted,
  accessCommand,
  approveCommand,
  changeCommand,
  entryTypes,
  givenHeld,
  givenReleased,
  givenRunning,
  openCommand,
  openedNow,
  person,
  startAt,
  startCommand,
} from '../test/given-gate.ts'
import { CHANNEL } from './store/entries.ts'

for (const database of databases.filter((each) => each.name === 'postgres')) {
  suite('two replicas on one database', { skip: database.skip }, () => {
    test('of two starts of one change at once, exactly one is recorded', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const opened = await givenReleased(one)
      const start = await startCommand(one, opened)

      const answers = await Promise.all(
        [one, two].map(({ gate }) => gate.handle(person(ALICE), start)),
      )

      assert.deepEqual(answers.map((answer) => answer.ok).toSorted(), [false, true])
      const types = await entryTypes(one, opened.changeId)
      assert.equal(types.filter((type) => type === 'execution_started').length, 1)
    })

    test('of two changes of one workspace, started on two replicas, exactly one is', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const first = await givenReleased(one, 'first')
      const second = await givenReleased(two, 'second')

      const answers = await Promise.all([
        one.gate.handle(person(ALICE), await startCommand(one, first)),
        two.gate.handle(person(ALICE), await startCommand(two, second)),
      ])

      assert.deepEqual(answers.map((answer) => answer.ok).toSorted(), [false, true])
    })

    test('what a gate remembers gives way to what another replica wrote since', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const opened = await givenHeld(one)
      const withdraw = changeCommand(opened.changeId, { type: 'withdraw' })
      await accepted(two.gate.handle(person(ALICE), withdraw))

      const answer = await one.gate.handle(person(ALICE), withdraw)

      assert.equal(answer.ok ? null : answer.refusal.code, 'wrong_state')
      const types = await entryTypes(one, opened.changeId)
      assert.deepEqual(types, ['change_opened', 'evaluated', 'withdrawn'])
    })

    test('what a gate knows from before is not believed after it wrote something else', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const opened = await givenHeld(one)
      const withdraw = changeCommand(opened.changeId, { type: 'withdraw' })
      await accepted(two.gate.handle(person(ALICE), withdraw))
      const other = await openedNow(one, { changeId: givenChangeId('other') })
      await accepted(one.gate.handle(person(ALICE), openCommand(other)))

      const answer = await one.gate.handle(person(ALICE), withdraw)

      assert.equal(answer.ok ? null : answer.refusal.code, 'wrong_state')
      const types = await entryTypes(one, opened.changeId)
      assert.deepEqual(types, ['change_opened', 'evaluated', 'withdrawn'])
    })

    test('what executes by another replica is counted, though a gate counted before', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const first = await givenReleased(one, 'first')
      const second = await givenReleased(two, 'second')
      await accepted(one.gate.handle(person(ALICE), await startCommand(one, first)))

      const answer = await two.gate.handle(person(ALICE), await startCommand(two, second))

      assert.equal(answer.ok ? null : answer.refusal.code, 'workspace_busy')
    })

    test('commands on both leave one sequence without gaps, which both sign alike', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const openings = await Promise.all(
        Array.from({ length: 16 }, async (_, index) =>
          openedNow(one, { changeId: givenChangeId(`n${index}x`) }),
        ),
      )

      const answers = await Promise.all(
        openings.map((opened, index) =>
          accepted((index % 2 === 0 ? one : two).gate.handle(person(ALICE), openCommand(opened))),
        ),
      )
      const seqs = answers.flatMap((answer) => answer.seqs).toSorted((a, b) => a - b)
      const last = seqs.at(-1) ?? -1
      const notes = await Promise.all([one, two].map(({ audit }) => audit.checkpointCovering(last)))

      assert.deepEqual(
        seqs,
        seqs.map((_, index) => (seqs[0] ?? 0) + index),
      )
      assert.equal(notes[0], notes[1])
    })

    test('who was removed on one replica does not decide on the other', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const opened = await givenHeld(one)
      await two.gate.access()
      await accepted(
        one.gate.handle(ADMIN, accessCommand({ type: 'person_removed', person: CAROL })),
      )

      const answer = await two.gate.handle(person(CAROL), approveCommand(opened, CAROL))

      assert.deepEqual(answer.ok ? null : answer.refusal, { code: 'not_found', what: 'change' })
    })

    test('what one replica records is heard by the other', async () => {
      const one = await givenRunning(database)
      const two = await startAt(one.place)
      const opened = await givenHeld(one)
      const heard = new Promise<string>((resolve) => {
        void two.database.listen(CHANNEL, resolve).then(async () => {
          await accepted(one.gate.handle(person(BOB), approveCommand(opened, BOB)))
        })
      })

      assert.match(await heard, new RegExp(`^${opened.changeId} \\d+$`))
    })
  })
}
