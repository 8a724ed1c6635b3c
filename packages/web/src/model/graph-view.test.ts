import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOf, resource } from '../../test/given.ts'
import { graphView, nodeLabel, touches } from './graph-view.ts'

const service = resource({ address: 'a.service', type: 'a', action: 'update' })
const role = resource({ address: 'a.role\u202e', type: 'a', action: 'delete' })
const reads = { from: 'a.service', to: 'a.role\u202e', attribute: 'role_arn' }

test('a plan that changes nothing has nothing to draw', () => {
  assert.deepEqual(graphView(planOf([])), { kind: 'nothing' })
})

test('without a reference there is a list and no picture', () => {
  const view = graphView(planOf([service, role]))

  assert.equal(view.kind, 'unlinked')
  assert.deepEqual(
    view.nodes.map((node) => node.key),
    ['a.role\u202e', 'a.service'],
  )
})

test('a line is labelled with what reads, between its two boxes', () => {
  const view = graphView(planOf([service, role], { references: [reads] }))

  assert.equal(view.kind, 'drawn')
  const [line] = view.lines
  const [left, right] = view.picture.boxes
  assert.ok(line !== undefined && left !== undefined && right !== undefined)
  assert.equal(line.label, 'role_arn')
  assert.ok(line.x > left.x + view.picture.boxWidth && line.x < right.x)
  assert.equal(line.y, left.y + view.picture.boxHeight / 2)
  assert.equal(touches(line, 'a.service'), true)
  assert.equal(touches(line, 'a.other'), false)
})

test('a node says what happens to it, that it reads from something destroyed, and its links', () => {
  const view = graphView(planOf([service, role], { references: [reads] }))

  assert.equal(view.kind, 'drawn')
  assert.deepEqual(view.nodes.map(nodeLabel), [
    'a.role\\u{202E}: Delete. needs 0, needed by 1.',
    'a.service: Update. Reads from something destroyed, needs 1, needed by 0.',
  ])
})
