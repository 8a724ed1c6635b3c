import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { CANARY, documents } from '../../../test/fixtures/terraform-arbitraries.ts'
import { givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { encodePlan } from './plan-codec.ts'
import { redact } from './redact.ts'

test('redaction removes no entry and changes nothing but values', () => {
  let hidden = 0
  const property = fc.property(documents, (document) => {
    const plan = givenPlan(document)

    const redacted = redact(plan, offlineHide)

    const values = { before: null, after: null, extra: null, importing: null }
    const bare = (resource: (typeof plan.resources)[number]) => ({ ...resource, ...values })
    assert.deepEqual(redacted.resources.map(bare), plan.resources.map(bare))
    if (JSON.stringify(redacted.resources) !== JSON.stringify(plan.resources)) hidden += 1
  })
  fc.assert(property, { numRuns: 300 })
  assert.ok(hidden > 100, `only ${hidden} with something hidden`)
})

test('nothing that a mask marks is left in the document', () => {
  let marked = 0
  const hide = keyedHide(new Uint8Array(32).fill(1), primitives)
  const property = fc.property(documents, (document) => {
    const plan = givenPlan(document)

    const text = JSON.stringify(encodePlan(redact(plan, hide)))

    assert.ok(!text.includes(CANARY))
    if (JSON.stringify(document).includes(CANARY)) marked += 1
  })
  fc.assert(property, { numRuns: 300 })
  assert.ok(marked > 100, `only ${marked} with a marked value`)
})
