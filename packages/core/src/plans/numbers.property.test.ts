/** Every format keeps each number as the tool wrote it, from its file to the stored document. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rawNumber } from '../../../../test/fixtures/lossless-json.ts'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import { givenDocument, givenEntry } from '../../../../test/fixtures/terraform-given.ts'
import { givenChangeSet, givenChange as givenSetChange } from '../../test/cloudformation-given.ts'
import { givenDigest, givenState, givenStep } from '../../test/pulumi-given.ts'
import { canonicalText, canonicalValue } from '../canonical.ts'
import { offlineHide } from '../hiders.ts'
import type { Plan } from '../plan.ts'
import { decodePlan, encodePlan } from '../plan-codec.ts'
import { inspectDigest } from '../plan-digest.ts'
import { redact } from '../redact.ts'
import { field, NumberText, type Value } from '../value.ts'
import { readPlan } from './registry.ts'

const SEED = Number(process.env['SEED'] ?? 20_261_125)

const NAMED = [
  ...['9007199254740993', '123456789012345678901234567890', '1e400', '-1e400', '1e-400'],
  ...['0.1000', '-0', '-0.0', '0', '1E5', '1e+5', '100000', '1.0', '0.30000000000000004', '1e21'],
]
const written = fc.oneof(
  fc.constantFrom(...NAMED),
  fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/),
)

interface Format {
  readonly name: string
  /** A document with this number in the value of one attribute, called `n`. */
  readonly document: (number: unknown) => unknown
  readonly find: (plan: Plan) => Value | undefined
}

const after = (plan: Plan): Value | undefined => plan.resources[0]?.after

const formats: readonly Format[] = [
  {
    name: 'Terraform',
    document: (n) => givenDocument({ resource_changes: [givenEntry({ after: { n } })] }),
    find: (plan) => field(after(plan), 'n'),
  },
  {
    name: 'CloudFormation',
    document: (n) => {
      const AfterContext = JSON.stringify({ Properties: { n } })
      return givenChangeSet([givenSetChange({ Action: 'Add', AfterContext })])
    },
    find: (plan) => field(field(after(plan), 'Properties'), 'n'),
  },
  {
    name: 'Pulumi',
    document: (n) => givenDigest([givenStep({ newState: givenState({ n }) })]),
    find: (plan) => field(after(plan), 'n'),
  },
]

function planOf({ document }: Format, number: string): Plan {
  const text = JSON.stringify(document(rawNumber(number)))
  const parsed = readPlan(primitives.utf8(text), primitives)
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return redact(parsed.plan, offlineHide)
}

for (const format of formats) {
  test(`${format.name}: a number is printed as it was written, also once it was stored`, () => {
    let kept = 0
    const property = fc.property(written, (number) => {
      const plan = planOf(format, number)
      const stored = decodePlan(JSON.parse(canonicalText(encodePlan(plan))))

      assert.ok(stored.ok)
      for (const each of [plan, stored.plan]) {
        assert.equal(canonicalNumber(format.find(each)), number)
      }
      if (format.find(plan) instanceof NumberText) kept += 1
    })
    fc.assert(property, { seed: SEED, numRuns: 300 })
    assert.ok(kept > 100, `seed ${SEED}: only ${kept} numbers that a double would change`)
  })

  test(`${format.name}: two numbers that are written differently are two digests`, () => {
    let sameDouble = 0
    const property = fc.property(written, written, (one, two) => {
      if (one === two) return
      const [left, right] = [one, two].map((n) => inspectDigest(planOf(format, n), primitives))

      assert.notEqual(left, right, `${one} and ${two}`)
      if (Object.is(Number(one), Number(two))) sameDouble += 1
    })
    fc.assert(property, { seed: SEED, numRuns: 500 })
    assert.ok(sameDouble > 3, `seed ${SEED}: only ${sameDouble} pairs that a double makes one`)
  })
}

/** What stands in the canonical text for a number. */
function canonicalNumber(value: Value | undefined): string {
  assert.ok(value instanceof NumberText || typeof value === 'number')
  return value instanceof NumberText ? value.text : canonicalValue(value)
}
