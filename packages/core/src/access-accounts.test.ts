import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { EVENTS } from '../test/events.ts'
import {
  BOB,
  CAROL,
  givenAccess,
  givenChangeId,
  givenContext,
  givenOpened,
  givenRequester,
  givenToken,
  givenTokenId,
  NOW,
} from '../test/given.ts'
import { asPerson, asToken, givenInstallation, PIPELINE } from '../test/installation.ts'
import { type Edit, edit, lawOf } from '../test/log-story.ts'
import type { Access, AccessEvent } from './access.ts'
import { type AccountEvent, accountDigest } from './access-accounts.ts'
import { decideAccess } from './access-commands.ts'
import { evolveAccess } from './access-evolve.ts'
import { identityDigest } from './access-people.ts'
import { type Actor, SYSTEM } from './actor.ts'
import { decide } from './change-decide.ts'
import { FOLLOWS } from './change-evolve.ts'
import { isAccessEvent } from './laws.ts'

const issuer = 'https://token.actions.githubusercontent.com'
const account = accountDigest({ issuer, id: '4711' }, nodePrimitives)
const event = (type: AccountEvent['type'], person = BOB): AccountEvent => ({
  type,
  person,
  account,
})
const asked = (access: Access, wanted: AccessEvent, actor: Actor = asPerson(CAROL)) => {
  const answer = decideAccess(access, { type: 'change_access', event: wanted }, { now: NOW, actor })
  return answer.ok ? answer.events.length : answer.refusal.code
}

test('an account is known by who signs for it and its id, and is no sign-in', () => {
  const other = accountDigest({ issuer: 'https://gitlab.com', id: '4711' }, nodePrimitives)

  assert.notEqual(account, other)
  assert.notEqual(account, identityDigest({ issuer, subject: '4711' }, nodePrimitives))
})

test('an account may be several people’s, and is nobody’s once they are unlinked', () => {
  const one = evolveAccess(givenAccess(), event('account_linked'), NOW)
  const two = evolveAccess(one, event('account_linked', CAROL), NOW)

  assert.deepEqual(two.accounts.get(account), [BOB, CAROL])
  assert.equal(two.identities.size, 0)
  const back = evolveAccess(two, event('account_unlinked'), NOW)
  assert.deepEqual(back.accounts.get(account), [CAROL])
  const none = evolveAccess(back, event('account_unlinked', CAROL), NOW)
  assert.equal(none.accounts.size, 0)
})

test('who is not here has no account, none is linked twice, and none is unlinked that is not', () => {
  const access = givenAccess({ inactive: [CAROL] })
  const linked = evolveAccess(access, event('account_linked'), NOW)

  assert.equal(asked(access, event('account_linked')), 1)
  assert.equal(asked(access, event('account_linked', CAROL)), 'not_found')
  assert.equal(asked(linked, event('account_linked')), 'already_exists')
  assert.equal(asked(access, event('account_unlinked')), 'not_found')
  assert.equal(asked(access, event('account_linked'), SYSTEM), 'not_permitted')
})

test('a change that leaves out whom its token names is not opened', () => {
  const access = givenAccess({ tokens: [givenToken({ behind: [BOB] })] })
  const actor = { kind: 'token', id: givenTokenId() } as const
  const open = (excluded: readonly (typeof BOB)[]) => {
    const requester = givenRequester({ kind: 'service', id: givenTokenId(), excluded })
    const opened = givenOpened({ requester })
    return decide(null, { type: 'open', opened }, givenContext({ access, actor }))
  }

  assert.equal(open([CAROL, BOB]).ok, true)
  const refused = open([CAROL])
  assert.deepEqual(refused.ok ? null : refused.refusal, {
    code: 'invalid_input',
    problems: ['its requester set leaves out whom its token names'],
  })
})

test('I2: whoever a token names stands behind what it opened, or a law is broken', () => {
  const house = givenInstallation()
  const requester = givenRequester({ kind: 'service', id: PIPELINE, excluded: [BOB] })
  const opened = givenOpened({ requester, workspace: givenOpened().workspace })
  assert.equal(
    house.handle(asToken(PIPELINE), givenChangeId(), { type: 'open', opened }).refusal,
    null,
  )
  const named: Edit = (entries) =>
    entries.map((entry) =>
      entry.event.type === 'token_issued' && entry.event.token === PIPELINE
        ? { ...entry, event: { ...entry.event, behind: [BOB] } }
        : entry,
    )
  const alone = edit('change_opened', (entry) =>
    entry.event.type === 'change_opened'
      ? { ...entry, event: { ...entry.event, requester: { ...requester, excluded: [] } } }
      : entry,
  )

  assert.equal(lawOf(house.entries, [named]), null)
  assert.equal(lawOf(house.entries, [alone]), null)
  assert.equal(lawOf(house.entries, [named, alone]), 'I2')
})

test('what the shapes know of access is an event of access, whoever adds one', () => {
  const others = [...Object.keys(FOLLOWS), 'policy_pushed', 'log_started']

  for (const [type, each] of Object.entries(EVENTS))
    assert.equal(isAccessEvent(each), !others.includes(type), type)
})
