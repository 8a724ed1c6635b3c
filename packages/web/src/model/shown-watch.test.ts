import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createShownWatches } from './shown-watch.ts'

const always = (): boolean => true

test('what is in view for a second is shown, once', () => {
  const watches = createShownWatches<string>()
  watches.of('db')('row')

  const ticks = Array.from({ length: 11 }, () => watches.tick(100, always))

  assert.deepEqual(ticks.slice(0, 9).flat(), [])
  assert.deepEqual(ticks[9], ['db'])
  assert.deepEqual(ticks[10], [])
})

test('what leaves the view starts anew', () => {
  const watches = createShownWatches<string>()
  watches.of('db')('row')
  for (let tick = 0; tick < 9; tick++) watches.tick(100, always)
  watches.tick(100, () => false)

  assert.deepEqual(watches.tick(900, always), [])
  assert.deepEqual(watches.tick(100, always), ['db'])
})

test('drawing again does not start it anew: the same key has the same callback', () => {
  const watches = createShownWatches<string>()

  assert.equal(watches.of('db'), watches.of('db'))
  assert.notEqual(watches.of('db'), watches.of('queue'))
})

test('an element that is gone is not counted', () => {
  const watches = createShownWatches<string>()
  const gone = watches.of('db')('row')
  gone?.()

  assert.deepEqual(watches.tick(2000, always), [])
})
