import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ALICE,
  BOB,
  CAROL,
  DAY,
  ERIN,
  FRANK,
  givenAccess,
  givenDigest,
  givenMembership,
  givenPerson,
  givenTarget,
  givenToken,
  givenTokenId,
  givenWorkspace,
  givenWorkspaceId,
  NOW,
} from '../test/given.ts'
import {
  ACCESS_ACTIONS,
  type Access,
  type AccessAction,
  type AccessEvent,
  permits,
  type Resource,
  ROLES,
  type RoleBinding,
  whoMay,
} from './access.ts'
import { evolveAccess } from './access-evolve.ts'
import { tokenOfSecret } from './access-tokens.ts'
import { type Actor, SYSTEM } from './actor.ts'
import { pinnedFrom } from './target.ts'

const HERE: Resource = { workspace: givenWorkspaceId() }
const ELSEWHERE: Resource = { workspace: givenWorkspaceId('other') }

function may(actor: Actor, action: AccessAction, about: { on?: Resource; access?: Access } = {}) {
  return permits(about.access ?? givenAccess(), actor, { action, on: about.on ?? HERE, now: NOW })
}

const person = (id: typeof ALICE): Actor => ({ kind: 'person', id, assurance: 'session' })

function token(about: Partial<Extract<Actor, { kind: 'token' }>> = {}): Actor {
  const { id, verbs, workspaces } = givenToken()
  return { kind: 'token', id, verbs, workspaces, ...about }
}

function holding(binding: Partial<RoleBinding>): Access {
  return givenAccess({ bindings: [{ person: BOB, role: 'viewer', workspace: 'all', ...binding }] })
}

test('a role for one workspace permits nothing elsewhere, nor for the installation', () => {
  const access = holding({ workspace: givenWorkspaceId() })

  assert.equal(may(person(BOB), 'see_change', { access }), true)
  assert.equal(may(person(BOB), 'see_change', { access, on: ELSEWHERE }), false)
  assert.equal(may(person(BOB), 'read_policy', { access, on: 'installation' }), false)
})

test('a person without a role, removed or unknown is permitted nothing but what is their own', () => {
  const nobody = givenAccess({ bindings: [] })
  const gone = givenAccess({ inactive: [BOB] })

  for (const action of ACCESS_ACTIONS) {
    assert.equal(may(person(BOB), action, { access: nobody }), action === 'manage_own')
    assert.equal(may(person(BOB), action, { access: gone }), false)
    assert.equal(may(person(givenPerson('stranger')), action), false)
  }
})

test('a terminal opens, watches, reads and applies for its person, and never decides', () => {
  const access = givenAccess({
    bindings: ROLES.map((role) => ({ person: BOB, role, workspace: 'all' })),
  })
  const terminal: Actor = { kind: 'person', id: BOB, assurance: 'token' }

  assert.deepEqual(
    ACCESS_ACTIONS.filter((action) => may(terminal, action, { access })),
    [
      'see_change',
      'read_plan',
      'open_change',
      'withdraw_change',
      'execute_change',
      'revoke_grant',
      'read_log',
      'read_policy',
    ],
  )
})

test('no token decides, resolves or administers, whatever its verbs', () => {
  const access = givenAccess({
    tokens: [givenToken({ verbs: ['open', 'execute', 'read'], workspaces: 'all' })],
  })
  const actor = token({ verbs: ['open', 'execute', 'read'], workspaces: 'all' })

  for (const action of [
    'decide_change',
    'resolve_outcome',
    'change_access',
    'change_policy',
    'record',
  ] as const)
    assert.equal(may(actor, action, { access }), false)
  assert.equal(may(actor, 'open_change', { access }), true)
})

test('a token reaches its workspaces only, by what the log says and by what the door says', () => {
  const everywhere = givenAccess({ tokens: [givenToken({ workspaces: 'all' })] })

  assert.equal(may(token(), 'open_change'), true)
  assert.equal(may(token(), 'open_change', { on: ELSEWHERE }), false)
  assert.equal(may(token({ workspaces: 'all' }), 'open_change', { on: ELSEWHERE }), false)
  assert.equal(may(token(), 'open_change', { on: ELSEWHERE, access: everywhere }), false)
  assert.equal(may(token(), 'open_change', { on: 'installation' }), false)
})

test('a token has the verbs that it was issued with, and no more', () => {
  const reader = givenAccess({ tokens: [givenToken({ verbs: ['read'] })] })

  assert.equal(may(token(), 'execute_change', { access: reader }), false)
  assert.equal(may(token({ verbs: ['read'] }), 'execute_change'), false)
  assert.equal(may(token({ verbs: ['read'] }), 'read_plan', { access: reader }), true)
})

test('a token that is revoked, over or unknown permits nothing', () => {
  for (const tokens of [
    [givenToken({ revoked: true })],
    [givenToken({ expiresAt: NOW })],
    [givenToken({ id: givenTokenId('another') })],
  ])
    assert.equal(may(token(), 'open_change', { access: givenAccess({ tokens }) }), false)
})

test('only an admin token administers, and it does nothing else', () => {
  const admin: Actor = { kind: 'admin_token', id: givenTokenId() }
  const issued = (purpose: 'admin' | 'service') =>
    givenAccess({ tokens: [givenToken({ purpose })] })
  const all = { on: 'installation', access: issued('admin') } as const

  assert.equal(may(admin, 'change_access', all), true)
  assert.equal(may(admin, 'change_access', { ...all, access: issued('service') }), false)
  assert.equal(may(token(), 'open_change', { access: issued('admin') }), false)
  for (const action of ['open_change', 'decide_change', 'execute_change'] as const)
    assert.equal(may(admin, action, all), false)
})

test('the system never opens, decides, executes, resolves or makes the rules', () => {
  for (const action of [
    'change_policy',
    'open_change',
    'decide_change',
    'execute_change',
    'withdraw_change',
    'resolve_outcome',
  ] as const)
    assert.equal(may(SYSTEM, action), false)
  assert.equal(may(SYSTEM, 'record'), true)
})

test('every action has somebody who may, in words', () => {
  for (const action of ACCESS_ACTIONS) assert.notEqual(whoMay(action), '')
  assert.equal(whoMay('decide_change'), 'the role approver')
  assert.equal(whoMay('record'), 'the system itself')
  assert.equal(whoMay('execute_change'), 'the role requester or a token with the verb execute')
  assert.equal(ROLES.length, 5)
})

const evolved = (access: Access, ...events: readonly AccessEvent[]) =>
  events.reduce((state, event) => evolveAccess(state, event, NOW), access)

test('a removed person leaves every team and role at once', () => {
  const after = evolved(givenAccess(), { type: 'person_removed', person: BOB })

  assert.equal(after.people.get(BOB)?.active, false)
  assert.deepEqual(after.teams.get('dba'), [])
  assert.deepEqual(after.teams.get('platform'), [givenMembership(CAROL)])
  assert.equal(
    after.bindings.some((binding) => binding.person === BOB),
    false,
  )
})

test('a member who left and came back is a member since then', () => {
  const left = { type: 'member_removed', team: 'dba', person: BOB } as const
  const back = { type: 'member_added', team: 'dba', person: BOB } as const

  const after = evolved(givenAccess(), left, back)

  assert.deepEqual(after.teams.get('dba'), [givenMembership(BOB, NOW)])
})

test('roles come and go by person, role and workspace', () => {
  const granted = { type: 'role_granted', person: ERIN, role: 'auditor', workspace: 'all' } as const
  const binding = { person: ERIN, role: 'auditor', workspace: 'all' }

  const with_ = evolved(givenAccess({ bindings: [] }), granted)

  assert.deepEqual(with_.bindings, [binding])
  assert.deepEqual(evolved(with_, { ...granted, type: 'role_revoked' }).bindings, [])
  const elsewhere = { ...granted, type: 'role_revoked', workspace: givenWorkspaceId() } as const
  assert.deepEqual(evolved(with_, elsewhere).bindings, [binding])
})

test('a workspace gets labels, owners, pin and lineage, and a new pin forgets the lineage', () => {
  const workspace = givenWorkspaceId('other')
  const pin = pinnedFrom(givenTarget())
  const after = evolved(
    givenAccess(),
    { type: 'workspace_created', workspace, name: 'other' },
    { type: 'labels_set', workspace, labels: { env: 'dev' } },
    { type: 'owners_set', workspace, owners: [FRANK] },
    { type: 'target_pinned', workspace, pin },
    { type: 'lineage_pinned', workspace, lineage: 'c0ffee' },
  )

  const whole = givenWorkspace({ id: workspace, name: 'other', labels: { env: 'dev' } })
  assert.deepEqual(after.workspaces.get(workspace), {
    ...whole,
    owners: [FRANK],
    pin,
    lineage: 'c0ffee',
  })
  const again = evolved(after, { type: 'target_pinned', workspace, pin })
  assert.equal(again.workspaces.get(workspace)?.lineage, null)
})

test('a token is issued live and ends when it is revoked', () => {
  const id = givenTokenId('fresh')
  const { id: _, revoked: __, ...issued } = givenToken({ id, expiresAt: NOW + DAY })

  const fresh = evolved(givenAccess(), { type: 'token_issued', token: id, ...issued })

  assert.deepEqual(fresh.tokens.get(id), { ...issued, id, revoked: false })
  const after = evolved(fresh, { type: 'token_revoked', token: id })
  assert.equal(after.tokens.get(id)?.revoked, true)
})

test('events about what is not there change nothing', () => {
  const access = givenAccess()
  const nowhere = givenWorkspaceId('nowhere')

  assert.deepEqual(evolved(access, { type: 'labels_set', workspace: nowhere, labels: {} }), access)
  assert.deepEqual(evolved(access, { type: 'token_revoked', token: givenTokenId('no') }), access)
  const stranger = givenPerson('stranger')
  assert.deepEqual(evolved(access, { type: 'person_removed', person: stranger }), access)
})

test('a new person is active, with nothing but a digest of who they are', () => {
  const stranger = givenPerson('stranger')
  const profile = givenDigest('salted')

  const after = evolved(givenAccess(), { type: 'person_added', person: stranger, profile })

  const expected = { id: stranger, active: true, since: NOW, profile }
  assert.deepEqual(after.people.get(stranger), expected)
})

test('a token is found by its secret until it ends, and what has ended is not kept to be searched', () => {
  const issue = (access: Access, name: string, about: { at: number; until: number }) => {
    const given = givenToken({ id: givenTokenId(name), secretSha256: givenDigest(name) })
    const { id: token, revoked: _, ...rest } = given
    const event: AccessEvent = {
      ...{ type: 'token_issued', token, ...rest },
      expiresAt: about.until,
    }
    return evolveAccess(access, event, about.at)
  }
  const find = (access: Access, name: string, now = NOW) =>
    tokenOfSecret(access, givenDigest(name), now)?.id ?? null
  const empty = givenAccess({ tokens: [] })
  const two = issue(issue(empty, 'a', { at: NOW, until: NOW + 10 }), 'b', {
    ...{ at: NOW, until: NOW + DAY },
  })

  assert.deepEqual([find(two, 'a'), find(two, 'b')], [givenTokenId('a'), givenTokenId('b')])
  assert.deepEqual([find(two, 'a', NOW + 10), find(two, 'c')], [null, null])
  const three = issue(two, 'c', { at: NOW + 10, until: NOW + DAY })
  assert.deepEqual([...three.secrets.values()], [givenTokenId('b'), givenTokenId('c')])
  assert.equal(three.tokens.size, 3)
  const revoked = evolveAccess(three, { type: 'token_revoked', token: givenTokenId('b') }, NOW + 11)
  assert.deepEqual([...revoked.secrets.values()], [givenTokenId('c')])
  assert.equal(find(revoked, 'b', NOW + 11), null)
})
