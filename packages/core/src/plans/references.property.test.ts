import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { givenEntry, givenPlan } from '../../../../test/fixtures/terraform-given.ts'
import { stepsOf } from './terraform-address.ts'

const ADDRESSES = ['a_a.a', 'a_a.a[0]', 'b_b.b["k"]', 'module.m["k"].a_a.a', 'module.m["k"].c_c.c']
const REFERENCES = [...ADDRESSES, 'a_a.a.id', 'b_b.b', 'var.v', 'var.w', 'each.key', 'module.m.o']
const MORE = ['module.m', 'module.m["k"].p', 'c_c.c', '', '.', 'a[', 'a["\\', 'module.', 'data.x']

const texts = fc.constantFrom(...REFERENCES, ...MORE)
const odd = fc.constantFrom(null, 1, 'x', [], {}, [1], { references: 1 }, [[]])

/** What the format says stands here, or something else. */
function mostly<Kind>(arbitrary: fc.Arbitrary<Kind>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: odd })
}

const expression = mostly(
  fc.oneof(
    fc.record({ references: mostly(fc.array(mostly(texts), { maxLength: 3 })) }),
    fc.record({ constant_value: fc.constant(1) }),
  ),
)
const names = fc.constantFrom('x', 'v', 'w', 'toString')
const expressions = mostly(fc.dictionary(names, mostly(fc.oneof(expression, fc.array(expression)))))
const resources = mostly(
  fc.array(
    mostly(
      fc.record({
        address: fc.constantFrom('a_a.a', 'b_b.b', 'c_c.c'),
        expressions,
        for_each_expression: expression,
        depends_on: mostly(fc.array(mostly(texts), { maxLength: 2 })),
      }),
    ),
    { maxLength: 4 },
  ),
)
const outputs = mostly(fc.dictionary(fc.constantFrom('o', 'p'), mostly(fc.record({ expression }))))
const inner = fc.record({ resources, outputs })
const call = fc.record({ expressions, for_each_expression: expression, module: mostly(inner) })
const root = fc.record({ resources, module_calls: mostly(fc.record({ m: mostly(call) })) })

test('a damaged configuration gives references between entries of the plan, or none', () => {
  let found = 0
  const action = fc.constantFrom('no-op', 'update', 'delete')
  const actions = fc.tuple(...ADDRESSES.map(() => action))
  const property = fc.property(mostly(root), actions, (root_module, chosen) => {
    const changes = ADDRESSES.map((address, at) => {
      return givenEntry({ actions: [chosen[at]] }, { address })
    })

    const plan = givenPlan({ resource_changes: changes, configuration: { root_module } })

    const still = new Set(ADDRESSES.filter((_, at) => chosen[at] === 'no-op'))
    for (const { from, to } of plan.references) {
      assert.ok(ADDRESSES.includes(from) && ADDRESSES.includes(to) && from !== to)
      assert.ok(!still.has(from) || !still.has(to))
    }
    const distinct = new Set(plan.references.map((each) => JSON.stringify(each)))
    assert.equal(distinct.size, plan.references.length)
    if (plan.references.length > 1) found += 1
  })
  fc.assert(property, { numRuns: 1_000 })
  assert.ok(found > 200, `only ${found} with references`)
})

test('any text has steps, and a key with anything in it is one', () => {
  let keyed = 0
  const property = fc.property(fc.string({ maxLength: 12 }), fc.string(), (key, any) => {
    const quoted = JSON.stringify(key)
    const steps = stepsOf(`module.m[${quoted}].a_a.b[7]`)

    assert.deepEqual(
      steps.map((step) => [step.name, step.key]),
      [
        ['module', ''],
        ['m', quoted],
        ['a_a', ''],
        ['b', '7'],
      ],
    )
    assert.ok(stepsOf(any).length > 0)
    if (/[\]["\\.]/.test(key)) keyed += 1
  })
  fc.assert(property, { numRuns: 500 })
  assert.ok(keyed > 50, `only ${keyed} with brackets, dots or quotes`)
})
