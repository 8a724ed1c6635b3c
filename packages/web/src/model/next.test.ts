import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeNext } from './next.ts'

const HOME = ['/', '/changes/chg_0123456789abcdef?tab=plan#x', '/.//evil.example', '/log']
for (const path of HOME)
  test(`after signing in one goes on to ${path}`, () => {
    const { origin } = new URL(safeNext(path), 'http://holdpoint.example')

    assert.deepEqual([safeNext(path), origin], [path, 'http://holdpoint.example'])
  })

const ELSEWHERE = [
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n\\evil.example',
  '\t//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  'http://here.invalid/',
  '',
]
for (const address of ELSEWHERE)
  test(`${JSON.stringify(address)} is no place to go on to`, () => {
    assert.equal(safeNext(address), '/')
  })

test('without a wish one goes to the inbox', () => {
  assert.equal(safeNext(null), '/')
})
