import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  FRANK,
  givenAccess,
  givenActor,
  givenChangeId,
  givenWorkspace,
  givenWorkspaceId,
  NOW,
} from '../test/given.ts'
import {
  givenConnection,
  givenConnectionId,
  givenConnectionSet,
  withConnection,
} from '../test/given-connection.ts'
import type { Access, AccessEvent } from './access.ts'
import { decideAccess } from './access-commands.ts'
import { evolveAccess } from './access-evolve.ts'
import { SYSTEM } from './actor.ts'
import { connectionsOf, PLAN_CREDENTIAL_MS_MAX, subjectOf } from './connection.ts'
import { followInstallation } from './effects.ts'

const admin = { ...givenActor(FRANK), kind: 'person', id: FRANK, assurance: 'passkey' } as const

function problemOf(event: AccessEvent, access: Access = givenAccess(), actor = admin) {
  const answer = decideAccess(access, { type: 'change_access', event }, { now: NOW, actor })
  if (answer.ok) return null
  const { refusal } = answer
  return refusal.code === 'invalid_input' ? refusal.problems[0] : refusal.code
}

test('a connection is set, set anew and removed, and open changes are evaluated again', () => {
  const set = givenConnectionSet()
  const access = evolveAccess(givenAccess(), set, NOW)
  const anew = evolveAccess(access, { ...set, apply: 'arn:aws:iam::123456789012:role/b' }, NOW)

  assert.equal(problemOf(set), null)
  assert.deepEqual(connectionsOf(access.connections, set.workspace), [
    givenConnection({ since: NOW }),
  ])
  assert.equal(anew.connections.get(set.connection)?.apply, 'arn:aws:iam::123456789012:role/b')
  const removed = { type: 'connection_removed', connection: set.connection } as const
  assert.equal(evolveAccess(access, removed, NOW).connections.size, 0)
  assert.equal(problemOf(removed), 'not_found')
  assert.deepEqual(followInstallation(set), [{ type: 'reevaluate_open' }])
})

test('a connection keeps its workspace and its kind, and a workspace has one of each', () => {
  const access = withConnection(givenAccess())

  assert.match(
    String(problemOf(givenConnectionSet({ kind: 'vault', audience: 'v' }), access)),
    /stays of its kind/,
  )
  const second = givenConnectionSet({ id: givenConnectionId('second') })
  assert.match(String(problemOf(second, access)), /has a connection of the kind aws already/)
  const nowhere = givenConnectionSet({ workspace: givenWorkspaceId('nowhere') })
  assert.equal(problemOf(nowhere, access), 'not_found')
})

test('a connection stays with its workspace, and says everything in few words', () => {
  const other = givenWorkspace({ id: givenWorkspaceId('other'), name: 'other' })
  const access = withConnection(givenAccess({ workspaces: [givenWorkspace(), other] }))
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`s${at}`, 'x']))
  const problem = (about: object, of = access) => String(problemOf(givenConnectionSet(about), of))

  assert.match(problem({ workspace: other.id }), /stays with its workspace/)
  assert.match(problem({ account: ' ' }), /not empty/)
  assert.match(problem({ settings: many }), /at most 20 settings/)
  assert.match(problem({ settings: { region: 'x'.repeat(16_001) } }), /at most 20 settings/)
  assert.equal(problem({}), 'null')
})

test('a key that is made is never one that is dropped', () => {
  const rotated = { type: 'issuer_rotated', key: 'one', dropped: ['two'] } as const

  assert.equal(problemOf(rotated), null)
  assert.match(String(problemOf({ ...rotated, dropped: ['one'] })), /among the old/)
})

test('tokens that leave go where they always went; what the server asks itself may move', () => {
  const vault = {
    id: givenConnectionId('vault'),
    kind: 'vault',
    account: 'https://vault.example',
    audience: 'theirs',
    settings: { mount: 'jwt' },
  } as const
  const access = withConnection(givenAccess(), vault)
  const set = (about: object) => problemOf(givenConnectionSet({ ...vault, ...about }), access)

  assert.equal(set({ apply: 'another-role', audience: 'others' }), null)
  assert.match(
    String(set({ account: 'https://elsewhere.example' })),
    /its address and settings stay as they are/,
  )
  assert.match(String(set({ settings: {} })), /its address and settings stay as they are/)
  const moved = givenConnectionSet({ settings: { region: 'eu-west-1' } })
  assert.equal(problemOf(moved, withConnection(givenAccess())), null)
})

test('planning has an identity of its own', () => {
  const { apply } = givenConnection()

  assert.match(String(problemOf(givenConnectionSet({ plan: apply }))), /identities of their own/)
  assert.match(String(problemOf(givenConnectionSet({ plan: ' ' }))), /not empty/)
  assert.equal(problemOf(givenConnectionSet({ plan: null })), null)
})

test('a token that leaves never has an audience that one for AWS has', () => {
  const access = withConnection(givenAccess(), { audience: 'ours' })
  const leaving = { id: givenConnectionId('vault'), kind: 'vault' } as const

  assert.match(
    String(problemOf(givenConnectionSet({ ...leaving, audience: 'ours' }), access)),
    /whose tokens stay here/,
  )
  assert.match(
    String(problemOf(givenConnectionSet({ ...leaving, audience: 'sts.amazonaws.com' }))),
    /never leave the server/,
  )
  assert.equal(problemOf(givenConnectionSet({ ...leaving, audience: 'theirs' }), access), null)
})

test('a credential for planning is recorded by the server alone, for a quarter of an hour', () => {
  const access = withConnection(givenAccess())
  const until = NOW + PLAN_CREDENTIAL_MS_MAX
  const issued = {
    type: 'plan_credentials_issued',
    connection: givenConnectionId(),
    change: givenChangeId(),
    requester: FRANK,
    credential: 'AKIA',
    until,
  } as const
  const bySystem = (event: AccessEvent, of: Access) => {
    const command = { type: 'change_access', event } as const
    return decideAccess(of, command, { now: NOW, actor: SYSTEM }).ok
  }

  assert.equal(bySystem(issued, access), true)
  assert.equal(bySystem({ ...issued, until: until + 1 }, access), false)
  assert.equal(bySystem(issued, withConnection(givenAccess(), { plan: null })), false)
  assert.equal(bySystem(issued, givenAccess()), false)
  assert.match(String(problemOf(issued, access)), /only the server/)
})

test('the subject names workspace, phase and connection, and nobody', () => {
  const connection = givenConnection()

  assert.equal(
    subjectOf(connection, 'apply'),
    'workspace:wsp_network000000000:phase:apply:to:con_aws0000000000000',
  )
})
