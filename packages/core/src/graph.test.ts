import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource } from '../../../test/fixtures/change-given.ts'
import { GRAPH_NODES_MAX, GRAPH_RESOURCES_MAX, type PlanGraph, planGraph } from './graph.ts'
import type { Action, Reference, ResourceChange } from './plan.ts'

const resource = (address: string, action: Action = 'update', module = ''): ResourceChange =>
  givenResource({ address, action, module })

const reads = (from: string, to: string, attribute = 'id'): Reference => ({ from, to, attribute })

function graph(
  resources: readonly ResourceChange[],
  references: readonly Reference[] = [],
): PlanGraph {
  return planGraph({ resources, references, referencesCut: false })
}

function placesOf(found: PlanGraph): readonly (readonly [string, number, number])[] {
  assert.equal(found.kind, 'drawn')
  return found.nodes.map(({ key, column, row }) => [key, column, row])
}

test('what is needed stands left of what needs it', () => {
  const found = graph(
    [resource('app'), resource('role'), resource('vpc'), resource('subnet')],
    [reads('app', 'role'), reads('app', 'subnet'), reads('subnet', 'vpc')],
  )

  assert.deepEqual(placesOf(found), [
    ['vpc', 0, 0.5],
    ['role', 1, 0],
    ['subnet', 1, 1],
    ['app', 2, 0.5],
  ])
})

test('what stays as it is is drawn only beside what changes, and is told apart', () => {
  const found = graph(
    [resource('gone', 'delete'), resource('near', 'noop'), resource('far', 'noop')],
    [reads('near', 'gone', 'policy'), reads('far', 'near')],
  )

  assert.equal(found.kind, 'drawn')
  assert.deepEqual(
    found.nodes.map(({ key, action, readsDestroyed }) => [key, action, readsDestroyed]),
    [
      ['gone', 'delete', false],
      ['near', 'noop', true],
    ],
  )
  assert.deepEqual(found.edges, [
    {
      from: 'near',
      to: 'gone',
      references: [reads('near', 'gone', 'policy')],
      points: [
        { column: 0, row: 0 },
        { column: 1, row: 0 },
      ],
    },
  ])
})

test('what is itself destroyed is not called a reader of something destroyed', () => {
  const found = graph(
    [resource('a', 'delete'), resource('b', 'replace'), resource('c')],
    [reads('b', 'a'), reads('c', 'b')],
  )

  assert.equal(found.kind, 'drawn')
  const readers = found.nodes.filter((node) => node.readsDestroyed).map((node) => node.key)
  assert.deepEqual(readers, ['c'])
})

test('a ring is drawn all the same', () => {
  const found = graph(
    [resource('a'), resource('b'), resource('c')],
    [reads('a', 'b'), reads('b', 'c'), reads('c', 'a'), reads('a', 'a')],
  )

  assert.deepEqual(placesOf(found), [
    ['c', 0, 0.5],
    ['b', 1, 0],
    ['a', 2, 0.5],
  ])
  assert.equal(found.kind === 'drawn' && found.edges.length, 3)
})

test('what is linked to nothing stands below, three beside one another', () => {
  const loose = ['d', 'e', 'f', 'g'].map((name) => resource(name))
  const found = graph([resource('a'), resource('b'), ...loose], [reads('b', 'a')])

  assert.deepEqual(placesOf(found), [
    ['a', 0, 0],
    ['d', 0, 1],
    ['g', 0, 2],
    ['b', 1, 0],
    ['e', 1, 1],
    ['f', 2, 1],
  ])
  assert.equal(found.kind === 'drawn' && found.rows, 3)
})

test('a line that passes a column has a place of its own in it', () => {
  const found = graph(
    [resource('a'), resource('b'), resource('c')],
    [reads('b', 'a'), reads('c', 'b'), reads('c', 'a')],
  )

  assert.equal(found.kind, 'drawn')
  const long = found.edges.find((edge) => edge.from === 'c' && edge.to === 'a')
  const middle = found.nodes.find((node) => node.key === 'b')
  assert.equal(long?.points.length, 3)
  assert.notEqual(long?.points[1]?.row, middle?.row)
})

test('a deposed object is a node of its own, and what reads its address reads the other', () => {
  const old = givenResource({ address: 'a', deposed: '1f', action: 'delete' })
  const found = graph([resource('a'), old, resource('b')], [reads('b', 'a')])

  assert.equal(found.kind, 'drawn')
  assert.deepEqual(
    found.nodes.map(({ key, action, neededBy }) => [key, action, neededBy.length]),
    [
      ['a', 'update', 1],
      ['a (deposed 1f)', 'delete', 0],
      ['b', 'update', 0],
    ],
  )
  assert.equal(
    found.nodes.some((node) => node.readsDestroyed),
    false,
  )
})

const many = (count: number, modules: number): readonly ResourceChange[] =>
  Array.from({ length: count }, (_, at) => {
    const module = `module.m${at % modules}`
    return resource(`${module}.r${at}`, at === 0 ? 'delete' : 'update', module)
  })

test('above 60 resources a module is one node, as bad as the worst in it', () => {
  const resources = many(GRAPH_NODES_MAX + 1, 3)
  const found = graph(resources, [
    reads('module.m1.r1', 'module.m0.r0', 'x'),
    reads('module.m1.r4', 'module.m0.r0', 'y'),
    reads('module.m0.r3', 'module.m0.r0'),
  ])

  assert.equal(found.kind, 'drawn')
  assert.equal(found.by, 'module')
  assert.deepEqual(
    found.nodes.map(({ key, action, readsDestroyed, entries }) => [
      key,
      action,
      readsDestroyed,
      entries.length,
    ]),
    [
      ['module.m0', 'delete', true, 21],
      ['module.m2', 'update', false, 20],
      ['module.m1', 'update', true, 20],
    ],
  )
  assert.deepEqual(
    found.edges.map(({ from, to, references }) => [from, to, references.length]),
    [['module.m1', 'module.m0', 2]],
  )
})

test('60 resources are drawn each, and 200 by module', () => {
  const sixty = graph(many(GRAPH_NODES_MAX, 3))
  const twoHundred = graph(many(GRAPH_RESOURCES_MAX, 3))

  assert.equal(sixty.kind === 'drawn' && sixty.by, 'resource')
  assert.equal(twoHundred.kind === 'drawn' && twoHundred.by, 'module')
})

test('above 200 resources nothing is drawn, and the list by module holds every one', () => {
  const found = graph(many(GRAPH_RESOURCES_MAX + 1, 2), [reads('module.m1.r1', 'module.m0.r0')])

  assert.equal(found.kind, 'too_large')
  assert.deepEqual(
    found.groups.map(({ module, nodes }) => [module, nodes.length]),
    [
      ['module.m0', 101],
      ['module.m1', 100],
    ],
  )
  const reader = found.groups[1]?.nodes.find((node) => node.key === 'module.m1.r1')
  assert.equal(reader?.readsDestroyed, true)
})

test('a plan whose references were cut says so', () => {
  const found = planGraph({ resources: [resource('a')], references: [], referencesCut: true })

  assert.equal(found.cut, true)
})
