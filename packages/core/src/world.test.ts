import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenChange,
  givenChangeId,
  givenOutcome,
  givenReleasedChange,
  givenStarted,
  givenTokenId,
  givenWorkspaceId,
  SYSTEM_REF,
} from '../test/given.ts'
import { givenInstallation } from '../test/installation.ts'
import { actorOf, settle, startWorld } from './world.ts'

const workspace = givenWorkspaceId()
const executing = givenReleasedChange({ after: [givenStarted()] })
const finished = givenReleasedChange({
  after: [givenStarted(), { type: 'execution_finished', ...givenOutcome() }],
})

test('a workspace is taken while a change executes in it, and free after', () => {
  const world = startWorld()

  settle(world, executing)
  assert.equal(world.executing.get(workspace), executing.changeId)
  settle(world, finished)
  assert.equal(world.executing.has(workspace), false)
  assert.equal(world.changes.get(executing.changeId), finished)
})

test('what happens to another change does not free a workspace', () => {
  const world = settle(startWorld(), executing)

  settle(world, givenChange({ opened: { changeId: givenChangeId('two') } }))

  assert.equal(world.executing.get(workspace), executing.changeId)
})

test('an entry’s actor is who access knows by that kind and id', () => {
  const { access } = givenInstallation()
  const kindOf = (ref: Parameters<typeof actorOf>[1]) => actorOf(access, ref)?.kind ?? null

  assert.equal(kindOf(SYSTEM_REF), 'system')
  assert.equal(kindOf({ kind: 'person', id: BOB }), 'person')
  assert.equal(kindOf({ kind: 'token', id: givenTokenId('pipeline') }), 'token')
  assert.equal(kindOf({ kind: 'admin_token', id: givenTokenId('admin') }), 'admin_token')
})

test('an actor of another kind than its id, or of none, is nobody', () => {
  const { access } = givenInstallation()

  for (const ref of [
    { kind: 'system', id: BOB },
    { kind: 'person', id: null },
    { kind: 'person', id: givenTokenId('pipeline') },
    { kind: 'token', id: BOB },
    { kind: 'token', id: null },
    { kind: 'token', id: givenTokenId('unknown') },
    { kind: 'token', id: givenTokenId('admin') },
    { kind: 'admin_token', id: givenTokenId('pipeline') },
  ] as const)
    assert.equal(actorOf(access, ref), null)
})
