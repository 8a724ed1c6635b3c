import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { documents } from '../../../../test/fixtures/terraform-arbitraries.ts'
import { fixtureBytes } from '../../../../test/fixtures/terraform-given.ts'
import { offlineHide } from '../hiders.ts'
import { inspectDigest } from '../plan-digest.ts'
import { redact } from '../redact.ts'
import { safeText } from '../safe-text.ts'
import { readPlan } from './registry.ts'

/** How many entries a document has, and how many of them say no-op and nothing else. */
function countEntries(
  bytes: Uint8Array,
): { readonly entries: number; readonly noops: number } | null {
  try {
    const document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const entries: { change?: { actions?: unknown } }[] = document.resource_changes ?? []
    const noops = entries.filter((entry) => JSON.stringify(entry.change?.actions) === '["no-op"]')
    return { entries: entries.length, noops: noops.length }
  } catch {
    return null
  }
}

function check(bytes: Uint8Array): boolean {
  const parsed = readPlan(bytes, primitives)
  if (!parsed.ok) {
    assert.equal(safeText(parsed.refusal.message).escaped, false)
    assert.notEqual(parsed.refusal.message, '')
    return false
  }
  const counted = countEntries(bytes)
  assert.ok(counted !== null)
  const noops = parsed.plan.resources.filter((entry) => entry.action === 'noop').length
  assert.equal(parsed.plan.resources.length, counted.entries)
  assert.ok(noops <= counted.noops)
  inspectDigest(redact(parsed.plan, offlineHide), primitives)
  return true
}

test('a damaged plan is refused or read whole, and never crashes', () => {
  let read = 0
  let refused = 0
  const files = [fixtureBytes('mixed.json'), fixtureBytes('create.json')]
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), {
    minLength: 1,
    maxLength: 2,
  })
  const property = fc.property(fc.nat(1), damage, (pick, changes) => {
    let bytes = Array.from(files[pick] ?? [])
    for (const [at, byte, mode] of changes) {
      const where = at % bytes.length
      if (mode === 0) bytes[where] = byte
      else if (mode === 1)
        bytes = [...bytes.slice(0, where), ...bytes.slice(where + 1 + (byte % 40))]
      else bytes[where] = (bytes[where] ?? 0) ^ 1
    }

    if (check(new Uint8Array(bytes))) read += 1
    else refused += 1
  })
  fc.assert(property, { numRuns: 1_500 })
  assert.ok(read > 100 && refused > 200, `read ${read}, refused ${refused}`)
})

test('a plan that is cut off anywhere is refused', () => {
  const bytes = fixtureBytes('create.json')
  const end = new TextDecoder().decode(bytes).trimEnd().length
  for (let length = 0; length < end; length += 7) {
    assert.equal(readPlan(bytes.subarray(0, length), primitives).ok, false, String(length))
  }
})

test('every entry of a plan is read once', () => {
  let entries = 0
  const property = fc.property(documents, (document) => {
    const bytes = new TextEncoder().encode(JSON.stringify(document))

    assert.equal(check(bytes), true)
    entries += document.resource_changes.length
  })
  fc.assert(property, { numRuns: 200 })
  assert.ok(entries > 300, `only ${entries}`)
})
