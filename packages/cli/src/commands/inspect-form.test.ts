import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ended } from './ended.ts'
import { formOf } from './inspect-form.ts'

const given = (...names: readonly string[]) => ({ has: (name: string) => names.includes(name) })

function refusal(...names: readonly string[]): string {
  try {
    formOf(given(...names))
  } catch (error) {
    assert.ok(error instanceof Ended)
    assert.equal(error.exitCode, 2)
    return error.message
  }
  return 'none'
}

test('without a flag a plan is shown for the terminal', () => {
  assert.equal(formOf(given()), 'terminal')
  assert.equal(formOf(given('full')), 'terminal')
  assert.equal(formOf(given('json', 'full')), 'json')
  assert.equal(formOf(given('markdown')), 'markdown')
  assert.equal(formOf(given('html')), 'html')
})

test('two forms at once are refused by name', () => {
  assert.equal(refusal('json', 'markdown'), '--json and --markdown exclude each other')
  assert.equal(refusal('html', 'json'), '--json and --html exclude each other')
  assert.equal(refusal('html', 'markdown'), '--markdown and --html exclude each other')
})

test('--full is refused where it would say nothing', () => {
  assert.equal(
    refusal('full', 'markdown'),
    '--full is for the terminal: --markdown always fits a comment and says what it left out',
  )
  assert.equal(
    refusal('full', 'html'),
    '--full is for the terminal: --html shows every resource already',
  )
})
