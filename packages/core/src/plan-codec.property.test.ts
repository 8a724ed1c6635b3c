import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { documents } from '../../../test/fixtures/terraform-arbitraries.ts'
import { fixtureBytes, givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { offlineHide } from './hiders.ts'
import { ACTIONS } from './plan.ts'
import { decodePlan, encodePlan } from './plan-codec.ts'
import { readPlan } from './plans/registry.ts'
import { redact } from './redact.ts'
import type { Json } from './value.ts'

function overTheWire(plan: Parameters<typeof encodePlan>[0]): Json {
  return JSON.parse(JSON.stringify(encodePlan(plan)))
}

test('a plan comes back exactly as it was stored', () => {
  let hidden = 0
  const property = fc.property(documents, (document) => {
    const plan = redact(givenPlan(document), offlineHide)

    const wire = overTheWire(plan)

    assert.deepEqual(decodePlan(wire), { ok: true, plan })
    if (JSON.stringify(wire).includes('"$hidden"')) hidden += 1
  })
  fc.assert(property, { numRuns: 300 })
  assert.ok(hidden > 50, `only ${hidden} with hidden values`)
})

test('a plan with every part comes back', () => {
  const parsed = readPlan(fixtureBytes('mixed.json'), primitives)
  assert.ok(parsed.ok)
  const more = givenPlan({
    deferred_changes: [{ reason: 'unknown', resource_change: givenEntry() }],
    action_invocations: [{ address: 'action.x', config_unknown: { a: true } }],
    resource_drift: [givenEntry()],
    future: 1,
  })

  for (const plan of [parsed.plan, more]) {
    assert.deepEqual(decodePlan(overTheWire(plan)), { ok: true, plan })
  }
})

test('anything that is not exactly a stored plan is refused with its first problem', () => {
  const good = encodePlan(givenPlan({ resource_changes: [givenEntry()] }))
  const [change] = encodePlan(givenPlan({ resource_changes: [givenEntry()] }))[
    'resources'
  ] as Json[]
  const broken = { ...(change as object), action: 'explode' } as Json
  const extra = { ...(change as object), more: 1 } as Json
  const tagged = { ...(change as object), after: { $nope: 1 } } as Json
  const table: readonly (readonly [Json, string])[] = [
    [null, '"" is not an object'],
    [[], '"" is not an object'],
    [{ ...good, v: 2 }, '"/v" is not 1'],
    [
      { ...good, tool: 'chef' },
      '"/tool" is not one of terraform, opentofu, cloudformation, pulumi',
    ],
    [{ ...good, more: 1 }, '"/more" is not known'],
    [{ ...good, resources: {} }, '"/resources" is not a list'],
    [{ ...good, complete: 'yes' }, '"/complete" is not true or false'],
    [{ ...good, warnings: [1] }, '"/warnings" is not a list of texts'],
    [{ ...good, resources: [broken] }, `"/resources/0/action" is not one of ${ACTIONS.join(', ')}`],
    [{ ...good, resources: [extra] }, '"/resources/0/more" is not known'],
    [
      { ...good, resources: [tagged] },
      '"/resources/0/after" is not a value: an object with the keys "$nope"',
    ],
    [{ ...good, resources: [1] }, '"/resources/0" is not an object'],
  ]
  for (const [document, problem] of table) {
    assert.deepEqual(decodePlan(document), { ok: false, problem })
  }
})
