import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenChange,
  givenChangeId,
  givenRequester,
  givenWorkspaceId,
  NOW,
} from '../test/given.ts'
import type { Opened } from './change.ts'
import { supersedes } from './superseding.ts'

const change = (name: string, about: Partial<Opened> = {}, openedAt = NOW) => ({
  ...givenChange({ opened: { changeId: givenChangeId(name), ...about } }),
  openedAt,
})
const bobs = { requester: givenRequester({ id: BOB, excluded: [BOB] }) }

test('a newer change of the same requester supersedes', () => {
  assert.equal(supersedes(change('two'), change('one')), true)
})

test('a change of somebody else stays beside it', () => {
  assert.equal(supersedes(change('two', bobs), change('one')), false)
})

test('a newer change of the same pipeline and ref supersedes, whoever asked', () => {
  const of = (pipeline: string | null) => ({ pipeline })

  assert.equal(
    supersedes(change('two', { ...bobs, ...of('main') }), change('one', of('main'))),
    true,
  )
  assert.equal(
    supersedes(change('two', { ...bobs, ...of('dev') }), change('one', of('main'))),
    false,
  )
  assert.equal(supersedes(change('two', { ...bobs, ...of(null) }), change('one', of(null))), false)
})

test('a change supersedes neither itself, nor a newer one, nor one of another workspace', () => {
  const elsewhere = { workspace: givenWorkspaceId('other') }

  assert.equal(supersedes(change('one'), change('one')), false)
  assert.equal(supersedes(change('two'), change('one', {}, NOW + 1)), false)
  assert.equal(supersedes(change('two', elsewhere), change('one')), false)
})
