import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenResource } from '../../../test/fixtures/change-given.ts'
import { type GraphNode, planGraph } from './graph.ts'
import { boxText, linkNames, nodeCounts, nodeName } from './graph-words.ts'

const reference = (attribute: string) => ({ from: 'a', to: 'b', attribute })

function given(entries: GraphNode['entries'], kind: GraphNode['kind'], key: string): GraphNode {
  return {
    key,
    kind,
    action: 'update',
    entries,
    readsDestroyed: false,
    needs: [],
    neededBy: [],
  }
}

test('a resource is named as in rows, and a module by its address', () => {
  const entry = givenResource({ address: 'module.a.x.y', module: 'module.a' })

  assert.deepEqual(nodeName(given([entry], 'resource', 'module.a.x.y')), {
    module: 'module.a.',
    name: 'x.y',
  })
  assert.deepEqual(nodeName(given([], 'module', '')), { module: '', name: 'the root module' })
})

test('what is in a module is counted, worst first', () => {
  const entries = (['noop', 'update', 'delete', 'update'] as const).map((action) =>
    givenResource({ action }),
  )

  assert.equal(nodeCounts(given(entries, 'module', 'm')), '1 delete, 2 update, 1 unchanged')
})

test('a line names each attribute once, and counts beyond three', () => {
  const references = ['a', 'b', 'a', '', 'c', 'd'].map(reference)

  assert.equal(linkNames({ references }), 'a, b, the whole of it and 2 more')
})

test('a plan of nothing is a picture of nothing', () => {
  const graph = planGraph({ resources: [], references: [], referencesCut: false })

  assert.deepEqual(graph, {
    kind: 'drawn',
    by: 'resource',
    nodes: [],
    edges: [],
    columns: 0,
    rows: 0,
    cut: false,
  })
})

test('a name that does not fit its box keeps its end, and is made safe before it is cut', () => {
  assert.equal(boxText('short', 10), 'short')
  assert.equal(boxText('aws_ecs_task_definition.app', 12), 'aws…tion.app')
  assert.equal(boxText('a\u202eb', 20), 'a\\u{202E}b')
})
