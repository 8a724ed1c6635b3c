import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesIn } from './commit-authors.ts'

test('author, committer and co-authors are found, each once and in lower case', () => {
  const text = 'Ada@acme.example\nada@acme.example\nLars Holm <lars@acme.example>\n\nnobody\n'

  assert.deepEqual(addressesIn(text), ['ada@acme.example', 'lars@acme.example'])
})

test('a commit cannot fill the request with addresses', () => {
  const many = Array.from({ length: 500 }, (_, index) => `a${index}@acme.example`).join('\n')

  assert.equal(addressesIn(many).length, 50)
  assert.deepEqual(addressesIn(`${'a'.repeat(400)}@acme.example`), [])
})
