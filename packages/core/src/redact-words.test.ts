import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scanningPrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { inspectPlan } from './inspect-plan.ts'
import { encodePlan } from './plan-codec.ts'
import { inspectDigest } from './plan-digest.ts'
import { readPlan } from './plans/registry.ts'
import { redact } from './redact.ts'
import { isMap, type Value } from './value.ts'

// Put together at run time, so that no scanner takes this file for a leak.
const TOKEN = `ghp_${'a1B2'.repeat(9)}`

const entry = givenEntry({ after: { size: 1 } })

/** Each with the token in one place outside the values. */
const PLACES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['type', { resource_changes: [{ ...entry, type: TOKEN }] }],
  ['provider', { resource_changes: [{ ...entry, provider_name: `r/${TOKEN}` }] }],
  ['reason', { resource_changes: [{ ...entry, action_reason: `because ${TOKEN}` }] }],
  ['deposed', { resource_changes: [{ ...entry, deposed: TOKEN }] }],
  ['actions', { resource_changes: [givenEntry({ actions: [TOKEN] })] }],
  ['key', { resource_changes: [givenEntry({ after: { [TOKEN]: 1 } })] }],
  ['mask', { resource_changes: [givenEntry({ after_sensitive: { [TOKEN]: false } })] }],
  ['unknown', { resource_changes: [givenEntry({ after: {}, after_unknown: { [TOKEN]: true } })] }],
  ['odd mask', { resource_changes: [givenEntry({ before_sensitive: { a: TOKEN } })] }],
  ['path', { resource_changes: [givenEntry({ replace_paths: [['tags', TOKEN]] })] }],
  ['output', { output_changes: { [TOKEN]: { actions: ['create'], after: 1 } } }],
  [
    'output mask',
    { output_changes: { a: { actions: ['create'], after_unknown: { [TOKEN]: 1 } } } },
  ],
  ['version', { terraform_version: TOKEN }],
  ['deferred', { deferred_changes: [{ reason: TOKEN, resource_change: entry }] }],
  ['invocation type', { action_invocations: [{ address: 'a', type: TOKEN }] }],
  ['invocation provider', { action_invocations: [{ address: 'a', provider_name: TOKEN }] }],
  [
    'invocation reason',
    { deferred_action_invocations: [{ reason: TOKEN, action_invocation: { address: 'a' } }] },
  ],
  ['field', { [TOKEN]: 1 }],
  ['variable', { variables: { [TOKEN]: { value: 'x' } } }],
  ['check', { checks: [{ address: { to_display: 'a', kind: TOKEN }, status: 'pass' }] }],
]

test('no name, word or key of a plan carries a secret out', () => {
  for (const [place, parts] of PLACES) {
    const plan = givenPlan({ resource_changes: [], ...parts })
    assert.match(JSON.stringify(encodePlan(plan)), new RegExp(TOKEN), place)

    const text = JSON.stringify(encodePlan(redact(plan, offlineHide)))

    assert.doesNotMatch(text, new RegExp(TOKEN), place)
    assert.match(text, /\(hidden:|\$hidden|sensitive\)/, place)
  }
})

test('a plan with a secret in a name is looked through as it is read', () => {
  for (const [place, parts] of PLACES) {
    const document = { format_version: '1.2', configuration: {}, resource_changes: [], ...parts }
    const bytes = primitives.utf8(JSON.stringify(document))
    const parsed = readPlan(bytes, primitives)
    assert.ok(parsed.ok)
    const heads: unknown[] = []
    const inspected = inspectPlan(bytes, { primitives }, (head, change) => {
      heads.push(head, change)
    })

    assert.ok(inspected.ok)
    const whole = inspectDigest(redact(parsed.plan, offlineHide), primitives)
    assert.equal(inspected.digest, whole, place)
    assert.doesNotMatch(JSON.stringify([heads, inspected.frame]), new RegExp(TOKEN), place)
  }
})

test('a hidden key is the same in the value, its masks and the path of a replacement', () => {
  const tags = { [TOKEN]: 'x' }
  const plan = givenPlan({
    resource_changes: [
      givenEntry({
        before: { tags },
        after: { tags: {} },
        after_unknown: { tags: { [TOKEN]: true } },
        replace_paths: [['tags', TOKEN]],
      }),
    ],
  })

  const [change] = redact(plan, keyedHide(new Uint8Array(32).fill(3), primitives)).resources

  assert.ok(change !== undefined)
  const keys = [change.before, change.after, change.afterUnknown].map(keyInTags)
  const [path] = change.replacePaths
  assert.ok(Array.isArray(path))
  assert.match(keys[0] ?? '', /^\(hidden:[0-9a-f]{64}\)$/)
  assert.deepEqual([...keys, path[1]], [keys[0], keys[0], keys[0], keys[0]])
})

test('two secret keys that are hidden alike stay two', () => {
  const other = `ghp_${'c3D4'.repeat(9)}`
  const plan = givenPlan({
    resource_changes: [givenEntry({ after: { [TOKEN]: 'x', [other]: 'y' } })],
  })

  const [change] = redact(plan, offlineHide).resources

  assert.deepEqual(change?.after, {
    '(hidden:(sensitive))': 'x',
    '(hidden:(sensitive)) #2': 'y',
  })
})

function keyInTags(side: Value): string | undefined {
  const tags = isMap(side) ? side['tags'] : undefined
  return Object.keys(tags ?? {})[0]
}
