import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALICE,
  BOB,
  CAROL,
  DAY,
  ERIN,
  FRANK,
  givenAccess,
  givenDigest,
  givenPerson,
  givenTarget,
  givenToken,
  givenTokenId,
  givenWorkspace,
  givenWorkspaceId,
  NOW,
} from '../test/given.ts'
import type { Access, AccessEvent, Token } from './access.ts'
import { decideAccess } from './access-commands.ts'
import { type Actor, SYSTEM } from './actor.ts'
import type { Refusal } from './refusals.ts'
import { pinnedFrom } from './target.ts'

const ADMIN: Actor = { kind: 'person', id: FRANK, assurance: 'session' }
const STRANGER = givenPerson('stranger')
const workspace = givenWorkspaceId()
const nowhere = givenWorkspaceId('nowhere')
const pin = pinnedFrom(givenTarget())

function ask(event: AccessEvent, about: { access?: Access; actor?: Actor } = {}) {
  const access = about.access ?? givenAccess()
  return decideAccess(
    access,
    { type: 'change_access', event },
    { now: NOW, actor: about.actor ?? ADMIN },
  )
}

function refused(event: AccessEvent, about: Parameters<typeof ask>[1] = {}): Refusal | null {
  const answer = ask(event, about)
  return answer.ok ? null : answer.refusal
}

function issue(about: Partial<Token> = {}): Extract<AccessEvent, { type: 'token_issued' }> {
  const { id, revoked: _, ...rest } = givenToken({ id: givenTokenId('fresh'), ...about })
  return { type: 'token_issued', token: id, ...rest }
}

test('what is asked for becomes the event', () => {
  const unpinned = givenAccess({ workspaces: [givenWorkspace({ pin: null })] })
  const events: readonly AccessEvent[] = [
    { type: 'person_added', person: STRANGER, profile: givenDigest('salted') },
    { type: 'person_removed', person: BOB },
    { type: 'member_added', team: 'sre', person: BOB },
    { type: 'member_removed', team: 'dba', person: BOB },
    { type: 'role_granted', person: BOB, role: 'auditor', workspace },
    { type: 'role_revoked', person: BOB, role: 'approver', workspace: 'all' },
    { type: 'workspace_created', workspace: nowhere, name: 'nowhere' },
    { type: 'labels_set', workspace, labels: { env: 'dev' } },
    { type: 'owners_set', workspace, owners: [BOB, ERIN] },
    { type: 'target_pinned', workspace, pin },
    { type: 'lineage_pinned', workspace, lineage: 'c0ffee' },
    issue(),
    { type: 'token_revoked', token: givenTokenId() },
  ]

  for (const event of events)
    assert.deepEqual(ask(event, { access: unpinned }), { ok: true, events: [event] }, event.type)
})

test('asking for what is already so gives no event', () => {
  const revoked = givenAccess({ tokens: [givenToken({ revoked: true })] })
  const same = { ok: true, events: [] }

  assert.deepEqual(ask({ type: 'member_added', team: 'dba', person: BOB }), same)
  assert.deepEqual(
    ask({ type: 'role_granted', person: BOB, role: 'approver', workspace: 'all' }),
    same,
  )
  const event = { type: 'token_revoked', token: givenTokenId() } as const
  assert.deepEqual(ask(event, { access: revoked }), same)
})

test('what is there is not made again', () => {
  const cases: readonly (readonly [AccessEvent, string])[] = [
    [{ type: 'person_added', person: BOB, profile: givenDigest('salted') }, 'person'],
    [{ type: 'workspace_created', workspace: nowhere, name: 'network' }, 'workspace'],
    [issue({ id: givenTokenId(), secretSha256: givenDigest('another') }), 'token'],
    [issue({ secretSha256: givenToken().secretSha256 }), 'token'],
  ]

  for (const [event, what] of cases)
    assert.deepEqual(refused(event), { code: 'already_exists', what })
})

test('a workspace id that is taken would empty that workspace, so it is refused', () => {
  assert.deepEqual(refused({ type: 'workspace_created', workspace, name: 'another' }), {
    code: 'already_exists',
    what: 'workspace',
  })
})

test('what is not there is neither changed nor ended', () => {
  const gone = givenAccess({ inactive: [BOB] })
  const cases: readonly (readonly [AccessEvent, string])[] = [
    [{ type: 'person_removed', person: STRANGER }, 'person'],
    [{ type: 'member_added', team: 'sre', person: STRANGER }, 'person'],
    [{ type: 'member_removed', team: 'sre', person: BOB }, 'member'],
    [{ type: 'role_granted', person: STRANGER, role: 'admin', workspace: 'all' }, 'person'],
    [{ type: 'role_granted', person: ALICE, role: 'admin', workspace: nowhere }, 'workspace'],
    [{ type: 'role_revoked', person: ALICE, role: 'admin', workspace: 'all' }, 'role'],
    [{ type: 'labels_set', workspace: nowhere, labels: {} }, 'workspace'],
    [{ type: 'owners_set', workspace, owners: [ERIN, STRANGER] }, 'person'],
    [{ type: 'target_pinned', workspace: nowhere, pin }, 'workspace'],
    [{ type: 'lineage_pinned', workspace: nowhere, lineage: null }, 'workspace'],
    [issue({ workspaces: [workspace, nowhere] }), 'workspace'],
    [{ type: 'token_revoked', token: givenTokenId('no') }, 'token'],
  ]

  for (const [event, what] of cases)
    assert.deepEqual(refused(event), { code: 'not_found', what }, event.type)
  for (const event of [
    { type: 'person_removed', person: BOB },
    { type: 'member_added', team: 'sre', person: BOB },
    { type: 'owners_set', workspace, owners: [BOB] },
  ] as const)
    assert.deepEqual(refused(event, { access: gone }), { code: 'not_found', what: 'person' })
})

test('a role for another workspace is not the one that is revoked', () => {
  const event = { type: 'role_revoked', person: BOB, role: 'approver', workspace } as const

  assert.deepEqual(refused(event), { code: 'not_found', what: 'role' })
})

test('names are plain', () => {
  for (const name of ['', ' a', '-a', 'a b', 'a\n', 'ä', 'a'.repeat(201)])
    for (const [event, what] of [
      [{ type: 'workspace_created', workspace: nowhere, name }, 'workspace'],
      [{ type: 'member_added', team: name, person: BOB }, 'team'],
      [issue({ name }), 'token'],
    ] as const)
      assert.deepEqual(refused(event), {
        code: 'invalid_input',
        problems: [`a ${what} name has 1 to 200 of letters, digits, dot, dash, underscore, slash`],
      })
})

const invalid = (problem: string) => ({ code: 'invalid_input', problems: [problem] })
const labels = (given: { readonly [key: string]: string }): AccessEvent => ({
  type: 'labels_set',
  workspace,
  labels: given,
})

test('labels are few, plainly named and short', () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`l${at}`, 'x']))

  assert.deepEqual(refused(labels(many)), invalid('a workspace has at most 50 labels'))
  assert.deepEqual(
    refused(labels({ 'a b': 'x' })),
    invalid('label a b is not a plain name of 200 characters'),
  )
  assert.deepEqual(
    refused(labels({ env: 'x'.repeat(201) })),
    invalid('label env is not a plain name of 200 characters'),
  )
})

test('what would not fit into an entry is refused', () => {
  const wide = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`label${at}`, '\u0001'.repeat(200)]),
  )
  const accounts = ['x'.repeat(16_000)]

  assert.equal(refused(labels(wide)), null)
  const wider = Object.fromEntries(
    Object.entries(wide).map(([key, value]) => [key.padEnd(200, 'x'), value]),
  )
  assert.deepEqual(
    refused(labels(wider)),
    invalid('this labels set is larger than one entry of the log'),
  )
  assert.deepEqual(
    refused({ type: 'target_pinned', workspace, pin: { ...pin, accounts } }),
    invalid('a pinned target is at most 16,000 characters'),
  )
  assert.deepEqual(
    refused({ type: 'lineage_pinned', workspace, lineage: 'x'.repeat(201) }),
    invalid('this lineage pinned does not have the shape that the log reads'),
  )
})

test('a token ends within a year and has something to do', () => {
  const expiry = invalid('a token expires in the future, within 366 days')

  assert.deepEqual(refused(issue({ expiresAt: NOW })), expiry)
  assert.deepEqual(refused(issue({ expiresAt: NOW + 366 * DAY + 1 })), expiry)
  assert.equal(refused(issue({ expiresAt: NOW + 366 * DAY })), null)
  assert.deepEqual(
    refused(issue({ verbs: [] })),
    invalid('a token needs at least one verb: open, execute, read'),
  )
  assert.equal(refused(issue({ purpose: 'admin', verbs: [], workspaces: 'all' })), null)
})

test('the system pins what is not pinned, and nothing that is', () => {
  const unpinned = givenAccess({ workspaces: [givenWorkspace({ pin: null })] })
  const target = { type: 'target_pinned', workspace, pin } as const
  const lineage = { type: 'lineage_pinned', workspace, lineage: 'c0ffee' } as const
  const traced = givenAccess({ workspaces: [givenWorkspace({ lineage: 'beef' })] })

  assert.equal(refused(target, { actor: SYSTEM, access: unpinned }), null)
  assert.equal(refused(lineage, { actor: SYSTEM }), null)
  assert.deepEqual(refused(target, { actor: SYSTEM }), {
    code: 'already_exists',
    what: 'pinned target',
  })
  assert.deepEqual(refused(lineage, { actor: SYSTEM, access: traced }), {
    code: 'already_exists',
    what: 'lineage',
  })
})

test('the system issues one admin token, and another only when none is live', () => {
  const admin = issue({ purpose: 'admin', verbs: [], workspaces: 'all' })
  const holding = (about: Partial<Token>) =>
    givenAccess({ tokens: [givenToken({ purpose: 'admin', ...about })] })
  const refusal = { code: 'already_exists', what: 'admin token' }

  assert.equal(refused(admin, { actor: SYSTEM }), null)
  assert.deepEqual(refused(admin, { actor: SYSTEM, access: holding({}) }), refusal)
  for (const over of [{ revoked: true }, { expiresAt: NOW }])
    assert.equal(refused(admin, { actor: SYSTEM, access: holding(over) }), null)
})

test('the system issues a pipeline that proved itself a token of 15 minutes, and none longer', () => {
  const short = issue({ expiresAt: NOW + 15 * 60_000 })
  const long = issue({ expiresAt: NOW + 15 * 60_000 + 1 })
  const terminal = issue({ purpose: 'person', person: ALICE, expiresAt: NOW + 60_000 })

  assert.equal(refused(short, { actor: SYSTEM }), null)
  assert.deepEqual(refused(long, { actor: SYSTEM }), {
    code: 'invalid_input',
    problems: ['a token for a pipeline that proves itself is good for 15 minutes at most'],
  })
  assert.deepEqual(refused(terminal, { actor: SYSTEM }), {
    code: 'not_permitted',
    action: 'change_access',
    needs: 'the role admin',
  })
})

test('the system makes nobody a member, owner or administrator, and changes no labels', () => {
  const refusal = { code: 'not_permitted', action: 'change_access', needs: 'the role admin' }
  for (const event of [
    { type: 'member_added', team: 'dba', person: ALICE },
    { type: 'member_removed', team: 'dba', person: BOB },
    { type: 'role_granted', person: ALICE, role: 'admin', workspace: 'all' },
    { type: 'role_granted', person: ALICE, role: 'auditor', workspace: 'all' },
    { type: 'team_linked', team: 'dba', group: givenDigest('group') },
    { type: 'break_glass_granted', person: ALICE },
    { type: 'role_revoked', person: FRANK, role: 'admin', workspace: 'all' },
    { type: 'labels_set', workspace, labels: { env: 'dev' } },
    { type: 'owners_set', workspace, owners: [ALICE] },
  ] as const)
    assert.deepEqual(refused(event, { actor: SYSTEM }), refusal)
  const revoke = { type: 'token_revoked', token: givenTokenId() } as const
  assert.equal(refused(revoke, { actor: SYSTEM }), null)
})

test('a directory may take away whoever is no last administrator, and an inactive one counts for none', () => {
  const admin = (person: typeof BOB) => ({ person, role: 'admin', workspace: 'all' }) as const
  const removes = (access: Access) => {
    const event = { type: 'person_removed', person: BOB } as const
    const command = { type: 'change_access', event } as const
    const answer = decideAccess(access, command, { now: NOW, actor: SYSTEM })
    return answer.ok ? 'removed' : answer.refusal.code
  }
  const both = [admin(BOB), admin(CAROL)]

  assert.equal(removes(givenAccess({ bindings: [] })), 'removed')
  assert.equal(removes(givenAccess({ bindings: both })), 'removed')
  assert.equal(removes(givenAccess({ bindings: both, inactive: [CAROL] })), 'last_admin')
})
