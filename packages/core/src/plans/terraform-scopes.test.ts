import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Value } from '../value.ts'
import { type Scope, scopesOf, Ways } from './terraform-scopes.ts'

const MANY = 300
const MANY_KEYS = Array.from({ length: MANY }, (_, at) => at)

function scopesAt(root: Value): readonly [Scope, Scope] {
  const [top, inner] = scopesOf(root)
  assert.ok(top !== undefined && inner !== undefined)
  return [top, inner]
}

/** The same value, and how often its members were listed. */
function watched<T extends object>(members: T): { readonly value: T; times: number } {
  const watch = {
    times: 0,
    value: new Proxy(members, {
      ownKeys(own) {
        watch.times += 1
        return Reflect.ownKeys(own)
      },
    }),
  }
  return watch
}

test('what outputs read is read once, one by one and all, however many references do', () => {
  const expression = watched({ constant_value: 'x' })
  const outputs = { o: { expression: expression.value } }
  const [top] = scopesAt({ module_calls: { m: { module: { outputs } } } })
  const ways = new Ways(() => true, 1_000_000)
  for (const key of MANY_KEYS) ways.follow(top, [`module.m[${key}].o`])
  assert.equal(expression.times, 1)
  for (const key of MANY_KEYS) ways.follow(top, [`module.m[${key}]`])
  assert.equal(expression.times, 2)
})

test('what a call gives for a variable is read once, however many references name it', () => {
  const given = watched({ constant_value: 'x' })
  const call = { expressions: { v: given.value }, module: {} }
  const [, inner] = scopesAt({ module_calls: { m: call } })
  const ways = new Ways(() => true, 1_000_000)
  for (const key of MANY_KEYS) ways.follow(inner, [`var.v[${key}]`])
  assert.equal(given.times, 1)
})

test('every output that is walked takes a step, also one that reads nothing', () => {
  const outputs = Object.fromEntries(MANY_KEYS.map((key) => [`o${key}`, { expression: {} }]))
  const [top] = scopesAt({ module_calls: { m: { module: { outputs } } } })
  const ways = new Ways(() => true, MANY)
  ways.follow(top, ['module.m'])
  assert.equal(ways.isCut, true)
})

test('every reference that a call gives takes a step, each time that it is followed', () => {
  const references = MANY_KEYS.map((key) => `local.q${key}`)
  const call = { expressions: { v: { references } }, module: {} }
  const [, inner] = scopesAt({ module_calls: { m: call } })
  const ways = new Ways(() => false, 10 * MANY)
  let followed = 0
  while (!ways.isCut && followed < MANY) {
    ways.follow(inner, [`var.v[${followed}]`])
    followed += 1
  }
  assert.equal(followed, 10)
})

test('a reference that is the beginning of the one before takes a step too', () => {
  const [top] = scopesAt({ module_calls: { m: {} } })
  const ways = new Ways(() => false, 3)
  ways.follow(top, ['a.b.c.d', 'a.b.c', 'a.b', 'a'])
  assert.equal(ways.isCut, true)
})

test('a reference takes more steps the longer it is', () => {
  const [top] = scopesAt({ module_calls: { m: {} } })
  const ways = new Ways(() => false, 1000)
  ways.follow(top, [`a.${'b'.repeat(1_000_000)}`])
  assert.equal(ways.isCut, true)
})

test('nothing is walked any more once the bound is met', () => {
  const outputs = watched({ one: { expression: { references: ['a.b'] } } })
  const [top] = scopesAt({ module_calls: { m: { module: { outputs: outputs.value } } } })
  const ways = new Ways(() => true, 1)
  assert.deepEqual(ways.follow(top, ['module.m']), [])
  assert.equal(ways.isCut, true)
  assert.equal(outputs.times, 0)
})
