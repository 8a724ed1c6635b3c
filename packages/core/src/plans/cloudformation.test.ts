import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CHILD_ID,
  givenChange,
  givenChangeSet,
  givenDetail,
  givenResource,
  givenSetPlan,
  givenValues,
  readChangeSet,
  SET_ID,
} from '../../test/cloudformation-given.ts'
import { summarise } from '../plan.ts'
import { UNKNOWN } from '../value.ts'
import { RESOURCE_CHANGES_MAX } from './limits.ts'

function refusal(message: string) {
  return { ok: false, refusal: { message } }
}

test('a change set is read whole', () => {
  const parameters = [{ ParameterKey: 'Stage', ParameterValue: 'prod' }]
  const plan = givenSetPlan(
    givenChangeSet([givenValues({ AccessControl: 'Private' }, { AccessControl: 'PublicRead' })], {
      Parameters: parameters,
      Tags: [{ Key: 'team', Value: 'web' }],
    }),
  )

  assert.deepEqual(
    [plan.tool, plan.errored, plan.complete, plan.applyable, plan.unknownFields, plan.warnings],
    ['cloudformation', false, true, true, [], []],
  )
  assert.deepEqual(plan.variables, [{ name: 'Stage', value: 'prod', sensitive: false }])
  assert.deepEqual(plan.resources, [
    {
      address: 'Images',
      deposed: null,
      previousAddress: null,
      module: '',
      mode: 'managed',
      type: 'AWS::S3::Bucket',
      name: 'Images',
      provider: 'AWS',
      action: 'update',
      actions: ['Modify', 'Replacement False'],
      reason: 'changes AccessControl',
      before: { Properties: { AccessControl: 'Private' } },
      after: { Properties: { AccessControl: 'PublicRead' } },
      beforeSensitive: null,
      afterSensitive: null,
      afterUnknown: null,
      replacePaths: [],
      importing: null,
      extra: {
        Scope: ['Properties'],
        PhysicalResourceId: 'shop-images',
        Details: [givenDetail()],
      },
    },
  ])
})

test('where it acts and what the stack is given stands beside the resources', () => {
  const [settings] = givenSetPlan(
    givenChangeSet([], { Capabilities: ['CAPABILITY_IAM'] }),
  ).providers

  assert.ok(settings !== undefined)
  assert.deepEqual([settings.key, settings.name], ['shop', 'cloudformation'])
  assert.deepEqual(settings.config, {
    region: 'eu-central-1',
    account: '123456789012',
    settings: {
      ChangeSetName: 'release',
      ChangeSetId: SET_ID,
      StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/3',
      StackName: 'shop',
      ExecutionStatus: 'AVAILABLE',
      Status: 'CREATE_COMPLETE',
      NotificationARNs: [],
      RollbackConfiguration: {},
      Capabilities: ['CAPABILITY_IAM'],
      IncludeNestedStacks: false,
    },
  })
})

test('each change counts as one action, and what is not known as unknown', () => {
  const always = givenDetail({ RequiresRecreation: 'Always' })
  const maybe = givenDetail({ RequiresRecreation: 'Conditionally' })
  const table: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ Action: 'Add' }, 'create'],
    [{ Action: 'Add', Replacement: 'True' }, 'create'],
    [{ Action: 'Import' }, 'import'],
    [{ Action: 'Import', Replacement: 'True' }, 'unknown'],
    [{ Action: 'Dynamic' }, 'unknown'],
    [{ Action: 'SyncWithActual' }, 'unknown'],
    [{ Action: 'Teleport' }, 'unknown'],
    [{ Action: '' }, 'unknown'],
    [{ Action: null }, 'unknown'],
    [{ Action: ['Add'] }, 'unknown'],
    [{ Action: 'Remove' }, 'delete'],
    [{ Action: 'Remove', PolicyAction: 'Delete' }, 'delete'],
    [{ Action: 'Remove', PolicyAction: 'Snapshot' }, 'delete'],
    [{ Action: 'Remove', PolicyAction: 'Retain' }, 'forget'],
    [{ Action: 'Remove', PolicyAction: 'ReplaceAndDelete' }, 'unknown'],
    [{ Action: 'Remove', PolicyAction: 'Keep' }, 'unknown'],
    [{}, 'update'],
    [{ Replacement: 'True' }, 'replace'],
    [{ Replacement: 'Conditional' }, 'replace'],
    [{ Replacement: 'Perhaps' }, 'unknown'],
    [{ Replacement: false }, 'unknown'],
    [{ PolicyAction: 'ReplaceAndDelete' }, 'replace'],
    [{ PolicyAction: 'ReplaceAndRetain' }, 'replace'],
    [{ PolicyAction: 'ReplaceAndSnapshot' }, 'replace'],
    [{ PolicyAction: 'Delete' }, 'unknown'],
    [{ Replacement: null }, 'update'],
    [{ Replacement: null, Details: null }, 'update'],
    [{ Replacement: null, Details: 'all' }, 'unknown'],
    [{ Replacement: null, Details: [always] }, 'replace'],
    [{ Replacement: null, Details: [maybe] }, 'replace'],
    [{ Details: [maybe] }, 'update'],
    [{ Details: [always] }, 'replace'],
    [{ Details: [{ ...always, ChangeSource: 'NoModification' }] }, 'update'],
    [{ Details: [{ ...always, Evaluation: 'Dynamic' }] }, 'update'],
  ]
  for (const [fields, action] of table) {
    assert.equal(givenResource(givenChange(fields)).action, action, JSON.stringify(fields))
  }
})

test('an entry that is no change of a resource is unknown and kept', () => {
  const hook = givenSetPlan(givenChangeSet([{ Type: 'Hook', HookInvocationCount: 2, Hook: 'h' }]))
  const odd = givenSetPlan(givenChangeSet([givenChange({}, { Type: 'Stack' })]))

  assert.equal(summarise(hook).unknown, 1)
  assert.equal(hook.resources[0]?.address, 'Changes[0]')
  assert.deepEqual(hook.resources[0]?.extra, {
    'entry.HookInvocationCount': 2,
    'entry.Hook': 'h',
    'entry.Type': 'Hook',
  })
  assert.deepEqual([odd.resources[0]?.action, odd.resources[0]?.mode], ['unknown', 'other'])
})

test('without property values both sides are unknown, and what changes is named', () => {
  const details = [
    givenDetail({ Name: 'BucketName', RequiresRecreation: 'Always' }),
    givenDetail({ Name: 'ObjectLock', RequiresRecreation: 'Conditionally' }),
    givenDetail({ Attribute: 'Tags', Name: undefined }),
  ]
  const plan = givenSetPlan(
    givenChangeSet([givenChange({ Replacement: 'Conditional', Details: details })]),
  )

  const [change] = plan.resources
  assert.deepEqual([change?.before, change?.after], [UNKNOWN, UNKNOWN])
  const names = 'BucketName (requires recreation), ObjectLock (may require recreation), Tags'
  assert.equal(change?.reason, `changes ${names}`)
  assert.deepEqual(change?.replacePaths, [
    ['Properties', 'BucketName'],
    ['Properties', 'ObjectLock'],
  ])
  assert.deepEqual(plan.warnings, [
    '1 resource changes without property values; describe with IncludePropertyValues',
  ])
})

test('the side on which a resource does not exist is null, and no other', () => {
  const sides = (fields: Readonly<Record<string, unknown>>) => {
    const { before, after } = givenResource(givenChange(fields))
    return [before, after]
  }

  assert.deepEqual(sides({ Action: 'Add' }), [null, UNKNOWN])
  assert.deepEqual(sides({ Action: 'Remove' }), [UNKNOWN, null])
  assert.deepEqual(sides({ Action: 'Import' }), [UNKNOWN, UNKNOWN])
  assert.deepEqual(sides({ Action: 'Dynamic' }), [UNKNOWN, UNKNOWN])
  assert.deepEqual(givenResource(givenChange({ Action: 'Import' })).importing, {
    id: 'shop-images',
  })
})

test('a change set is refused or marked by its status', () => {
  const change = givenChange({ Action: 'Add', AfterContext: '{"Properties":{}}' })
  const read = (fields: Readonly<Record<string, unknown>>, changes: unknown[] = [change]) => {
    const { errored, complete, applyable, warnings } = givenSetPlan(givenChangeSet(changes, fields))
    return [errored, complete, applyable, warnings]
  }
  const cannot = (word: string) => `The change set cannot be executed now: "${word}"`
  const failed = 'The change set failed; it cannot be executed'
  const unavailable = { Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' }
  const empty = "The submitted information didn't contain changes. Submit others."
  const hidden = 'The change set lists no resource; whatever else it changes is not shown'
  const leavesOut = 'CloudFormation says that this description of the change set leaves data out'

  assert.deepEqual(read({ ExecutionStatus: 'OBSOLETE' }), [
    false,
    true,
    false,
    [cannot('OBSOLETE')],
  ])
  assert.deepEqual(read({ ExecutionStatus: null }), [false, true, null, []])
  assert.deepEqual(read({ Status: null }), [false, null, true, []])
  assert.deepEqual(read(unavailable), [true, false, false, [failed, cannot('UNAVAILABLE')]])
  assert.deepEqual(read({ ...unavailable, StatusReason: empty }, []), [false, true, false, []])
  assert.deepEqual(read({ ...unavailable, StatusReason: empty })[0], true)
  assert.deepEqual(read({ ...unavailable, StatusReason: 'Transform failed' }, [])[0], true)
  assert.deepEqual(read({ Status: 'FAILED' }), [true, false, false, [failed]])
  assert.deepEqual(read({}, []), [false, false, true, [hidden]])
  assert.deepEqual(read({ StatusReason: '[WARN] incomplete' }), [false, false, true, [leavesOut]])
  const making = 'The change set is still being made ("CREATE_IN_PROGRESS"); expected is'
  const table: readonly (readonly [unknown, string])[] = [
    ['CREATE_IN_PROGRESS', `${making} CREATE_COMPLETE`],
    [
      'DELETE_COMPLETE',
      `The change set's Status is "DELETE_COMPLETE"; expected is CREATE_COMPLETE`,
    ],
    ['Ready\u202e', `The change set's Status is "Ready\\u{202E}"; expected is CREATE_COMPLETE`],
    [1, `The change set's Status is no text; expected is CREATE_COMPLETE`],
  ]
  for (const [Status, message] of table) {
    assert.deepEqual(readChangeSet(givenChangeSet([change], { Status })), refusal(message))
  }
})

test('what is no list of changes is refused', () => {
  const table: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ Changes: undefined }, 'The change set has no list of Changes'],
    [{ Changes: null }, 'The change set has no list of Changes'],
    [{ Changes: {} }, "The change set's Changes is not a list"],
    [{ Changes: [givenChange(), null] }, 'Changes[1] is not an object'],
  ]
  for (const [fields, message] of table) {
    assert.deepEqual(readChangeSet(givenChangeSet([], fields)), refusal(message))
  }
})

test('more changes than the limit are refused', () => {
  const changes = Array.from({ length: RESOURCE_CHANGES_MAX + 1 }, () => ({}))

  const message = `The plan has 100001 resource changes; at most ${RESOURCE_CHANGES_MAX} are read`
  assert.deepEqual(readChangeSet(givenChangeSet(changes)), refusal(message))
})

test('a nested stack whose change set is not in the document makes the plan incomplete', () => {
  const nested = { ResourceType: 'AWS::CloudFormation::Stack' }
  const values = { BeforeContext: '{}', AfterContext: '{}' }
  const named = givenChange({ ...values, ...nested, ChangeSetId: CHILD_ID })
  const unnamed = givenChange({ ...values, ...nested, LogicalResourceId: 'Other' })

  const plan = givenSetPlan(givenChangeSet([named, unnamed]))

  assert.equal(plan.complete, false)
  assert.deepEqual(plan.warnings, [
    '2 nested stacks change, and what changes inside is not in the document',
  ])
})

test('fields that are not known are kept and counted', () => {
  const plan = givenSetPlan(
    givenChangeSet([givenChange({ Risk: 9 }, { Wave: 2 })], { Approval: 'yes' }),
  )

  assert.deepEqual(plan.unknownFields, ['Approval'])
  assert.ok(plan.warnings.includes('1 top-level fields are not known to this version'))
  assert.equal(plan.resources[0]?.extra['Risk'], 9)
  assert.equal(plan.resources[0]?.extra['entry.Wave'], 2)
})

test('hostile text stays data', () => {
  const text = '\u001b[2K\r\u202e<script>alert(1)</script>'
  const plan = givenSetPlan(
    givenChangeSet([givenValues({ A: text }, { [text]: text }, { LogicalResourceId: text })]),
  )

  assert.equal(plan.resources[0]?.address, text)
  assert.deepEqual(plan.resources[0]?.after, { Properties: { [text]: text } })
  assert.deepEqual(plan.warnings, [])
})
