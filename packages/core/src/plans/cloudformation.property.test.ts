import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutated, mutations } from '../../../../test/fixtures/mutated.ts'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import {
  CHILD_ID,
  givenChange,
  givenChangeSet,
  givenDetail,
  givenValues,
} from '../../test/cloudformation-given.ts'
import { offlineHide } from '../hiders.ts'
import type { Plan } from '../plan.ts'
import { inspectDigest } from '../plan-digest.ts'
import { gapsOf } from '../policy/gaps.ts'
import { redact } from '../redact.ts'
import { safeText } from '../safe-text.ts'
import { readPlan } from './registry.ts'

const VALUES = givenValues({ AccessControl: 'Private' }, { AccessControl: 'PublicRead' })
const NESTED = givenChange({
  LogicalResourceId: 'Net',
  ResourceType: 'AWS::CloudFormation::Stack',
  ChangeSetId: CHILD_ID,
})
const DOCUMENTS: readonly unknown[] = [
  givenChangeSet([
    VALUES,
    givenChange({
      LogicalResourceId: 'Db',
      Replacement: 'Conditional',
      PolicyAction: 'ReplaceAndSnapshot',
    }),
    givenChange({
      LogicalResourceId: 'Old',
      Action: 'Remove',
      PolicyAction: 'Retain',
      Details: [],
    }),
    givenChange({ LogicalResourceId: 'New', Action: 'Add', Replacement: null, Details: null }),
  ]),
  [
    givenChangeSet([NESTED]),
    givenChangeSet([givenChange({ Details: [givenDetail({ AfterValue: 'x' })] })], {
      ChangeSetId: CHILD_ID,
    }),
  ],
]

/** Every entry is there; of a list of sets, in which one may be described twice, every name. */
function assertAllThere(plan: Plan, document: unknown): void {
  const sets: unknown[] = Array.isArray(document) ? document : [document]
  const entries: unknown[] = sets.flatMap((set) => Object(set).Changes ?? [])
  if (!Array.isArray(document)) assert.equal(plan.resources.length, entries.length)
  const ids = entries.map((entry) => Object(Object(entry).ResourceChange).LogicalResourceId)
  const named = new Set(plan.resources.map(({ name }) => name))
  for (const id of ids) assert.ok(typeof id !== 'string' || named.has(id), id)
}

test('a damaged change set is refused or read whole, and never as no change', () => {
  const ran = { refused: 0, whole: 0, gaps: 0 }
  const property = fc.property(fc.nat(DOCUMENTS.length - 1), mutations, (pick, changes) => {
    const document = mutated(DOCUMENTS[pick], changes)
    const bytes = new TextEncoder().encode(JSON.stringify(document))

    const parsed = readPlan(bytes, primitives)

    if (!parsed.ok) {
      ran.refused += 1
      assert.equal(safeText(parsed.refusal.message).escaped, false)
      return
    }
    const { plan } = parsed
    assertAllThere(plan, document)
    assert.ok(plan.resources.every(({ action }) => action !== 'noop'))
    // Nothing listed is only accepted as nothing where the plan says that it is not whole.
    const gaps = gapsOf(plan)
    assert.ok(plan.resources.length > 0 || gaps.includes('incomplete') || gaps.includes('errored'))
    if (gaps.length === 0) ran.whole += 1
    else ran.gaps += 1
    inspectDigest(redact(plan, offlineHide), primitives)
  })
  fc.assert(property, { numRuns: 1_500 })
  assert.ok(ran.refused > 100 && ran.whole > 100 && ran.gaps > 200, JSON.stringify(ran))
})
