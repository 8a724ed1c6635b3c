import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceChange } from '@holdpoint/core'
import { givenPlan } from '../../../../../test/fixtures/plan-given.ts'
import { givenChange } from '../../../../../test/fixtures/terraform-given.ts'
import { actedWithOthers } from './not-ours.ts'

const of = (provider: string, actions: readonly string[] = ['create']): ResourceChange => {
  const side = actions.includes('create') ? { after: {} } : { before: {}, after: {} }
  const change = { before: null, ...side, actions, after_unknown: {} }
  return givenChange(change, { provider_name: `registry.terraform.io/hashicorp/${provider}` })
}

const told = (resource: ResourceChange, asked: readonly string[] = []) =>
  actedWithOthers(givenPlan({ resources: [resource] }), {
    count: (kind) => (asked.includes(kind) ? 1 : 0),
  })

test('whoever acts in a cloud without asking for our credentials had others', () => {
  for (const [provider, kind] of [
    ['aws', 'aws'],
    ['google-beta', 'google'],
    ['azurerm', 'azure'],
    ['helm', 'kubernetes'],
  ] as const) {
    assert.equal(told(of(provider)), true, provider)
    assert.equal(told(of(provider), [kind]), false, provider)
  }
})

test('what acts in no cloud, or changes nothing there, needs none', () => {
  assert.equal(told(of('random')), false)
  assert.equal(told(of('vault')), false)
  assert.equal(told(of('aws', ['no-op'])), false)
})
