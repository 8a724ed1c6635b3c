import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOB,
  givenChange,
  givenChangeId,
  givenRequester,
  givenTokenId,
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
const machine = (name: string, pipeline: string | null): Partial<Opened> => {
  const id = givenTokenId(name)
  return { requester: { kind: 'service', id, humanVerified: false, excluded: [] }, pipeline }
}

test('a newer change of the same requester supersedes', () => {
  assert.equal(supersedes(change('two'), change('one')), true)
})

test('a change of somebody else stays beside it', () => {
  assert.equal(supersedes(change('two', bobs), change('one')), false)
  assert.equal(supersedes(change('two', machine('a', null)), change('one')), false)
})

test('two pipelines of one requester stay side by side', () => {
  const of = (pipeline: string | null) => machine('a', pipeline)

  assert.equal(supersedes(change('two', of('main')), change('one', of('main'))), true)
  assert.equal(supersedes(change('two', of('main')), change('one', of('dev'))), false)
  assert.equal(supersedes(change('two', of(null)), change('one', of('dev'))), false)
})

test('between machines the same pipeline and ref supersedes, whichever token asked', () => {
  const two = (pipeline: string | null) => change('two', machine('b', pipeline))
  const one = (pipeline: string | null) => change('one', machine('a', pipeline))

  assert.equal(supersedes(two('main'), one('main')), true)
  assert.equal(supersedes(two('dev'), one('main')), false)
  assert.equal(supersedes(two(null), one(null)), false)
})

test('the name of a pipeline reaches no change that a person stands behind', () => {
  const persons = { pipeline: 'main' }

  assert.equal(supersedes(change('two', machine('a', 'main')), change('one', persons)), false)
  assert.equal(supersedes(change('two', persons), change('one', machine('a', 'main'))), false)
})

test('a change supersedes neither itself, nor a newer one, nor one of another workspace', () => {
  const elsewhere = { workspace: givenWorkspaceId('other') }

  assert.equal(supersedes(change('one'), change('one')), false)
  assert.equal(supersedes(change('two'), change('one', {}, NOW + 1)), false)
  assert.equal(supersedes(change('two', elsewhere), change('one')), false)
})

test('an agent takes no change off the table that no agent opened, and its person may its own', () => {
  const agents = { requester: givenRequester({ kind: 'agent' }) }

  assert.equal(supersedes(change('two', agents), change('one')), false)
  assert.equal(supersedes(change('two'), change('one', agents)), true)
  assert.equal(supersedes(change('two', agents), change('one', agents)), true)
})
