import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  givenChange,
  givenChangeSet,
  givenDetail,
  givenResource,
  givenSetPlan,
  givenValues,
} from '../../test/cloudformation-given.ts'
import { offlineHide } from '../hiders.ts'
import { encodePlan } from '../plan-codec.ts'
import { redact } from '../redact.ts'
import { Hidden, NumberText, UNKNOWN } from '../value.ts'

const MASKED = new Hidden('(sensitive)', 'tool')

test('contexts are read without loss', () => {
  const context = '{"Properties":{"Size":12345678901234567890,"Ratio":1.0}}'
  const { after } = givenResource(givenChange({ AfterContext: context }))

  const expected = { Size: new NumberText('12345678901234567890'), Ratio: new NumberText('1.0') }
  assert.deepEqual(after, { Properties: expected })
})

test('a context that is cut off is unknown, and kept as it is written', () => {
  for (const text of ['{"Properties":{"Policy":"{\\"Vers', '"text"', '{"a":1,"a":2}']) {
    const plan = givenSetPlan(
      givenChangeSet([givenChange({ BeforeContext: '{}', AfterContext: text })]),
    )

    assert.equal(plan.resources[0]?.after, UNKNOWN)
    assert.equal(plan.resources[0]?.extra['AfterContext'], text)
    assert.deepEqual(plan.warnings, ['The values of 1 resource are cut off'])
  }
})

test('values settled while deploying are unknown, whole or in part', () => {
  const later = '{{changeSet:KNOWN_AFTER_APPLY}}'
  const { after } = givenResource(givenValues({}, { Role: later, Arn: `arn:aws:iam::${later}` }))

  assert.deepEqual(after, { Properties: { Role: UNKNOWN, Arn: UNKNOWN } })
})

test('what the tool masks is hidden, wherever it stands', () => {
  const target = { Name: 'MasterUserPassword', BeforeValue: '****', AfterValue: '****' }
  const change = givenValues(
    { MasterUserPassword: '****' },
    { MasterUserPassword: '****', List: ['****'] },
    { Details: [givenDetail(target)] },
  )
  const plan = givenSetPlan(
    givenChangeSet([change], {
      Parameters: [
        { ParameterKey: 'Password', ParameterValue: '****' },
        { ParameterKey: 'Kept', UsePreviousValue: true, ParameterValue: '****' },
      ],
    }),
  )

  const [resource] = plan.resources
  assert.deepEqual(resource?.before, { Properties: { MasterUserPassword: MASKED } })
  assert.deepEqual(resource?.after, {
    Properties: { MasterUserPassword: MASKED, List: [MASKED] },
  })
  assert.deepEqual(
    plan.variables.map(({ name, sensitive }) => [name, sensitive]),
    [
      ['Password', true],
      ['Kept', true],
    ],
  )
  assert.doesNotMatch(JSON.stringify(encodePlan(plan)), /\*\*\*\*/)
})

test('a dynamic reference is hidden, and its token tells one from another', () => {
  const one = '{{resolve:secretsmanager:shop:SecretString:password}}'
  const two = '{{resolve:ssm-secure:/shop/password:3}}'
  const inside = `postgres://shop:${one}@db`
  const { before, after } = givenResource(
    givenValues({ A: one, B: one, C: inside }, { A: one, B: two, C: inside }),
  )

  const [left, right] = [before, after].map((side) => JSON.parse(JSON.stringify(side)).Properties)
  assert.match(left.A.token, /^[0-9a-f]{64}$/)
  assert.equal(left.A.token, right.A.token)
  assert.notEqual(left.B.token, right.B.token)
  assert.equal(left.C.token, '(sensitive)')
})

test('values of details stand under their names, so that a password in one is found', () => {
  const byPath = { Name: 'DBInstance', Path: '/Properties/Db/MasterUserPassword' }
  const drift = { PreviousValue: 'hunter-one', ActualValue: 'hunter-two' }
  const details = [
    givenDetail({ Name: 'MasterUserPassword', AfterValue: 'hunter-three' }),
    givenDetail({ ...byPath, BeforeValue: 'hunter-four', Drift: drift }),
  ]
  const plan = givenSetPlan(givenChangeSet([givenChange({ Details: details })]))

  assert.deepEqual(plan.resources[0]?.extra['Details'], [
    givenDetail({
      Name: 'MasterUserPassword',
      AfterValue: { MasterUserPassword: 'hunter-three' },
    }),
    givenDetail({
      ...byPath,
      BeforeValue: { MasterUserPassword: 'hunter-four' },
      Drift: {
        PreviousValue: { MasterUserPassword: 'hunter-one' },
        ActualValue: { MasterUserPassword: 'hunter-two' },
      },
    }),
  ])
  assert.doesNotMatch(JSON.stringify(encodePlan(redact(plan, offlineHide))), /hunter/)
})

test('a property cannot be named so that what is stored could not be read again', () => {
  const Details = [givenDetail({ Name: '__proto__', AfterValue: 'x' })]
  const plan = givenSetPlan(givenChangeSet([givenChange({ Details })]))

  assert.deepEqual(plan.resources[0]?.extra['Details'], [
    givenDetail({ Name: '__proto__', AfterValue: { value: 'x' } }),
  ])
})

test('what was changed outside is drift, and what is not known to be is none', () => {
  const contexts = {
    PreviousDeploymentContext: '{"Properties":{"V":"1"}}',
    BeforeContext: '{"Properties":{"V":"2"}}',
    AfterContext: '{"Properties":{"V":"1"}}',
  }
  const read = (ResourceDriftStatus: unknown) => {
    const plan = givenSetPlan(givenChangeSet([givenChange({ ...contexts, ResourceDriftStatus })]))
    return plan.drift.map(({ action, actions, before, after }) => [action, actions, before, after])
  }
  const [old, actual] = [{ Properties: { V: '1' } }, { Properties: { V: '2' } }]

  assert.deepEqual(read('MODIFIED'), [['update', ['MODIFIED'], old, actual]])
  assert.deepEqual(read('DELETED'), [['delete', ['DELETED'], old, null]])
  assert.deepEqual(read('ODD'), [['unknown', ['ODD'], old, actual]])
  assert.deepEqual(read('IN_SYNC'), [])
  assert.deepEqual(read(null), [])
})
