/** Damage to real plans of the shared corpus is refused, or loses no change. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutated, mutations } from '../../../../test/fixtures/mutated.ts'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { offlineHide } from '../hiders.ts'
import { inspectDigest } from '../plan-digest.ts'
import { redact } from '../redact.ts'
import { safeText } from '../safe-text.ts'
import { readPlan } from './registry.ts'

const CORPUS = new URL('../../../../../shared/corpus/', import.meta.url)
const skip = existsSync(CORPUS) ? false : 'the shared corpus is not beside this checkout'
const SEED = Number(process.env['SEED'] ?? 20_261_125)
const BYTES_MAX = 60_000

function filesOf(tool: string): readonly URL[] {
  const folder = new URL(`${tool}/`, CORPUS)
  const names = readdirSync(folder).toSorted()
  const files = names.map((name) => new URL(encodeURIComponent(name), folder))
  return files.filter((file) => statSync(file).size < BYTES_MAX)
}

function changesIn(value: unknown, key: string): readonly unknown[] {
  const list = Reflect.get(Object(value), key)
  return Array.isArray(list) ? list : []
}

const saysNoop = (entry: unknown): boolean => {
  return JSON.stringify(Reflect.get(Object(Object(entry).change), 'actions')) === '["no-op"]'
}

const LISTS = { terraform: 'resource_changes', cloudformation: 'Changes' } as const

for (const tool of ['terraform', 'cloudformation'] as const) {
  test(`damage to a ${tool} plan of the corpus loses no change`, { skip }, () => {
    const ran = { refused: 0, read: 0, changes: 0 }
    const files = filesOf(tool)
    const property = fc.property(fc.nat(files.length - 1), mutations, (pick, changes) => {
      const file = files[pick]
      assert.ok(file !== undefined)
      const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
      if (!isJson(text)) return
      const damaged = mutated(JSON.parse(text), changes)

      const parsed = readPlan(primitives.utf8(JSON.stringify(damaged)), primitives)

      if (!parsed.ok) {
        ran.refused += 1
        assert.equal(safeText(parsed.refusal.message).escaped, false)
        return
      }
      const { resources } = parsed.plan
      inspectDigest(redact(parsed.plan, offlineHide), primitives)
      ran.read += 1
      if (Array.isArray(damaged)) return
      const entries = changesIn(damaged, LISTS[tool])
      assert.equal(resources.length, entries.length, file.pathname)
      const idle = resources.filter(({ action }) => action === 'noop').length
      assert.ok(idle <= entries.filter(saysNoop).length, file.pathname)
      ran.changes += resources.length - idle
    })
    fc.assert(property, { seed: SEED, numRuns: 600 })
    assert.ok(ran.read > 150 && ran.changes > 300, JSON.stringify({ SEED, ...ran }))
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
