import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import { givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { offlineHide } from './hiders.ts'
import type { Plan } from './plan.ts'
import { alsoIn } from './plan-besides.ts'
import { decodePlan, encodePlan } from './plan-codec.ts'
import { digestPlan } from './plan-digest.ts'
import { redact } from './redact.ts'

function running(...references: readonly string[]): Plan {
  const expressions = {
    command: { references },
    connection: [{ host: { references: ['self.ip', ...references] } }],
    note: { constant_value: { references: ['not.one'] } },
  }
  const resources = [{ address: 'a.b', provisioners: [{ type: 'local-exec', expressions }] }]
  return givenPlan({ configuration: { root_module: { resources } } })
}

test('what a program reads is shown, and another reading is another plan', () => {
  const plan = running('var.command')
  const [programs] = alsoIn(plan)

  assert.deepEqual(plan.provisioners[0]?.reads, ['var.command', 'self.ip'])
  assert.match(programs?.rows[0]?.note ?? '', /; reads var\.command, self\.ip$/)
  const digest = (one: Plan) => digestPlan(redact(one, offlineHide), primitives).plan
  assert.notEqual(digest(plan), digest(running('var.other')))
  const decoded = decodePlan(JSON.parse(JSON.stringify(encodePlan(plan))))
  assert.ok(decoded.ok)
  assert.deepEqual(decoded.plan.provisioners, plan.provisioners)
})
