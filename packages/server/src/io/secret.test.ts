import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

const CANARY = 'canary-of-the-secret'

test('a secret cannot become text by any way but reveal', () => {
  const secret = new Secret(CANARY)

  const texts = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    format('%s %o %j', secret, secret, secret),
    Object.entries(secret).join(),
    new Error(`about ${secret}`).message,
  ]

  assert.equal(texts.filter((text) => text.includes(CANARY)).length, 0)
  assert.equal(secret.reveal(), CANARY)
})
