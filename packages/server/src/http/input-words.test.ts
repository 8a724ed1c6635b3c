import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputs } from '@holdpoint/api'
import type { z } from 'zod'
import { problemText } from './input-words.ts'

const said = (schema: z.ZodType, value: unknown): readonly string[] => {
  const read = schema.safeParse(value)
  return read.success ? [] : read.error.issues.map(problemText)
}

test('what was expected of a name is said in words, never as a pattern', () => {
  assert.deepEqual(said(inputs.Reserve, { workspace: 'has spaces', sameAs: 'chg_x' }), [
    'workspace: must be at most 200 letters, digits and . _ / -, beginning with a letter or a digit',
    'sameAs: must be an id like chg_0123456789abcdef',
  ])
})

test('kinds, amounts and unknown fields are said in words', () => {
  const token = { type: 'issue_token', name: 'ci', verbs: ['fly'], workspaces: null }

  assert.deepEqual(said(inputs.ChangeAccess, { ...token, expiresInDays: 900 }), [
    'verbs.0: must be one of open, execute, read',
    'expiresInDays: must be at most 366',
  ])
  assert.deepEqual(said(inputs.PushPolicy, { text: 4, basedOn: 0, more: true }), [
    'text: must be a text',
    'has a field that is not known: more',
  ])
  assert.deepEqual(said(inputs.ChangeAccess, { type: 'add_person', handle: 'a', name: '' }), [
    'name: must be at least 1 characters long',
    'addresses: must be a list',
  ])
})
