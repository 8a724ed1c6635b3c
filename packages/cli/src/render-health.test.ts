import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainInk } from './render.ts'
import { isBroken, renderHealth } from './render-health.ts'

const OK = { id: 'time', name: 'Time', state: 'ok', says: 'They agree.', remedy: null } as const
const LOOK = {
  id: 'guard',
  name: 'Guard',
  state: 'attention',
  says: 'It lies beside the data.',
  remedy: 'Put it on another volume.',
} as const
const BROKEN = {
  id: 'log',
  name: 'Signed log',
  state: 'broken',
  says: '3 entries are not signed.\u202e',
  remedy: 'Look at the output.',
} as const

const health = (checks: readonly (typeof OK | typeof LOOK | typeof BROKEN)[]) => ({
  version: '1.2.3',
  checkedAt: 0,
  checks,
})

test('each check is a line with what to do below it, and the outcome is last', () => {
  assert.deepEqual(renderHealth(health([OK, LOOK, BROKEN]), plainInk), [
    'ok      Time        They agree.',
    'look    Guard       It lies beside the data.',
    '                    Put it on another volume.',
    'BROKEN  Signed log  3 entries are not signed.\\u{202E}',
    '                    Look at the output.',
    '1 broken   version 1.2.3',
  ])
})

test('what only needs a look is not broken', () => {
  assert.equal(isBroken(health([OK, LOOK])), false)
  assert.equal(
    renderHealth(health([OK, LOOK]), plainInk).at(-1),
    'Nothing is broken; 1 to look at   version 1.2.3',
  )
  assert.equal(renderHealth(health([OK]), plainInk).at(-1), 'All is in order   version 1.2.3')
  assert.equal(isBroken(health([OK, BROKEN])), true)
})
