import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runnerTools } from './registry.ts'

test('every folder of a tool has its line here, and every line its folder', () => {
  const here = import.meta.dirname
  const folders = readdirSync(here).filter((name) => existsSync(join(here, name, 'index.ts')))

  assert.deepEqual(folders.toSorted(), Object.keys(runnerTools).toSorted())
})

test('a tool is what its folder is called', async () => {
  for (const [name, { load }] of Object.entries(runnerTools))
    assert.equal(typeof Reflect.get(await load(), name), 'function', name)
})

test('plans of a kind are made by one tool', () => {
  const kinds = Object.values(runnerTools).flatMap(({ plans }) => [...plans])

  assert.deepEqual(kinds, [...new Set(kinds)])
})
