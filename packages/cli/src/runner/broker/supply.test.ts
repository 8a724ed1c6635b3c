import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../io/fault.ts'
import type { Credential } from './kind.ts'
import { type Asked, type Purpose, Supply } from './supply.ts'

const MINUTE_MS = 60_000

function session(name: string, minutes: number): Credential {
  const expiresAt = Date.now() + minutes * MINUTE_MS
  const keys = { secretAccessKey: `secret of ${name}`, sessionToken: `token of ${name}` }
  return { form: 'aws_session', accessKeyId: name, ...keys, expiresAt }
}

/** Answers in order; `null` for a server that says no. */
function asking(answers: readonly Asked[]) {
  const asked: Purpose[] = []
  const supply = new Supply(async (purpose) => {
    asked.push(purpose)
    return answers[asked.length - 1] ?? null
  })
  const idOf = (given: Credential | null) =>
    given?.form === 'aws_session' ? given.accessKeyId : null
  return { supply, asked, next: async () => idOf(await supply.credential()) }
}

test('a session is kept while its SDK takes it for fresh, and renewed after that', async () => {
  const { asked, next } = asking([session('one', 5), session('two', 15)])

  assert.deepEqual([await next(), await next(), await next()], ['one', 'two', 'two'])
  assert.deepEqual(asked, ['apply', 'apply'])
})

test('what is asked for anew comes from the server, however fresh the last one is', async () => {
  const { supply, asked } = asking([session('one', 15), session('two', 15), null, null])

  await supply.credential()
  const second = await supply.renewed()

  assert.equal(second?.form === 'aws_session' ? second.accessKeyId : null, 'two')
  assert.equal(await supply.renewed(), null)
  assert.deepEqual(asked, ['apply', 'apply', 'apply', 'state'])
})

test('requests at the same moment are answered by one', async () => {
  const { asked, next } = asking([session('one', 15)])

  assert.deepEqual(await Promise.all([next(), next()]), ['one', 'one'])
  assert.equal(asked.length, 1)
})

test('near the end of a grant what is left is better than none', async () => {
  const { next } = asking([session('last', 4), 'too_short'])

  assert.deepEqual([await next(), await next()], ['last', 'last'])
})

test('after the end of the grant only what saves the state is given, and never what was kept', async () => {
  const { supply, asked, next } = asking([session('one', 15), session('grace', 10)])
  await next()

  supply.endGrant()

  assert.equal(await next(), 'grace')
  assert.deepEqual(asked, ['apply', 'state'])
})

test('a server that says no gives what saves the state, or nothing', async () => {
  const { asked, next } = asking([null, null])

  assert.equal(await next(), null)
  assert.deepEqual(asked, ['apply', 'state'])
})

test('a refusal for any other reason ends the grant: what was kept is not given again', async () => {
  const { asked, next } = asking([session('one', 4), null, session('grace', 10)])

  assert.deepEqual([await next(), await next()], ['one', 'grace'])
  assert.deepEqual(asked, ['apply', 'apply', 'state'])
})

/** The server's second answer comes when the test says so. */
function heldUp(first: Asked) {
  const late = Promise.withResolvers<Asked>()
  const asked: Purpose[] = []
  const supply = new Supply(async (purpose) => {
    asked.push(purpose)
    if (purpose === 'state') return null
    return asked.length === 1 ? first : await late.promise
  })
  return { supply, asked, late }
}

test('what comes when the grant is over already is not given, and neither is what is left', async () => {
  for (const answer of [session('late', 15), 'too_short'] as const) {
    const { supply, asked, late } = heldUp(session('one', 4))
    await supply.credential()
    const waiting = supply.credential()

    supply.endGrant()
    late.resolve(answer)

    assert.equal(await waiting, null)
    assert.equal(asked.filter((each) => each === 'apply').length, 2)
  }
})

test('what has expired is not better than none, and a grant that ended is asked for no more', async () => {
  const expired = asking([session('one', -1), 'too_short'])
  const ended = asking([null, session('grace', 4), session('more', 4)])

  assert.deepEqual([await expired.next(), await expired.next()], ['one', null])
  assert.deepEqual([await ended.next(), await ended.next()], ['grace', 'more'])
  assert.deepEqual(ended.asked, ['apply', 'state', 'state'])
})

test('every secret that was handed out is known, so that it can be hidden', async () => {
  const { supply, next } = asking([session('one', 5), session('two', 15)])
  await next()
  await next()

  assert.deepEqual(supply.secrets(), [
    'secret of one',
    'token of one',
    'secret of two',
    'token of two',
  ])
})

test('a server that cannot answer takes nothing away that was given before', async () => {
  let isDown = false
  const given = session('one', 4)
  const supply = new Supply(async () => {
    if (isDown) throw new Fault('server_unreachable', 'The server did not answer')
    return given
  })
  await supply.credential()
  isDown = true

  assert.equal(await supply.credential(), given)
  supply.endGrant()
  await assert.rejects(supply.credential(), { code: 'server_unreachable' })
})

test('what has ended is not given because a server cannot answer', async () => {
  let isDown = false
  const supply = new Supply(async () => {
    if (isDown) throw new Fault('server_unreachable', 'The server did not answer')
    return session('one', 0)
  })
  await supply.credential()
  isDown = true

  await assert.rejects(supply.credential(), { code: 'server_unreachable' })
})
