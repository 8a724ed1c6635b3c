import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  ALICE,
  BOB,
  CAROL,
  DAY,
  FRANK,
  givenAccess,
  givenDigest,
  givenKey,
  givenKeyId,
  givenPerson,
  HOUR,
  NOW,
} from '../test/given.ts'
import { type Access, type AccessEvent, permits } from './access.ts'
import { decideAccess } from './access-commands.ts'
import { evolveAccess } from './access-evolve.ts'
import { groupDigest, identityDigest, liveKeys } from './access-people.ts'
import { type Actor, SYSTEM } from './actor.ts'

const as = (id: typeof BOB): Actor => ({ kind: 'person', id, assurance: 'session' })

function refused(event: AccessEvent, actor: Actor, access: Access = givenAccess()) {
  const answer = decideAccess(access, { type: 'change_access', event }, { now: NOW, actor })
  if (answer.ok) return null
  const { refusal } = answer
  if (refusal.code === 'invalid_input') return refusal.problems[0]
  return 'what' in refusal ? `${refusal.code}: ${refusal.what}` : refusal.code
}

type Enrolled = Extract<AccessEvent, { type: 'key_enrolled' }>

function enrolled(person: typeof BOB, about: Partial<Enrolled> = {}): Enrolled {
  const { id: _, since: _since, revoked: _revoked, ...rest } = givenKey(person)
  const credential = givenDigest('a new credential')
  return { type: 'key_enrolled', ...rest, key: givenKeyId('new'), credential, ...about }
}

const by = (person: typeof BOB) => ({ key: givenKey(person).id, proof: givenDigest('proof') })
const UNVOUCHED =
  'a further passkey is signed for with one that is enrolled: yours, or that of an administrator'

test('a first passkey rests on the server’s word, a further one on a key of the person', () => {
  const without = givenAccess({ proofs: { keys: new Map() } })

  assert.equal(refused(enrolled(BOB), SYSTEM, without), null)
  assert.equal(refused(enrolled(BOB), SYSTEM), UNVOUCHED)
  assert.equal(refused(enrolled(BOB), as(BOB), without), UNVOUCHED)
  assert.equal(refused(enrolled(BOB, { vouched: by(BOB) }), as(BOB)), null)
  assert.equal(refused(enrolled(BOB, { vouched: by(BOB) }), as(FRANK)), UNVOUCHED)
})

test('revoking every passkey does not make the next one a first', () => {
  const event = { type: 'key_revoked', person: BOB, key: givenKey(BOB).id } as const
  const bare = evolveAccess(givenAccess(), event, NOW)

  assert.equal(refused(enrolled(BOB), SYSTEM, bare), UNVOUCHED)
  assert.equal(refused(enrolled(BOB, { vouched: by(FRANK) }), SYSTEM, bare), null)
})

test('another person vouches only by inviting who has no passkey, which takes an administrator', () => {
  const without = new Map([BOB, FRANK].map(givenKey).map((key) => [key.id, key]))
  const access = givenAccess({ proofs: { keys: without } })

  assert.equal(refused(enrolled(ALICE, { vouched: by(FRANK) }), SYSTEM, access), null)
  assert.equal(refused(enrolled(BOB, { vouched: by(FRANK) }), SYSTEM, access), UNVOUCHED)
  assert.equal(refused(enrolled(ALICE, { vouched: by(BOB) }), SYSTEM, access), UNVOUCHED)
  assert.equal(refused(enrolled(ALICE, { vouched: by(FRANK) }), as(FRANK), access), UNVOUCHED)
})

test('a key that is revoked, or whose person left, vouches for nothing', () => {
  const keys = new Map(
    [BOB, FRANK].map(givenKey).map((key) => [key.id, { ...key, revoked: key.person === BOB }]),
  )
  const missing = 'not_found: passkey that vouches for it'

  assert.equal(
    refused(enrolled(BOB, { vouched: by(BOB) }), as(BOB), givenAccess({ proofs: { keys } })),
    missing,
  )
  assert.equal(
    refused(enrolled(ALICE, { vouched: by(FRANK) }), SYSTEM, givenAccess({ inactive: [FRANK] })),
    missing,
  )
})

test('an authenticator’s credential is enrolled once, for whomever', () => {
  const { credential } = givenKey(CAROL)
  const vouched = by(BOB)

  const taken = 'already_exists: passkey'
  assert.equal(refused(enrolled(BOB, { vouched, credential }), as(BOB)), taken)
  assert.equal(refused(enrolled(BOB, { vouched, key: givenKey(CAROL).id }), as(BOB)), taken)
})

test('a person revokes their own key, an administrator anybody’s, and it counts no more', () => {
  const event = { type: 'key_revoked', person: BOB, key: givenKey(BOB).id } as const
  const access = givenAccess()

  assert.equal(refused(event, as(BOB)), null)
  assert.equal(refused({ ...event, person: CAROL }, as(CAROL)), 'not_found: passkey')
  const after = evolveAccess(access, event, NOW)
  assert.deepEqual([liveKeys(access, BOB).length, liveKeys(after, BOB).length], [1, 0])
  assert.equal(refused(event, as(BOB), after), 'not_found: passkey')
})

test('a sign-in belongs to one person, and is known by issuer and subject together', () => {
  const identity = identityDigest({ issuer: 'https://a.example', subject: 'b' }, nodePrimitives)
  const event = { type: 'identity_linked', person: BOB, identity } as const
  const after = evolveAccess(givenAccess(), event, NOW)

  assert.equal(after.identities.get(identity), BOB)
  assert.equal(refused({ ...event, person: CAROL }, SYSTEM, after), 'already_exists: sign-in')
  const left = evolveAccess(after, { type: 'person_removed', person: BOB }, NOW)
  assert.equal(refused({ ...event, person: CAROL }, SYSTEM, left), null)
  assert.equal(refused(event, SYSTEM, left), 'not_found: person')
  const others = [
    identityDigest({ issuer: 'https://a.exampleb', subject: '' }, nodePrimitives),
    identityDigest({ issuer: 'https://a.example","b', subject: '' }, nodePrimitives),
    groupDigest({ issuer: 'https://a.example', id: 'b' }, nodePrimitives),
  ]
  assert.ok(!others.includes(identity))
})

test('the directory sets members of linked teams only, and nobody else sets those', () => {
  const link = { type: 'team_linked', team: 'dba', group: givenDigest('group 7') } as const
  const linked = evolveAccess(givenAccess(), link, NOW)
  const added = { type: 'member_added', team: 'dba', person: ALICE } as const
  const admin: Actor = as(FRANK)

  assert.equal(refused(added, SYSTEM), 'not_permitted')
  assert.equal(refused(added, SYSTEM, linked), null)
  assert.equal(
    refused(added, admin, linked),
    'the members of dba come from the directory: change them there',
  )
  assert.equal(refused(added, admin), null)
})

test('approvals are lent by whose they are, to somebody else, for a time', () => {
  const lent = { from: BOB, to: ALICE, team: 'dba', until: NOW + DAY } as const
  const event = { type: 'approvals_delegated', ...lent } as const

  assert.equal(refused(event, as(BOB)), null)
  assert.equal(refused(event, as(FRANK)), 'only the person whose approvals they are can lend them')
  assert.equal(refused({ ...event, to: BOB }, as(BOB)), 'nobody stands in for themselves')
  assert.equal(refused({ ...event, team: 'sre' }, as(BOB)), 'not_found: membership')
  for (const until of [NOW, NOW + 91 * DAY])
    assert.equal(refused({ ...event, until }, as(BOB)), 'it ends in the future, within 90 days')
  assert.equal(refused({ ...event, to: givenPerson('stranger') }, as(BOB)), 'not_found: person')
})

test('a newer delegation takes the place of the older, and all end with either person', () => {
  const one = { type: 'approvals_delegated', from: BOB, to: ALICE, team: null, until: NOW } as const
  const access = evolveAccess(evolveAccess(givenAccess(), one, NOW), { ...one, to: CAROL }, NOW)

  assert.deepEqual(
    access.delegations.map(({ to }) => to),
    [CAROL],
  )
  const gone = evolveAccess(access, { type: 'person_removed', person: CAROL }, NOW)
  assert.deepEqual(gone.delegations, [])
})

test('a schedule is what the server read, of people who are here, and for a day at most', () => {
  const shift = { type: 'on_call_set', schedule: 'payments', tiers: [[BOB], [CAROL]] } as const
  const event = { ...shift, until: NOW + HOUR }

  assert.equal(refused(event, SYSTEM), null)
  assert.equal(refused(event, as(FRANK)), 'on-call schedules are read, not set by hand')
  assert.equal(
    refused({ ...event, until: NOW + DAY + 1 }, SYSTEM),
    'a schedule is read again within a day',
  )
  assert.equal(refused({ ...event, tiers: [[givenPerson('x')]] }, SYSTEM), 'not_found: person')
  assert.equal(refused({ ...event, schedule: 'a b' }, SYSTEM), 'this is no name of a schedule')
})

test('who may break the glass is listed, and leaves the list with everything else', () => {
  const access = evolveAccess(givenAccess(), { type: 'break_glass_granted', person: BOB }, NOW)

  assert.ok(access.breakGlass.has(BOB))
  const gone = evolveAccess(access, { type: 'person_removed', person: BOB }, NOW)
  assert.equal(gone.breakGlass.has(BOB), false)
  const event = { type: 'break_glass_granted', person: BOB } as const
  assert.equal(refused(event, SYSTEM), 'not_permitted')
})

test('a terminal is connected by the person whose it is, and for 30 days at most', () => {
  const event = {
    type: 'token_issued',
    token: 'tok_terminal00000000' as never,
    name: 'laptop',
    purpose: 'person',
    person: BOB,
    verbs: ['open'],
    workspaces: 'all',
    expiresAt: NOW + 30 * DAY,
    secretSha256: givenDigest('terminal'),
  } as const

  assert.equal(refused(event, as(BOB)), null)
  const other = 'a terminal is connected by the person whose it is'
  assert.equal(refused(event, as(FRANK)), other)
  assert.equal(refused({ ...event, person: null }, as(BOB)), other)
  assert.equal(
    refused({ ...event, expiresAt: NOW + 31 * DAY }, as(BOB)),
    'a terminal stays connected for 30 days at most',
  )
  assert.equal(
    permits(givenAccess(), as(BOB), { action: 'manage_own', on: 'installation', now: NOW }),
    true,
  )
})
