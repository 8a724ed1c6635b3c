import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  givenChange,
  givenChangeSet,
  givenSetPlan,
  givenValues,
} from '../test/cloudformation-given.ts'
import { said, widenings } from '../test/widening-given.ts'

function document(action: string): string {
  return JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] })
}

test('policies, attachments and members are access', () => {
  const table: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
    [
      'aws_iam_role_policy',
      { policy: document('a:B') },
      { policy: document('a:*') },
      ['wider: Allows a:* on every resource'],
    ],
    ['aws_iam_role_policy', { policy: document('a:*') }, { policy: document('a:B') }, []],
    [
      'aws_iam_role',
      { inline_policy: [{ name: 'p', policy: document('a:B') }] },
      {
        inline_policy: [
          { name: 'p', policy: document('a:B') },
          { name: 'q', policy: document('c:D') },
        ],
      },
      ['wider: Allows c:D on every resource'],
    ],
    [
      'aws_iam_role_policy_attachment',
      null,
      { policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess', role: 'x' },
      ['wider: Attaches arn:aws:iam::aws:policy/AdministratorAccess'],
    ],
    ['aws_iam_role_policy_attachment', { policy_arn: 'a' }, null, []],
    [
      'aws_iam_role',
      { managed_policy_arns: ['a'] },
      { managed_policy_arns: ['a', 'b', 'c'] },
      ['wider: Attaches b and 1 more policy'],
    ],
    [
      'google_project_iam_member',
      null,
      { role: 'roles/owner', member: 'user:x@example.com' },
      ['wider: Gives roles/owner to user:x@example.com'],
    ],
    [
      'google_project_iam_binding',
      { role: 'r', members: ['a', 'b'] },
      { role: 'r', members: ['b'] },
      [],
    ],
    [
      'google_project_iam_binding',
      { role: 'r', members: ['a'] },
      { role: 's', members: ['a'] },
      ['wider: Gives s to a'],
    ],
    [
      'azurerm_role_assignment',
      null,
      { role_definition_name: 'Owner', principal_id: 'p' },
      ['wider: Gives Owner to p'],
    ],
    ['vault_policy', null, { policy: 'path "secret/*" {}' }, []],
  ]
  for (const [type, before, after, expected] of table) {
    const words = expected.map((each) => `access ${each}`)
    assert.deepEqual(widenings(type, { before, after }), words, `${type} ${JSON.stringify(after)}`)
  }
})

test('access that is undecided or hidden is never taken for no more', () => {
  const unclear = ['access unclear: What it allows cannot be compared']
  const policy = { policy: document('a:B') }

  assert.deepEqual(
    widenings('aws_iam_policy', { before: policy, after: {}, after_unknown: { policy: true } }),
    unclear,
  )
  assert.deepEqual(
    widenings('aws_iam_policy', {
      before: policy,
      after: policy,
      after_sensitive: { policy: true },
    }),
    unclear,
  )
  assert.deepEqual(
    widenings('azurerm_role_assignment', {
      before: null,
      after: { role_definition_name: 'Owner' },
      after_unknown: { principal_id: true },
    }),
    ['access wider: Gives Owner to a principal decided at apply'],
  )
  const untold = 'It gives access, and the plan does not tell what changes'
  assert.deepEqual(
    widenings('aws_iam_role', {
      before: null,
      after: { name: 'x' },
      after_unknown: { managed_policy_arns: true },
    }),
    [`access unclear: ${untold}`],
  )
  const role = givenChange({ ResourceType: 'AWS::IAM::Role', LogicalResourceId: 'Role' })
  assert.deepEqual(said(givenSetPlan(givenChangeSet([role, givenChange()]))), [
    `access unclear: ${untold}`,
  ])
})

test('change sets are compared by their properties', () => {
  const statement = { Effect: 'Allow', Action: 'a:B', Resource: '*' }
  const policy = (...statements: readonly unknown[]) => ({
    PolicyDocument: { Statement: statements },
  })
  const plan = givenSetPlan(
    givenChangeSet([
      givenValues(policy(), policy(statement), { ResourceType: 'AWS::IAM::Policy' }),
      givenValues(
        { SecurityGroupIngress: [] },
        {
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: '22', ToPort: '22', CidrIp: '0.0.0.0/0' },
          ],
        },
        { ResourceType: 'AWS::EC2::SecurityGroup' },
      ),
    ]),
  )

  assert.deepEqual(said(plan), [
    'access wider: Allows a:B on every resource',
    'network wider: Opens port 22 to 0.0.0.0/0',
  ])
})

test('what is only read, moved or taken into care gives nothing', () => {
  const after = { policy: document('a:B') }
  const same = { before: after, after, importing: { id: 'x' } }

  assert.deepEqual(widenings('aws_iam_policy', { before: null, after, actions: ['read'] }), [])
  assert.deepEqual(widenings('aws_iam_policy', { ...same, actions: ['no-op'] }), [])
})
