import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenWorkspaceId, NOW } from '../test/given.ts'
import type { LogEvent } from './entry.ts'
import { checkEntry } from './laws.ts'
import { startWorld } from './world.ts'

const SYSTEM = { kind: 'system', id: null } as const
const FIRST: LogEvent = {
  type: 'log_started',
  origin: 'log.example/holdpoint',
  mode: 'production',
  previous: null,
}
const AGAIN: LogEvent = {
  type: 'log_started',
  origin: 'log.example/holdpoint/2',
  mode: 'production',
  previous: { origin: FIRST.origin, size: 7, root: '0'.repeat(64) },
}

function started() {
  const entry = { v: 1, seq: 0, at: NOW, stream: 'log', actor: SYSTEM, event: FIRST } as const
  const answer = checkEntry(startWorld(), entry)
  if (!answer.ok) throw new Error('a log can start')
  return answer.world
}

function second(event: LogEvent) {
  return checkEntry(started(), { v: 1, seq: 1, at: NOW, stream: 'log', actor: SYSTEM, event })
}

test('after a loss a log starts again under a new name that names the old head', () => {
  const answer = second(AGAIN)

  assert.equal(answer.ok && answer.world.restartedAt, NOW)
  assert.equal(answer.ok && answer.world.started?.origin, AGAIN.origin)
})

test('a log does not start again under its own name, in another mode or from nowhere', () => {
  const broken = {
    law: 'L3',
    problem: 'a log that was started starts again only after a loss, renamed',
  }
  for (const event of [
    FIRST,
    { ...AGAIN, origin: FIRST.origin },
    { ...AGAIN, mode: 'development' },
    { ...AGAIN, previous: null },
    { ...AGAIN, previous: { origin: 'other.example/holdpoint', size: 7, root: '' } },
  ] as const)
    assert.deepEqual(second(event), { ok: false, broken })
})

test('a log begins with its start and with nothing else', () => {
  const event = {
    type: 'workspace_created',
    workspace: givenWorkspaceId(),
    name: 'network',
  } as const

  const answer = checkEntry(startWorld(), {
    v: 1,
    seq: 0,
    at: NOW,
    stream: 'access',
    actor: SYSTEM,
    event,
  })

  assert.deepEqual(answer, {
    ok: false,
    broken: { law: 'L3', problem: 'a log starts with its own first entry' },
  })
})
