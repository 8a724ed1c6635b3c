import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives as primitives } from '../../../../test/fixtures/node-primitives.ts'
import {
  fixtureBytes,
  givenChange,
  givenDocument,
  givenEntry,
  givenPlan,
  readDocument,
} from '../../../../test/fixtures/terraform-given.ts'
import { summarise } from '../plan.ts'
import { NumberText, UNKNOWN } from '../value.ts'
import { PLAN_BYTES_MAX } from './limits.ts'
import { readPlan } from './registry.ts'
import { parseTerraform } from './terraform.ts'

function refusal(message: string) {
  return { ok: false, refusal: { message } }
}

test('a plan of Terraform 1.11 is read whole', () => {
  const parsed = readPlan(fixtureBytes('mixed.json'), primitives)

  assert.ok(parsed.ok)
  const { plan } = parsed
  const counts = { create: 1, update: 3, replace: 1, delete: 1, import: 1, forget: 1, move: 1 }
  const rest = { read: 0, noop: 1, unknown: 0, deferred: 0, invoke: 0 }
  assert.deepEqual(summarise(plan), { ...rest, ...counts })
  assert.deepEqual(plan.modules, [{ address: 'module.net', source: '../net', version: null }])
  assert.deepEqual(plan.checks, [{ address: 'check.size', kind: 'check', status: 'fail' }])
  assert.deepEqual(
    plan.provisioners.map(({ resource, type, config }) => ({ resource, type, config })),
    ['./announce.sh', 'echo gone'].map((command) => ({
      resource: 'module.net.terraform_data.subnet',
      type: 'local-exec',
      config: { command },
    })),
  )
  assert.deepEqual(plan.variables, [
    { name: 'password', value: 'a-new-horse-staple', sensitive: true },
    { name: 'region', value: 'eu-west-1', sensitive: false },
    { name: 'session', value: 'none-yet', sensitive: false },
  ])
  assert.deepEqual([plan.errored, plan.complete, plan.applyable], [false, true, true])
  assert.deepEqual([plan.unknownFields, plan.warnings], [[], []])
  const subnet = plan.resources.find((entry) => entry.address.endsWith('subnet["a"]'))
  const wide = new NumberText('123456789012345678901234567890')
  assert.deepEqual(subnet?.after, {
    id: '4dceb52f-77fa-a4f6-edaf-0adb1490aac2',
    input: { size: 2, wide, zone: 'a' },
    triggers_replace: null,
    output: UNKNOWN,
  })
})

test('each list of actions counts as one action, and one that is not known as unknown', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [['no-op'], 'noop'],
    [['create'], 'create'],
    [['read'], 'read'],
    [['update'], 'update'],
    [['delete'], 'delete'],
    [['forget'], 'forget'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['create', 'forget'], 'replace'],
    [['forget', 'create'], 'unknown'],
    [['teleport'], 'unknown'],
    [['noop'], 'unknown'],
    [['no-op', 'no-op'], 'unknown'],
    [['no-op', 1], 'unknown'],
    [[], 'unknown'],
    [null, 'unknown'],
    ['no-op', 'unknown'],
    [undefined, 'unknown'],
  ]
  for (const [actions, expected] of table) {
    assert.equal(givenChange({ actions }).action, expected, JSON.stringify(actions))
  }
})

test('a change that is missing or no object counts as unknown and is kept', () => {
  const without = givenPlan({ resource_changes: [{ address: 'a.b' }] })
  const strange = givenPlan({ resource_changes: [{ address: 'a.b', change: 'no-op' }] })

  assert.equal(without.resources[0]?.action, 'unknown')
  assert.equal(strange.resources[0]?.action, 'unknown')
  assert.deepEqual(strange.resources[0]?.extra, { change: 'no-op' })
})

test('a no-op that imports or moves is a change, and another change keeps its own action', () => {
  const moved = { previous_address: 'aws_instance.old' }
  const importing = { importing: { id: 'i-1' } }

  assert.equal(givenChange({ actions: ['no-op'] }, moved).action, 'move')
  assert.equal(givenChange({ actions: ['no-op'], ...importing }, moved).action, 'import')
  assert.equal(givenChange({ actions: ['update'], ...importing }, moved).action, 'update')
  assert.deepEqual(givenChange({ actions: ['no-op'], ...importing }).importing, { id: 'i-1' })
  const same = { previous_address: 'aws_instance.web' }
  assert.equal(givenChange({ actions: ['no-op'] }, same).action, 'noop')
})

test('fields that this version does not know are kept with the change', () => {
  const change = givenChange(
    { before_identity: { id: 'i-1' }, future: [1] },
    { index: 0, index_unknown: true, mode: 'ephemeral', deposed: 7, change_kind: 'odd' },
  )

  assert.deepEqual(change.extra, {
    index_unknown: true,
    'entry.change_kind': 'odd',
    'change.before_identity': { id: 'i-1' },
    'change.future': [1],
    deposed: 7,
    mode: 'ephemeral',
  })
  assert.equal(change.mode, 'other')
})

test('top-level fields that this version does not know are counted and warned about', () => {
  const plan = givenPlan({ future_effects: [], resource_changes: null })

  assert.deepEqual(plan.unknownFields, ['future_effects'])
  assert.deepEqual(plan.warnings, ['1 top-level fields are not known to this version'])
})

test('what the tool does not say is null, not true', () => {
  const silent = givenPlan()
  const said = givenPlan({ errored: true, complete: false, applyable: true })

  assert.deepEqual([silent.errored, silent.complete, silent.applyable], [false, null, null])
  assert.deepEqual([said.errored, said.complete, said.applyable], [true, false, true])
  assert.deepEqual(said.warnings, [
    'The tool reported an error while planning; the plan is partial',
    'The plan is incomplete: another will be needed',
  ])
})

test('deferred changes and deferred actions are read with their reasons', () => {
  const invocation = {
    address: 'action.aws_lambda_invoke.x',
    type: 'aws_lambda_invoke',
    name: 'x',
    provider_name: 'aws',
    config_values: { f: 1 },
    config_sensitive: {},
    config_unknown: { payload: true },
    invoke_action_trigger: {},
  }
  const plan = givenPlan({
    deferred_changes: [{ reason: 'unknown', resource_change: givenEntry() }],
    action_invocations: [invocation],
    deferred_action_invocations: [{ reason: 'deferred_prereq', action_invocation: invocation }],
  })

  const expected = {
    address: 'action.aws_lambda_invoke.x',
    type: 'aws_lambda_invoke',
    provider: 'aws',
    deferred: false,
    reason: null,
    config: { f: 1, payload: UNKNOWN },
    configSensitive: {},
    configUnknown: { payload: true },
    trigger: { invoke_action_trigger: {} },
  }
  const later = { ...expected, deferred: true, reason: 'deferred_prereq' }
  assert.deepEqual(plan.invocations, [expected, later])
  assert.deepEqual(
    plan.deferred.map(({ reason }) => reason),
    ['unknown'],
  )
  assert.equal(summarise(plan).invoke, 2)
})

test('the registry of OpenTofu names the tool, else the caller does', () => {
  const tofu = givenEntry({}, { provider_name: 'registry.opentofu.org/hashicorp/aws' })
  const document = givenDocument({ resource_changes: [tofu] })
  const plain = parseTerraform(JSON.parse(JSON.stringify(givenDocument())), {
    primitives,
    tool: 'opentofu',
  })

  assert.equal(givenPlan(document).tool, 'opentofu')
  assert.equal(plain.ok && plain.plan.tool, 'opentofu')
  assert.equal(givenPlan().tool, 'terraform')
})

test('two entries with one address are both kept, with a warning', () => {
  const plan = givenPlan({
    resource_changes: [givenEntry(), givenEntry(), givenEntry({}, { deposed: 'b1' })],
  })

  assert.equal(plan.resources.length, 3)
  assert.deepEqual(plan.warnings, ['1 resource changes repeat the address of another'])
})

test('another major version is refused, another minor one is read', () => {
  const versions = ['2.0', '1', '', '1.2.3', '01.0', 'test', ' 1.2']
  for (const version of versions) {
    const found = `The plan's format_version is ${JSON.stringify(version)}`
    const expected = `${found}; format 0.x and 1.x of "terraform show -json" are read`
    assert.deepEqual(readDocument(givenDocument({ format_version: version })), refusal(expected))
  }
  assert.equal(givenPlan({ format_version: '1.99' }).formatVersion, '1.99')
})

test('a part that is not what the format says is refused, not left out', () => {
  const table: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ resource_changes: {} }, "The plan's resource_changes is not a list"],
    [{ resource_changes: [null] }, 'resource_changes[0] is not an object'],
    [{ resource_changes: [givenEntry(), {}] }, 'resource_changes[1] has no address'],
    [{ deferred_changes: [{ reason: 'x' }] }, 'deferred_changes[0] has no resource_change'],
    [{ deferred_changes: 'x' }, "The plan's deferred_changes is not a list"],
    [{ action_invocations: [1] }, 'action_invocations[0] is not an object'],
    [
      { deferred_action_invocations: [{}] },
      'deferred_action_invocations[0] has no action_invocation',
    ],
    [{ output_changes: [] }, "The plan's output_changes is not an object"],
    [{ configuration: 1 }, "The plan's configuration is not an object"],
    [{ errored: 'no' }, "The plan's errored is not true or false"],
    [{ complete: 1 }, "The plan's complete is not true or false"],
  ]
  for (const [fields, message] of table) {
    assert.deepEqual(readDocument(givenDocument(fields)), refusal(message))
  }
})

test('more than 100,000 resource changes are refused before they are read', () => {
  const entries = Array.from({ length: 100_001 }, () => '0').join(',')

  const found = readDocument(`{"format_version":"1.2","resource_changes":[${entries}]}`)

  const message = 'The plan has 100001 resource changes; at most 100000 are read'
  assert.deepEqual(found, refusal(message))
})

test('more than 512 MiB are refused before they are read', () => {
  const bytes = new Uint8Array(PLAN_BYTES_MAX + 1)

  const message = 'The plan has 536870913 bytes; at most 536870912 (512 MiB) are read'
  assert.deepEqual(readPlan(bytes, primitives), refusal(message))
  assert.deepEqual(parseTerraform(bytes, primitives), refusal(message))
})

test('bytes and a value that is already read give the same plan', () => {
  const bytes = fixtureBytes('create.json')
  const value = JSON.parse(
    new TextDecoder().decode(bytes).replaceAll('123456789012345678901234567890', '1'),
  )
  const text = new TextEncoder().encode(JSON.stringify(value))

  assert.deepEqual(parseTerraform(value, primitives), parseTerraform(text, primitives))
})
