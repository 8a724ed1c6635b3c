import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markdownCode, markdownFence } from './safe-markdown.ts'

test('text becomes a code span with marks that it does not contain', () => {
  const table: readonly (readonly [string, string])[] = [
    ['aws_instance.web', '`aws_instance.web`'],
    ['@here <b>**x**', '`@here <b>**x**`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a``', '``` a`` ```'],
    [' a ', '`  a  `'],
    ['', '(empty)'],
    ['   ', '(blank)'],
    ['a\nb\u202e', '`a\\nb\\u{202E}`'],
  ]
  for (const [text, shown] of table) assert.equal(markdownCode(text), shown)
})

test('a run of backticks longer than readers take is counted instead of shown', () => {
  assert.equal(markdownCode('`'.repeat(8)), `${'`'.repeat(9)} ${'`'.repeat(8)} ${'`'.repeat(9)}`)
  assert.equal(markdownCode(`a${'`'.repeat(81)}b`), '`a\\u{0060} (81 times)b`')
  assert.deepEqual(markdownFence(['`'.repeat(300)], { info: 'diff', charactersMax: 400 }), [
    '```diff',
    '\\u{0060} (300 times)',
    '```',
  ])
})

test('a fence is longer than every run inside it, and its lines cannot become more lines', () => {
  const fence = markdownFence(['- ````', '+ a\nb', '</details>'], {
    info: 'diff',
    charactersMax: 100,
  })

  assert.deepEqual(fence, ['`````diff', '- ````', '+ a\\nb', '</details>', '`````'])
})

test('a long line is cut with its length said', () => {
  assert.equal(markdownCode('x'.repeat(50), 10), '`xxxxxxxxxx… (50 characters)`')
})
