import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallToolResult } from '@modelcontextprotocol/server'
import { HOSTILE_WORDS, UNSHOWN } from '../../../../test/fixtures/hostile-words.ts'
import { ANSWER_CHARACTERS_MAX, answer, NOTICE, refusal } from './answer.ts'

function textOf(result: CallToolResult): string {
  const [content, ...more] = result.content
  assert.deepEqual(more, [])
  assert.ok(content?.type === 'text')
  return content.text
}

const documentOf = (document: object) => JSON.parse(textOf(answer(document)))

test('an answer begins by saying what the texts in it are', () => {
  assert.deepEqual(documentOf({ status: 'held', count: 1, none: null }), {
    notice: NOTICE,
    status: 'held',
    count: 1,
    none: null,
  })
  assert.match(textOf(answer({ a: 1 })), /^\{"notice":/)
})

test('nothing hostile hides in an answer, or becomes more than the text of its field', () => {
  for (const [name, words] of Object.entries(HOSTILE_WORDS)) {
    const document = { words, list: [{ [words]: words }], status: 'held' }
    const text = textOf(answer(document))
    const read = JSON.parse(text)

    assert.doesNotMatch(text, UNSHOWN, name)
    assert.deepEqual(Object.keys(read), ['notice', 'words', 'list', 'status'], name)
    assert.equal(read.status, 'held', name)
    assert.doesNotMatch(read.words, UNSHOWN, name)
    assert.doesNotMatch(JSON.stringify(read), UNSHOWN, name)
  }
})

test('a document beyond the bound is cut at its end, and says of what and how much', () => {
  const rows = Array.from({ length: 9_000 }, (_, at) => ({ address: `terraform_data.r${at}` }))

  const read = documentOf({ summary: { delete: 9_000 }, resources: rows, last: 'x' })

  assert.equal(read.summary.delete, 9_000)
  assert.equal(read.resources[0].address, 'terraform_data.r0')
  assert.deepEqual(read.cut, [
    `resources: ${read.resources.length} of 9000 are shown`,
    'the answer: without last',
  ])
  assert.ok(read.resources.length > 500)
})

test('no answer is larger than the bound, whatever it is made of', () => {
  const long = '"\\\u202e'.repeat(400)
  const deep = Array.from({ length: 300 }, () => [[long, { [long]: [long, long] }]])
  const wide = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`${at}${long}`, at]))
  for (const document of [{ long }, { deep }, wide, { wide, deep }, { lists: [deep, deep] }]) {
    const text = textOf(answer(document))

    assert.ok(text.length <= ANSWER_CHARACTERS_MAX, String(text.length))
    assert.equal(JSON.parse(text).notice, NOTICE)
  }
})

test('a text is cut with its length said', () => {
  assert.match(documentOf({ text: 'x'.repeat(5_000) }).text, /^x{600}… \(5000 characters\)$/)
})

test('a refusal is words on lines of its own, safe and bounded', () => {
  const hostile = Object.values(HOSTILE_WORDS).join(' ')
  const detail = Array.from({ length: 100 }, () => hostile + '\u202e'.repeat(700)).join('\n')

  const result = refusal({ code: 'x', title: 'Not\u202e found', detail, remedy: 'Look again.' })

  const lines = textOf(result).split('\n')
  assert.equal(result.isError, true)
  assert.equal(lines[0], 'Not\\u{202E} found')
  assert.match(lines.at(-1) ?? '', /^… and \d+ more lines$/)
  assert.ok(textOf(result).length < ANSWER_CHARACTERS_MAX)
  for (const line of lines) assert.doesNotMatch(line, UNSHOWN)
})
