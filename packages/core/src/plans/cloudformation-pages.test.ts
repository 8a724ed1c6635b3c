import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CHILD_ID,
  givenChange,
  givenChangeSet,
  givenSetPlan,
  givenValues,
  readChangeSet,
  SET_ID,
} from '../../test/cloudformation-given.ts'
import { UNKNOWN } from '../value.ts'

function refusal(message: string) {
  return { ok: false, refusal: { message } }
}

const UNRESOLVED =
  'The change set goes on: it has a NextToken, and the page after it is not here; expected are ' +
  'all pages'
const APART = 'The list has change sets that do not belong to each other'

const add = (LogicalResourceId: string) => {
  return givenChange({ Action: 'Add', LogicalResourceId, AfterContext: '{}' })
}

const nested = (LogicalResourceId: string, ChangeSetId: string) => {
  const fields = { BeforeContext: '{}', AfterContext: '{}', LogicalResourceId, ChangeSetId }
  return givenChange({ ...fields, ResourceType: 'AWS::CloudFormation::Stack' })
}

test('a page whose next is not there is refused', () => {
  for (const NextToken of ['eyJ', '', 1, false]) {
    assert.deepEqual(readChangeSet(givenChangeSet([add('A')], { NextToken })), refusal(UNRESOLVED))
  }
  assert.ok(readChangeSet(givenChangeSet([add('A')], { NextToken: null })).ok)
  const other = givenChangeSet([add('B')], { ChangeSetId: CHILD_ID })
  const page = givenChangeSet([add('A')], { NextToken: 'x' })
  assert.deepEqual(readChangeSet([page, other]), refusal(UNRESOLVED))
  assert.deepEqual(readChangeSet([givenChangeSet([add('B')]), page]), refusal(UNRESOLVED))
})

test('the pages of one change set are one plan', () => {
  const plan = givenSetPlan([
    givenChangeSet([add('A')], { NextToken: 'x' }),
    givenChangeSet([add('B')], { NextToken: 'y' }),
    givenChangeSet([add('C')]),
  ])

  assert.deepEqual(
    plan.resources.map(({ address }) => address),
    ['A', 'B', 'C'],
  )
  assert.deepEqual([plan.complete, plan.providers.length], [true, 1])
})

test('nested change sets are part of the plan, below the stack they belong to', () => {
  const grandchild = `${CHILD_ID}-2`
  const waits = { ExecutionStatus: 'UNAVAILABLE', StatusReason: 'Executable from root change set' }
  const plan = givenSetPlan([
    givenChangeSet([add('Fn')], { ...waits, ChangeSetId: grandchild, StackName: 'inner' }),
    givenChangeSet([nested('Net', CHILD_ID), add('A')]),
    givenChangeSet([nested('Sub', grandchild)], { ...waits, ChangeSetId: CHILD_ID }),
  ])

  assert.deepEqual(
    plan.resources.map(({ address, module }) => [address, module]),
    [
      ['Net', ''],
      ['Net/Sub', 'Net'],
      ['Net/Sub/Fn', 'Net/Sub'],
      ['A', ''],
    ],
  )
  assert.deepEqual([plan.complete, plan.applyable, plan.warnings], [true, true, []])
  assert.deepEqual(
    plan.providers.map(({ key }) => key),
    ['shop', 'shop', 'inner'],
  )
})

test('change sets that do not belong together are refused', () => {
  const child = givenChangeSet([add('B')], { ChangeSetId: CHILD_ID })
  const table: readonly (readonly [Parameters<typeof readChangeSet>[0], string])[] = [
    [[givenChangeSet([add('A')]), child], APART],
    [
      [givenChangeSet([nested('N', CHILD_ID)]), { ...child, Changes: [nested('M', SET_ID)] }],
      'The list has no change set that is nested in none',
    ],
    [
      [givenChangeSet([nested('N', CHILD_ID), nested('M', CHILD_ID)]), child],
      'A change set is nested in more than one place',
    ],
    [[givenChangeSet([add('A')]), { ...child, Changes: [nested('N', CHILD_ID)] }], APART],
    [
      [givenChangeSet([add('A')]), { ...child, ChangeSetId: undefined }],
      'One of the change sets in the list has no ChangeSetId',
    ],
  ]
  for (const [document, message] of table) {
    assert.deepEqual(readChangeSet(document), refusal(message))
  }
})

test('descriptions with and without values are united, and no resource is lost', () => {
  const StatusReason = '[WARN] --include-property-values can return incomplete data'
  const bare = givenChangeSet([givenChange(), givenChange({ LogicalResourceId: 'Lost' })])
  const valued = givenChangeSet([givenValues({ A: '1' }, { A: '2' })], { StatusReason })

  for (const document of [
    [bare, valued],
    [valued, bare],
  ]) {
    const plan = givenSetPlan(document)
    assert.deepEqual(
      plan.resources
        .map(({ address, after }) => ({ address, after }))
        .toSorted((left, right) => (left.address < right.address ? -1 : 1)),
      [
        { address: 'Images', after: { Properties: { A: '2' } } },
        { address: 'Lost', after: UNKNOWN },
      ],
    )
    assert.equal(plan.complete, true)
  }
  assert.equal(givenSetPlan(valued).complete, false)
})

test('descriptions that disagree are refused', () => {
  const one = givenChangeSet([givenChange()])
  const disagrees = (what: string) => {
    return refusal(`Two descriptions of one change set disagree about ${what}`)
  }

  const replaced = givenChangeSet([givenChange({ Replacement: 'True' })])
  assert.deepEqual(readChangeSet([one, replaced]), disagrees('Replacement'))
  assert.deepEqual(readChangeSet([one, { ...one, Status: 'FAILED' }]), disagrees('Status'))
  assert.deepEqual(
    readChangeSet([one, givenChangeSet([givenChange(), givenChange()])]),
    refusal('A change set describes "Images" twice'),
  )
})
