import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  nodePrimitives,
  scanningPrimitives as primitives,
} from '../../../test/fixtures/node-primitives.ts'
import { documents } from '../../../test/fixtures/terraform-arbitraries.ts'
import { offlineHide } from './hiders.ts'
import { inspectPlan } from './inspect-plan.ts'
import { summarise } from './plan.ts'
import { inspectDigest } from './plan-digest.ts'
import { readPlan } from './plans/registry.ts'
import { redact } from './redact.ts'

/** Maps as Go writes them: members in the order of their names, and no null where one is unknown. */
function written(value: unknown, unknown: unknown = null): unknown {
  if (Array.isArray(value)) return value.map((item, at) => written(item, memberOf(unknown, at)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([key]) => memberOf(unknown, key) !== true)
    .map(([key, item]) => [key, written(item, memberOf(unknown, key))] as const)
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function memberOf(mask: unknown, key: string | number): unknown {
  return typeof mask === 'object' && mask !== null ? Reflect.get(mask, key) : undefined
}

/** What a big plan is full of, and things that must not be taken for it. */
const values = fc.oneof(
  fc.constantFrom(
    ...['m5.large', 'ops', 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-abcd'],
    ...['eu-central-1a', '10.0.0.0/8', 'sg-0123456789abcdef0', '', '12', 'hunter22'],
    ...['(hidden:x', 'https://a:b3cret@c.d', 'password=hunter22', 'a "b" \\ c', 'ümlaut', '<&>'],
    ...['Zk3vQ8xN1rT6yB4mW9cJ2hL7pD5sF0gA', `AKIA${'ABCDEFGHIJKLMNOP'}`],
  ),
  fc.constantFrom(null, true, false, 0, 1.5, -3, 1e21),
)
const names = fc.constantFrom(
  ...['ami', 'id', 'tags', 'password', 'dbToken', 'name', 'value', 'key', '$x', '10', '9', 'a"b'],
  ...['user_data', 'monitoring', 'private_key_wo', 'index', 'after'],
)
const maps = fc.letrec<{ node: unknown; map: object }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    { weight: 6, arbitrary: values },
    { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }) },
    { weight: 1, arbitrary: tie('map') },
  ),
  map: fc.dictionary(names, tie('node'), { maxKeys: 4 }),
})).map

const odd = fc.constantFrom<object>(
  {},
  { index: 0 },
  { index: { before: 1 } },
  { index: 'a' },
  { previous_address: 'a.b' },
  { deposed: 'c1' },
  { action_reason: 'replace_by_request' },
  { action_reason: null },
  { name: 7 },
  { provider_name: null },
  { mode: 'data' },
  { mode: 'odd' },
  { surprise: { actions: [] } },
  { module_address: 'module.a["b"]' },
  { module_address: 'module.a' },
)

const oddChange = fc.constantFrom<object>(
  {},
  { importing: { id: 'i' } },
  { replace_paths: [['ami']] },
  { replace_paths: null },
  { generated_config: 'x' },
  { before_sensitive: { ami: true } },
  { after_sensitive: { tags: [false, 'x'] } },
  { after_sensitive: true },
  { after_unknown: { ami: true } },
  { after_unknown: { fresh: true, tags: { deep: true } } },
  { after_unknown: { fresh: true, tags: [true] } },
  { after_unknown: true },
  { actions: ['no-op'] },
  { actions: [] },
)

const entries = fc.record({ before: maps, after: maps, odd, oddChange }).map((parts) => ({
  address: 'aws_instance.a',
  mode: 'managed',
  type: 'aws_instance',
  name: 'a',
  provider_name: 'registry.terraform.io/hashicorp/aws',
  ...parts.odd,
  change: {
    actions: ['update'],
    before: written(parts.before),
    after: written(parts.after),
    after_unknown: {},
    before_sensitive: false,
    after_sensitive: {},
    ...parts.oddChange,
  },
}))

interface Counts {
  plain: number
  whole: number
}

/** Both ways through one document; what they say must be the same. */
function compare(document: object, counts: Counts, indent = 0): void {
  const bytes = primitives.utf8(JSON.stringify(document, null, indent))
  const parsed = readPlan(bytes, primitives)
  assert.ok(parsed.ok)
  const plan = redact(parsed.plan, offlineHide)
  const seen: unknown[] = []
  const inspected = inspectPlan(bytes, { primitives }, (head, hiding) => {
    seen.push([head.address, head.deposed, head.action, head.reason, head.mode, head.module])
    if (hiding === null) counts.plain += 1
    else counts.whole += 1
  })

  const unscanned = inspectPlan(bytes, { primitives: nodePrimitives }, () => undefined)
  assert.ok(inspected.ok && unscanned.ok)
  assert.equal(inspected.digest, inspectDigest(plan, primitives))
  assert.equal(unscanned.digest, inspected.digest)
  assert.deepEqual(inspected.summary, summarise(plan))
  assert.deepEqual(
    seen,
    plan.resources.map((each) => {
      return [each.address, each.deposed, each.action, each.reason, each.mode, each.module]
    }),
  )
}

test('a plan that is looked through has the digest of the plan that is read', () => {
  const counts = { plain: 0, whole: 0 }
  const property = fc.property(fc.array(entries, { minLength: 1, maxLength: 3 }), (changes) => {
    compare(
      { format_version: '1.2', configuration: CONFIGURATION, resource_changes: changes },
      counts,
    )
  })
  fc.assert(property, { numRuns: 2_000 })
  assert.ok(counts.plain > 500, `only ${counts.plain} without anything hidden`)
  assert.ok(counts.whole > 800, `only ${counts.whole} with something hidden`)
})

const CONFIGURATION = { root_module: {} }

test('the same holds for masked values of every shape, and for indented documents', () => {
  const counts = { plain: 0, whole: 0 }
  const property = fc.property(documents, fc.constantFrom(0, 2), (document, indent) => {
    const changes = document.resource_changes.map((each) => ({
      ...each,
      change: {
        ...each.change,
        before: written(each.change.before),
        after: written(each.change.after, each.change.after_unknown),
      },
    }))
    compare(
      { ...document, configuration: CONFIGURATION, resource_changes: changes },
      counts,
      indent,
    )
  })
  fc.assert(property, { numRuns: 500 })
  assert.ok(counts.whole > 200, `only ${counts.whole} with something hidden`)
})
