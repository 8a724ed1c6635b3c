import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { respell } from '../../../test/fixtures/json-bytes.ts'
import { nodePrimitives as primitives } from '../../../test/fixtures/node-primitives.ts'
import {
  documents,
  type PlanDocumentGiven,
  pathsOf,
  replaceAt,
} from '../../../test/fixtures/terraform-arbitraries.ts'
import { readDocument } from '../../../test/fixtures/terraform-given.ts'
import { keyedHide, offlineHide } from './hiders.ts'
import { digestPlan, inspectDigest } from './plan-digest.ts'
import { redact } from './redact.ts'

const hide = keyedHide(new Uint8Array(32).fill(1), primitives)
const otherHide = keyedHide(new Uint8Array(32).fill(2), primitives)

function planOf(document: unknown) {
  const parsed = readDocument(document)
  return parsed.ok ? parsed.plan : null
}

function digestOf(document: unknown): string | null {
  const plan = planOf(document)
  return plan === null ? null : digestPlan(redact(plan, hide), primitives).plan
}

function isNoop(entry: PlanDocumentGiven['resource_changes'][number] | undefined): boolean {
  return entry?.change.actions.join(' ') === 'no-op'
}

test('order, spelling, time, versions and no-ops do not change the digest', () => {
  let several = 0
  const property = fc.property(documents, (document) => {
    const noop = {
      address: 'x.noop',
      change: { actions: ['no-op'], before: { a: 1 }, after: { a: 1 } },
    }
    const other = {
      ...document,
      timestamp: '2027-02-02T00:00:00Z',
      terraform_version: '1.12.0',
      resource_changes: [...document.resource_changes, noop].toReversed(),
    }

    assert.equal(digestOf(respell(other)), digestOf(document))
    if (document.resource_changes.filter((entry) => !isNoop(entry)).length > 1) several += 1
  })
  fc.assert(property, { numRuns: 400 })
  assert.ok(several > 100, `only ${several} with several changes`)
})

test('another value, mask, action or address anywhere in a change is another digest', () => {
  const touched = new Map<string, number>()
  const property = fc.property(documents, fc.nat(), (document, pick) => {
    const paths = pathsOf(document.resource_changes).filter(([index]) => {
      return !isNoop(document.resource_changes[Number(index)])
    })
    const path = paths[pick % Math.max(1, paths.length)]
    if (path === undefined) return
    const changed = replaceAt(document, ['resource_changes', ...path], (old) => {
      if (typeof old === 'boolean') return !old
      return typeof old === 'number' ? old + 1 : `${old ?? ''}x`
    })

    const digest = digestOf(changed)

    if (digest === null) return
    assert.notEqual(digest, digestOf(document), JSON.stringify(path))
    const part = String(path[1] === 'change' ? path[2] : path[1])
    touched.set(part, (touched.get(part) ?? 0) + 1)
  })
  fc.assert(property, { numRuns: 3_000 })
  for (const part of [
    'before',
    'after',
    'after_unknown',
    'before_sensitive',
    'after_sensitive',
    'actions',
    'address',
  ]) {
    assert.ok((touched.get(part) ?? 0) > 20, `${part}: ${touched.get(part)}`)
  }
})

test('a change that is left out or added is another digest', () => {
  let removed = 0
  const property = fc.property(documents, (document) => {
    const [first, ...rest] = document.resource_changes
    if (isNoop(first)) return

    assert.notEqual(digestOf({ ...document, resource_changes: rest }), digestOf(document))
    removed += 1
  })
  fc.assert(property, { numRuns: 300 })
  assert.ok(removed > 100, `only ${removed}`)
})

test('the inspect digest is the same under every key, and never the plan digest', () => {
  let hidden = 0
  const property = fc.property(documents, (document) => {
    const plan = planOf(document)
    assert.ok(plan !== null)
    const digests = [hide, otherHide, offlineHide].map((each) => redact(plan, each))

    const inspected = new Set(digests.map((each) => inspectDigest(each, primitives)))
    const planned = new Set(digests.map((each) => digestPlan(each, primitives).plan))

    assert.equal(inspected.size, 1)
    for (const digest of planned) assert.ok(!inspected.has(digest))
    if (planned.size === 3) hidden += 1
  })
  fc.assert(property, { numRuns: 300 })
  assert.ok(hidden > 100, `only ${hidden} with hidden values`)
})
