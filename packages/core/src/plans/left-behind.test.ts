import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange, givenChangeSet, givenSetPlan } from '../../test/cloudformation-given.ts'
import { givenDigest, givenPreview, givenState, givenStep } from '../../test/pulumi-given.ts'
import { gapsOf } from '../policy/gaps.ts'

test('a change that leaves an object behind is a gap, whatever it counts as', () => {
  const contexts = { BeforeContext: '{}', AfterContext: '{}' }
  const set = (PolicyAction: string) => {
    const fields = { ...contexts, Replacement: 'True', PolicyAction }
    return gapsOf(givenSetPlan(givenChangeSet([givenChange(fields)])))
  }
  const preview = (op: string, retainOnDelete: boolean) => {
    const oldState = givenState({}, { retainOnDelete })
    return gapsOf(givenPreview(givenDigest([givenStep({ op, oldState })])))
  }

  assert.deepEqual(set('ReplaceAndRetain'), ['forget'])
  assert.deepEqual(set('ReplaceAndDelete'), [])
  assert.deepEqual(preview('delete', true), ['forget'])
  assert.deepEqual(preview('replace', true), ['forget'])
  assert.deepEqual(preview('delete', false), [])
  assert.deepEqual(preview('update', true), [])
})
