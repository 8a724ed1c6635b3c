import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenEntry, givenPlan } from '../../../../test/fixtures/terraform-given.ts'
import {
  givenChange,
  givenChangeSet,
  givenDetail,
  givenSetPlan,
} from '../../test/cloudformation-given.ts'
import {
  BUCKET_URN,
  givenDigest,
  givenPreview,
  givenState,
  givenStep,
  STACK_URN,
} from '../../test/pulumi-given.ts'
import { decodePlan, encodePlan } from '../plan-codec.ts'
import { keepReferences, REFERENCES_MAX } from './references.ts'

test('a change set names what causes a change, in the same stack', () => {
  const attribute = { ChangeSource: 'ResourceAttribute', CausingEntity: 'Key.Arn' }
  const role = { ChangeSource: 'ResourceReference', CausingEntity: 'Role' }
  const given = { ChangeSource: 'ParameterReference', CausingEntity: 'Role' }
  const plan = givenSetPlan(
    givenChangeSet([
      givenChange({
        Details: [
          givenDetail({ Name: 'KMSKeyId' }, attribute),
          givenDetail({ Name: 'KMSKeyId' }, { ...attribute, Evaluation: 'Dynamic' }),
          givenDetail({ Attribute: 'Tags', Name: undefined }, role),
          givenDetail({ Name: 'Other' }, given),
          givenDetail({ Name: 'Gone' }, { ...role, CausingEntity: 'Absent.Arn' }),
        ],
      }),
      givenChange({ LogicalResourceId: 'Key', ResourceType: 'AWS::KMS::Key' }),
      givenChange({ LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role' }),
    ]),
  )

  assert.deepEqual(plan.references, [
    { from: 'Images', to: 'Key', attribute: 'KMSKeyId' },
    { from: 'Images', to: 'Role', attribute: 'Tags' },
  ])
})

test('a preview names what a property is made of, what it waits for and what it belongs to', () => {
  const other = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`
  const key = other('aws:kms/key:Key', 'k')
  const parent = other('shop:index:Site', 's')
  const late = other('aws:sns/topic:Topic', 't')
  const links = {
    parent,
    dependencies: [key, late, 'urn:pulumi:dev::shop::a:b:C::absent'],
    propertyDependencies: { kmsKeyId: [key], tags: [], odd: 1 },
  }
  const before = { ...links, propertyDependencies: { oldKey: [late] } }
  const step = (urn: string) => {
    const newState = givenState({}, { urn, parent: STACK_URN })
    return givenStep({ op: 'create', urn, oldState: undefined, newState, detailedDiff: null })
  }
  const plan = givenPreview(
    givenDigest([
      givenStep({ oldState: givenState({}, before), newState: givenState({}, links) }),
      ...[key, parent, late, STACK_URN].map(step),
    ]),
  )

  assert.deepEqual(plan.references, [
    { from: BUCKET_URN, to: key, attribute: 'kmsKeyId' },
    { from: BUCKET_URN, to: late, attribute: 'dependsOn' },
    { from: BUCKET_URN, to: parent, attribute: 'parent' },
  ])
})

test('what is deleted reads what it read', () => {
  const key = 'urn:pulumi:dev::shop::aws:kms/key:Key::k'
  const old = givenState({}, { propertyDependencies: { kmsKeyId: [key] } })
  const gone = givenStep({ op: 'delete', oldState: old, newState: undefined, detailedDiff: null })
  const plan = givenPreview(givenDigest([gone, givenStep({ urn: key })]))

  assert.deepEqual(plan.references, [{ from: BUCKET_URN, to: key, attribute: 'kmsKeyId' }])
})

test('evidence of before plans had references is read as one that names none', () => {
  const { references: _, referencesCut: __, ...before } = encodePlan(givenPlan())

  assert.deepEqual(decodePlan(before), { ok: true, plan: givenPlan() })
  assert.deepEqual(decodePlan({ ...before, references: [{ from: 'a', to: 'b' }] }), {
    ok: false,
    problem: '"/references/0/attribute" is not text',
  })
})

test('what touches something destroyed is kept first, and what stays reads nothing of note', () => {
  const change = (address: string, action: string) => givenEntry({ actions: [action] }, { address })
  const others = Array.from({ length: REFERENCES_MAX + 1 }, (_, at) => `o.${at}`)
  const { resources } = givenPlan({
    resource_changes: [
      ...others.map((address) => change(address, 'update')),
      change('s.1', 'no-op'),
      change('s.2', 'no-op'),
      change('l.1', 'delete'),
    ],
  })
  const reads = (from: string, to: string) => ({ from, to, attribute: 'x' })
  const still = reads('s.1', 's.2')
  const lost = reads('s.1', 'l.1')
  const many = others.map((address) => reads('s.2', address))

  assert.deepEqual(keepReferences([still, lost], resources), {
    references: [lost],
    referencesCut: false,
  })
  const { references, referencesCut } = keepReferences([...many, lost], resources)
  assert.deepEqual([references[0], references.length], [lost, REFERENCES_MAX])
  assert.equal(referencesCut, true)
})
