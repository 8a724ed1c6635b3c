/** Laws of the picture: nothing is lost, nothing stands on something else, and order is no input. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { givenResource } from '../../../test/fixtures/change-given.ts'
import { planGraph } from './graph.ts'
import type { Action, Reference } from './plan.ts'

const ACTIONS: readonly Action[] = ['noop', 'create', 'update', 'delete', 'replace']
const names = Array.from({ length: 14 }, (_, at) => `r${at}`)

const arbitrary = fc.record({
  actions: fc.array(fc.constantFrom(...ACTIONS), { minLength: 14, maxLength: 14 }),
  pairs: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
    minLength: 4,
    maxLength: 40,
  }),
})

test('every change is drawn once, in a place of its own, and links run to the right', () => {
  let rings = 0
  let long = 0
  fc.assert(
    fc.property(arbitrary, ({ actions, pairs }) => {
      const resources = names.map((address, at) =>
        givenResource({ address, action: actions[at] ?? 'noop' }),
      )
      const references: Reference[] = pairs.map(([from, to]) => ({ from, to, attribute: 'id' }))
      const plan = { resources, references, referencesCut: false }
      const found = planGraph(plan)
      assert.equal(found.kind, 'drawn')

      const keys = found.nodes.map((node) => node.key)
      const changing = resources.filter((each) => each.action !== 'noop')
      assert.equal(new Set(keys).size, keys.length)
      for (const { address } of changing) assert.ok(keys.includes(address))
      const places = found.nodes.map(({ column, row }) => `${column} ${row}`)
      assert.equal(new Set(places).size, places.length)
      const backwards = found.edges.filter((edge) => {
        const [first, last] = [edge.points[0], edge.points.at(-1)]
        return (first?.column ?? 0) >= (last?.column ?? 0)
      })
      if (backwards.length > 0) rings += 1
      else if (found.edges.some((edge) => edge.points.length > 2)) long += 1
      assert.ok(backwards.length === 0 || hasRing(references))
      const turned = { ...plan, resources: resources.toReversed() }
      assert.deepEqual(planGraph(turned), found)
    }),
    { numRuns: 500 },
  )
  assert.ok(rings >= 20, `only ${rings} plans had a ring`)
  assert.ok(long >= 20, `only ${long} plans had a line across a column`)
})

/** By taking away, again and again, what needs nothing that is left. */
function hasRing(references: readonly Reference[]): boolean {
  let left = references.filter(({ from, to }) => from !== to)
  for (;;) {
    const needing = new Set(left.map(({ from }) => from))
    const rest = left.filter(({ to }) => needing.has(to))
    if (rest.length === left.length) return left.length > 0
    left = rest
  }
}
