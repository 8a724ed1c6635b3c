/**
 * I9 where plans are read: whatever a plan holds that is secret, in whatever place, is in nothing
 * that leaves the reader, and is hashed under a key or not at all.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canaryPlans } from '../../../test/fixtures/canary-plans.ts'
import { hashedInClear, leaksOf } from '../../../test/fixtures/canary-search.ts'
import { nodePrimitives, scanningPrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenFacts, givenPolicy } from '../../../test/fixtures/policy-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { inspectPlan } from './inspect-plan.ts'
import { encodePlan } from './plan-codec.ts'
import { digestPlan, inspectDigest } from './plan-digest.ts'
import { readPlan } from './plans/registry.ts'
import { evaluatePolicy } from './policy/policy.ts'
import type { Primitives } from './primitives.ts'
import { redact } from './redact.ts'

const KEY = new Uint8Array(32).fill(7)

function planOf(text: string, primitives: Primitives = nodePrimitives) {
  const parsed = readPlan(primitives.utf8(text), primitives)
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.plan
}

for (const { name, text, secrets } of canaryPlans()) {
  test(`no secret of a ${name} plan is in its document`, () => {
    for (const hide of [offlineHide, keyedHide(KEY, nodePrimitives)]) {
      const document = JSON.stringify(encodePlan(redact(planOf(text), hide)))

      assert.deepEqual(leaksOf(document, secrets), [])
    }
  })

  test(`no secret of a ${name} plan is hashed without a key`, () => {
    const { primitives, hashed } = hashedInClear(KEY)
    const plan = planOf(text, primitives)

    inspectDigest(redact(plan, offlineHide), primitives)
    digestPlan(redact(plan, keyedHide(KEY, primitives)), primitives)

    assert.ok(hashed.length > 1, `only ${hashed.length} texts were hashed`)
    assert.deepEqual(leaksOf(hashed.join('\n'), secrets), [])
  })

  test(`no secret of a ${name} plan is handed on while it is read`, () => {
    const seen: string[] = []
    const bytes = nodePrimitives.utf8(text)

    const inspected = inspectPlan(bytes, { primitives: scanningPrimitives }, (change) => {
      seen.push(JSON.stringify(change))
    })

    assert.ok(inspected.ok && seen.length > 0)
    assert.deepEqual(leaksOf(seen.join('\n') + JSON.stringify(inspected), secrets), [])
  })

  test(`no secret of a ${name} plan is in what a policy says of it`, () => {
    const policy = givenPolicy(RULES)
    const plan = redact(planOf(text), offlineHide)

    const evaluation = evaluatePolicy({ plan, facts: givenFacts(), policy, now: 0 })

    assert.ok(evaluation.findings.length > 0)
    assert.deepEqual(leaksOf(JSON.stringify(evaluation), secrets), [])
  })
}

const RULES = `  - name: everything
    match: "true"
    hold: { approvals: [{ from: [team:platform] }] }
    message: Everything is looked at
  - name: compares
    match: resource.after.password == "guess" || resource.after.inputs.password == "guess"
    hold: { approvals: [{ from: [team:platform] }] }
    message: Compares what is hidden
`
