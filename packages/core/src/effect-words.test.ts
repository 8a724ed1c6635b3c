import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource, givenState, givenStep } from '../test/pulumi-given.ts'
import { effectOf } from './effect-words.ts'
import { phraseText } from './phrase.ts'

test('what is deleted and kept by the cloud is not gone for good', () => {
  const deleted = (state: Readonly<Record<string, unknown>>) => {
    const oldState = givenState({ bucket: 'images-1' }, state)
    const step = givenStep({ op: 'delete', oldState, newState: undefined, detailedDiff: null })
    return phraseText(effectOf(givenResource(step), () => true))
  }

  assert.equal(deleted({}), 'Holds data. Gone for good: images-1.')
  assert.equal(
    deleted({ retainOnDelete: true }),
    'Holds data. Leaves our care and lives on. It is images-1.',
  )
})
