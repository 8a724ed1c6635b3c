import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutated, mutations } from '../../../../test/fixtures/mutated.ts'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import {
  givenDigest,
  givenPreEvent,
  givenResult,
  givenState,
  givenStep,
  givenStream,
  givenSummaryEvent,
  SECRET_OBJECT,
} from '../../test/pulumi-given.ts'
import { offlineHide } from '../hiders.ts'
import type { Plan } from '../plan.ts'
import { inspectDigest } from '../plan-digest.ts'
import { gapsOf } from '../policy/gaps.ts'
import { redact } from '../redact.ts'
import { safeText } from '../safe-text.ts'
import { readPlan } from './registry.ts'

const DIGEST = givenDigest([
  givenStep(),
  givenStep({ op: 'delete', urn: 'urn:pulumi:dev::shop::aws:sqs/queue:Queue::jobs' }),
  givenStep({
    op: 'create',
    urn: 'urn:pulumi:dev::shop::aws:rds/instance:Instance::db',
    oldState: null,
    newState: givenState({ password: { ...SECRET_OBJECT, ciphertext: 'v1:abc' } }),
  }),
])

const STREAM: readonly unknown[] = givenStream(
  [
    givenPreEvent(),
    givenResult(),
    givenPreEvent({ op: 'replace', urn: 'urn:pulumi:a::b::c:d:E::f' }),
  ],
  [givenSummaryEvent({ resourceChanges: { update: 1, replace: 1 } })],
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

interface Ran {
  refused: number
  whole: number
  gaps: number
}

/** The URNs that say they are changed: any operation but those that change nothing. */
function changing(steps: readonly unknown[]): ReadonlySet<string> {
  const idle = ['same', 'refresh', 'discard', 'remove-pending-replace']
  const urns = steps
    .filter((step) => !idle.includes(Object(step).op))
    .map((step) => Object(step).urn)
  return new Set(urns.filter((urn) => typeof urn === 'string'))
}

function check(text: string, ran: Ran): Plan | null {
  const parsed = readPlan(new TextEncoder().encode(text), primitives)
  if (!parsed.ok) {
    ran.refused += 1
    assert.equal(safeText(parsed.refusal.message).escaped, false)
    return null
  }
  const { plan } = parsed
  const changes = plan.resources.filter(({ action }) => action !== 'noop').length
  const gaps = gapsOf(plan)
  // Each of the documents changes something, whatever was taken out of it.
  assert.ok(changes > 0 || gaps.includes('incomplete') || gaps.includes('errored'), text)
  if (gaps.length === 0) ran.whole += 1
  else ran.gaps += 1
  inspectDigest(redact(plan, offlineHide), primitives)
  return plan
}

function assertAllThere(plan: Plan | null, steps: readonly unknown[]): void {
  if (plan === null) return
  const changed = plan.resources.filter(({ action }) => action !== 'noop')
  assert.deepEqual(new Set(changed.map(({ address }) => address)), changing(steps))
}

test('a damaged digest is refused or read whole, and never as no change', () => {
  const ran: Ran = { refused: 0, whole: 0, gaps: 0 }
  const property = fc.property(mutations, (changes) => {
    const document = mutated(DIGEST, changes)
    const plan = check(JSON.stringify(document), ran)
    assertAllThere(plan, Array.from(Object(document).steps ?? []))
  })
  fc.assert(property, { numRuns: 1_500 })
  assert.ok(ran.refused > 50 && ran.whole > 100 && ran.gaps > 50, JSON.stringify(ran))
})

test('a damaged stream is refused or read whole, and never as no change', () => {
  const ran: Ran = { refused: 0, whole: 0, gaps: 0 }
  const property = fc.property(mutations, (changes) => {
    const events = mutated(STREAM, changes)
    const lines = Array.isArray(events) ? events : [events]
    check(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), ran)
  })
  fc.assert(property, { numRuns: 1_500 })
  assert.ok(ran.refused > 200 && ran.whole > 100 && ran.gaps > 50, JSON.stringify(ran))
})

test('a stream that is cut off anywhere before its end is refused', () => {
  const text = STREAM.map((event) => JSON.stringify(event)).join('\n')
  for (let length = 0; length < text.length; length += 3) {
    const bytes = new TextEncoder().encode(text.slice(0, length))
    assert.equal(readPlan(bytes, primitives).ok, false, String(length))
  }
})
