import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from './fault.ts'
import { createLog } from './log.ts'
import { Secret } from './secret.ts'

const CANARY = 'canary-of-the-log'

function givenLog() {
  const lines: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } })
  return { log, lines }
}

test('credentials are redacted wherever they travel', () => {
  const { log, lines } = givenLog()

  log.info({ authorization: CANARY, token: CANARY, databaseUrl: new Secret(CANARY) }, 'flat')
  log.info({ req: { headers: { authorization: CANARY, cookie: CANARY } } }, 'request')
  log.info({ res: { headers: { 'set-cookie': CANARY } }, body: { secret: CANARY } }, 'reply')
  log.info({ deep: { down: { password: CANARY } } }, 'deep')

  assert.equal(lines.length, 4)
  assert.equal(lines.filter((line) => line.includes(CANARY)).length, 0)
  assert.equal(lines.filter((line) => line.includes('[secret]')).length, 4)
})

test('an error is printed with the chain of its causes', () => {
  const { log, lines } = givenLog()
  const root = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
  const cause = new Fault('database_failed', 'could not read the head', { cause: root })

  log.error({ err: new Error('could not start', { cause }) }, 'failed')

  const printed: { err: { message: string; code: string | null }[] } = JSON.parse(lines[0] ?? '')
  assert.deepEqual(
    printed.err.map(({ message, code }) => ({ message, code })),
    [
      { message: 'could not start', code: null },
      { message: 'could not read the head', code: 'database_failed' },
      { message: 'connection refused', code: 'ECONNREFUSED' },
    ],
  )
})
