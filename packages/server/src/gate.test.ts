import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Refusal, SYSTEM } from '@holdpoint/core'
import {
  ALICE,
  BOB,
  CAROL,
  ERIN,
  givenChangeId,
  givenOutcome,
  givenRequester,
  givenWorkspaceId,
  RUNNER_KEY,
} from '../../core/test/given.ts'
import { databases } from '../test/databases.ts'
import {
  ADMIN,
  accepted,
  accessCommand,
  approveCommand,
  BUILT_IN,
  changeCommand,
  entryTypes,
  evaluatedNow,
  givenHeld,
  givenReleased,
  givenRunning,
  NOBODY,
  openCommand,
  openedNow,
  person,
  type Running,
  startCommand,
} from '../test/given-gate.ts'
import type { GateAnswer } from './ports.ts'
import { readHead } from './store/entries.ts'

function refusalOf(answer: GateAnswer): Refusal | null {
  return answer.ok ? null : answer.refusal
}

async function sizeOf(running: Running): Promise<number> {
  return (await readHead(running.database.kysely)).size
}

for (const database of databases) {
  suite(`the gate over ${database.name}`, { skip: database.skip }, () => {
    test('a change goes from open to applied, and every step is an entry', async () => {
      const running = await givenRunning(database)

      const opened = await givenReleased(running)
      const start = await startCommand(running, opened)
      const started = await accepted(running.gate.handle(person(ALICE), start))
      const note = await running.audit.checkpointCovering(started.seqs[0] ?? -1)
      const outcome = givenOutcome({ lineage: null })
      const finish = { type: 'finish', runnerKey: RUNNER_KEY, outcome } as const
      const finished = await accepted(
        running.gate.handle(person(ALICE), changeCommand(opened.changeId, finish)),
      )

      assert.equal(finished.change?.status, 'applied')
      assert.match(note, /^log\.example\/holdpoint\n\d+\n/)
      assert.deepEqual(await entryTypes(running, opened.changeId), [
        'change_opened',
        'evaluated',
        'approved',
        'released',
        'execution_started',
        'execution_finished',
      ])
      assert.deepEqual(
        running.effects.map((effect) => effect.type),
        ['evaluate', 'supersede_others', 'expire', 'watch_execution'],
      )
      assert.equal(running.audit.watch.state(), 'ok')
    })

    test('a refused command writes nothing', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)
      const before = await sizeOf(running)
      const effects = running.effects.length

      const answer = await running.gate.handle(person(BOB), {
        ...approveCommand(opened, BOB),
        ...changeCommand(opened.changeId, {
          type: 'approve',
          person: BOB,
          fingerprint: BUILT_IN.document,
          assurance: 'session',
          reason: null,
          signed: null,
          shown: null,
        }),
      })

      assert.deepEqual(refusalOf(answer), {
        code: 'other_fingerprint',
        seen: BUILT_IN.document,
        current: opened.binding.fingerprint,
      })
      assert.equal(await sizeOf(running), before)
      assert.equal(running.effects.length, effects)
    })

    test('what one may not see does not exist, what one may not do is not permitted', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)

      const hidden = await running.gate.handle(person(NOBODY), approveCommand(opened, NOBODY))
      const seen = await running.gate.handle(person(ALICE), approveCommand(opened, ALICE))
      const missing = await running.gate.handle(
        person(BOB),
        changeCommand(givenChangeId('missing'), { type: 'withdraw' }),
      )

      assert.deepEqual(refusalOf(hidden), { code: 'not_found', what: 'change' })
      assert.deepEqual(refusalOf(seen), {
        code: 'not_permitted',
        action: 'decide_change',
        needs: 'the role approver',
      })
      assert.deepEqual(refusalOf(missing), { code: 'not_found', what: 'change' })
      assert.equal(hidden.change, null)
    })

    test('nobody decides or opens in the name of somebody else', async () => {
      const running = await givenRunning(database)
      const held = await givenHeld(running)
      const other = await openedNow(running, {
        changeId: givenChangeId('other'),
        requester: givenRequester({ id: BOB, excluded: [BOB] }),
      })

      const approved = await running.gate.handle(person(CAROL), approveCommand(held, BOB))
      const opened = await running.gate.handle(person(ALICE), openCommand(other))

      const needs = 'the very person or token it names'
      assert.deepEqual(refusalOf(approved), {
        code: 'not_permitted',
        action: 'decide_change',
        needs,
      })
      assert.deepEqual(refusalOf(opened), { code: 'not_permitted', action: 'open_change', needs })
    })

    test('a second opening under the same id is refused', async () => {
      const running = await givenRunning(database)
      const opened = await givenHeld(running)

      const again = await running.gate.handle(person(ALICE), openCommand(opened))

      assert.deepEqual(refusalOf(again), { code: 'already_exists', what: 'change' })
    })

    test('sixteen at once leave a sequence without gaps and one answer each', async () => {
      const running = await givenRunning(database)
      const before = await sizeOf(running)
      const openings = await Promise.all(
        Array.from({ length: 16 }, async (_, index) =>
          openedNow(running, { changeId: givenChangeId(`n${index}x`) }),
        ),
      )

      const answers = await Promise.all(
        openings.map((opened) => accepted(running.gate.handle(person(ALICE), openCommand(opened)))),
      )

      const seqs = answers.flatMap((answer) => answer.seqs).toSorted((a, b) => a - b)
      assert.deepEqual(
        seqs,
        openings.map((_, index) => before + index),
      )
      const rows = await running.database.kysely.selectFrom('entry').select('seq').execute()
      assert.equal(rows.length, await sizeOf(running))
    })

    test('two starts in one workspace at once: exactly one wins', async () => {
      const running = await givenRunning(database)
      const first = await givenReleased(running, 'first')
      const second = await givenReleased(running, 'second')
      const starts = await Promise.all([first, second].map((each) => startCommand(running, each)))

      const answers = await Promise.all(
        starts.map((command) => running.gate.handle(person(ALICE), command)),
      )

      assert.deepEqual(
        answers.map((answer) => refusalOf(answer)),
        [null, { code: 'workspace_busy', changeId: first.changeId }],
      )
    })

    test('of two openings at the limit in one batch one is refused', async () => {
      const running = await givenRunning(database)
      const open = async (name: string) =>
        running.gate.handle(
          person(ALICE),
          openCommand(await openedNow(running, { changeId: givenChangeId(name) })),
        )
      await Promise.all(Array.from({ length: 19 }, (_, index) => open(`n${index}x`)))

      const last = await openedNow(running, { changeId: givenChangeId('twentieth') })
      const more = await openedNow(running, { changeId: givenChangeId('toomany') })

      const answers = await Promise.all(
        [last, more].map((opened) => running.gate.handle(person(ALICE), openCommand(opened))),
      )

      assert.deepEqual(
        answers.map((answer) => refusalOf(answer)),
        [null, { code: 'too_many_open', max: 20 }],
      )
    })

    test('an evaluation from the future is stale, because the log could not say it', async () => {
      const running = await givenRunning(database)
      const opened = await openedNow(running)
      await accepted(running.gate.handle(person(ALICE), openCommand(opened)))
      const evaluated = await evaluatedNow(running)

      const answer = await running.gate.handle(
        SYSTEM,
        changeCommand(opened.changeId, {
          type: 'record_evaluation',
          evaluated: { ...evaluated, evaluatedAt: evaluated.evaluatedAt + 60_000 },
        }),
      )

      assert.deepEqual(refusalOf(answer), { code: 'evaluation_stale' })
    })

    test('an entry that would be too large is refused, and the next command passes', async () => {
      const running = await givenRunning(database)
      const workspace = givenWorkspaceId()
      const owners = Array.from({ length: 4000 }, () => ERIN)
      const flags = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1000, 'x'))
      const large = await openedNow(running, { changeId: givenChangeId('large'), flags })
      const small = await openedNow(running, { changeId: givenChangeId('small') })

      const [access, refused, opened] = await Promise.all([
        running.gate.handle(ADMIN, accessCommand({ type: 'owners_set', workspace, owners })),
        running.gate.handle(person(ALICE), openCommand(large)),
        running.gate.handle(person(ALICE), openCommand(small)),
      ])

      const tooLarge = (what: string): Refusal => ({
        code: 'invalid_input',
        problems: [`this ${what} is larger than one entry of the log`],
      })
      assert.deepEqual(refusalOf(access), tooLarge('owners set'))
      assert.deepEqual(refusalOf(refused), tooLarge('change opened'))
      assert.equal(opened.ok, true)
    })

    test('text that no reader takes back is refused, never written', async () => {
      const running = await givenRunning(database)
      const half = await openedNow(running, { pipeline: `half a pair \ud800` })
      const nul = await openedNow(running, {
        changeId: givenChangeId('nul'),
        pipeline: 'with \u0000 inside',
      })

      const refused = await running.gate.handle(person(ALICE), openCommand(half))
      const opened = await accepted(running.gate.handle(person(ALICE), openCommand(nul)))
      const withdrawn = await accepted(
        running.gate.handle(person(ALICE), changeCommand(nul.changeId, { type: 'withdraw' })),
      )

      assert.deepEqual(refusalOf(refused), {
        code: 'invalid_input',
        problems: ['this change opened does not have the shape that the log reads'],
      })
      assert.equal(opened.change?.pipeline, 'with \u0000 inside')
      assert.equal(withdrawn.change?.status, 'withdrawn')
    })

    test('one bug does not fail its neighbours in the batch', async () => {
      const running = await givenRunning(database)
      const opened = await openedNow(running)
      const broken = { ...openCommand(opened), change: givenChangeId('elsewhere') }

      const [bug, fine] = await Promise.allSettled([
        running.gate.handle(person(ALICE), broken),
        running.gate.handle(person(ALICE), openCommand(opened)),
      ])

      assert.equal(bug?.status, 'rejected')
      assert.equal(fine?.status === 'fulfilled' && fine.value.ok, true)
    })

    test('a new policy and a removed person make what is open be evaluated again', async () => {
      const running = await givenRunning(database)
      const document = BUILT_IN.document
      const push = { type: 'push_policy', document, basedOn: 0, problems: [] } as const

      await accepted(running.gate.handle(ADMIN, { on: 'policy', command: push }))
      const stale = await running.gate.handle(ADMIN, { on: 'policy', command: push })
      await accepted(
        running.gate.handle(ADMIN, accessCommand({ type: 'person_removed', person: CAROL })),
      )

      assert.deepEqual(running.effects, [{ type: 'reevaluate_open' }, { type: 'reevaluate_open' }])
      assert.deepEqual(refusalOf(stale), { code: 'policy_moved', basedOn: 0, current: 1 })
      assert.deepEqual(await running.gate.policy(), { revision: 1, document })
      assert.equal((await running.gate.access()).people.get(CAROL)?.active, false)
    })

    test('a closed gate takes no more commands and has answered those it took', async () => {
      const running = await givenRunning(database)
      const opened = await openedNow(running)

      const taken = running.gate.handle(person(ALICE), openCommand(opened))
      await running.gate.close()
      const late = running.gate.handle(person(ALICE), openCommand(opened))

      assert.equal((await taken).ok, true)
      await assert.rejects(late, { code: 'shutting_down' })
    })
  })
}
