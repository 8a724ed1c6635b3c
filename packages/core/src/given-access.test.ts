import assert from 'node:assert/strict'
import { test } from 'node:test'
import { widenings } from '../test/widening-given.ts'

type Fields = Readonly<Record<string, unknown>>
type Row = readonly [string, Fields | null, Fields | null, readonly string[]]

function holds(table: readonly Row[]): void {
  for (const [type, before, after, expected] of table) {
    const what = `${type} ${JSON.stringify([before, after])}`
    assert.deepEqual(widenings(type, { before, after }), expected, what)
  }
}

test('a permissions boundary that goes is more access', () => {
  const bounded = { permissions_boundary: 'arn:aws:iam::1:policy/b' }
  const gone = 'access wider: Takes its permissions boundary away (arn:aws:iam::1:policy/b)'

  holds([
    ['aws_iam_role', bounded, {}, [gone]],
    ['aws_iam_user', bounded, { permissions_boundary: '' }, [gone]],
    ['aws_iam_role', bounded, bounded, []],
    ['aws_iam_role', {}, bounded, []],
    ['aws_iam_role', bounded, null, []],
    [
      'aws_iam_role',
      bounded,
      { permissions_boundary: 'arn:aws:iam::1:policy/c' },
      ['access unclear: Another permissions boundary limits it'],
    ],
  ])
})

test('a permission for a service that names no source is for every account', () => {
  const s3 = { principal: 's3.amazonaws.com', action: 'lambda:InvokeFunction' }
  const given = 'access wider: Allows lambda:InvokeFunction for s3.amazonaws.com'
  const open = 'access wider: Lets every account call it through s3.amazonaws.com'

  holds([
    ['aws_lambda_permission', null, s3, [given, open]],
    ['aws_lambda_permission', null, { ...s3, source_arn: 'arn:aws:s3:::b' }, [given]],
    ['aws_lambda_permission', null, { ...s3, source_account: '1' }, [given]],
    ['aws_lambda_permission', { ...s3, source_arn: 'arn:aws:s3:::b' }, s3, [open]],
    ['aws_lambda_permission', s3, s3, []],
    ['aws_lambda_permission', s3, null, []],
    [
      'aws_lambda_permission',
      null,
      { ...s3, principal: '*' },
      [
        'access wider: Allows lambda:InvokeFunction for * (anyone)',
        'access wider: Lets anyone call it',
      ],
    ],
    [
      'aws_lambda_permission',
      null,
      { ...s3, principal: '123456789012' },
      ['access wider: Allows lambda:InvokeFunction for 123456789012'],
    ],
  ])
})

test('a function address without authorization is open to the internet', () => {
  const open = ['network wider: Can be called by anyone on the internet']
  holds([
    ['aws_lambda_function_url', null, { authorization_type: 'NONE' }, open],
    [
      'aws_lambda_function_url',
      { authorization_type: 'AWS_IAM' },
      { authorization_type: 'NONE' },
      open,
    ],
    ['aws_lambda_function_url', null, { authorization_type: 'AWS_IAM' }, []],
    ['AWS::Lambda::Url', null, { AuthType: 'NONE' }, open],
  ])
})

test('an access list that names everybody is more access', () => {
  const to = (group: string, permission = 'READ') => ({
    grantee: [{ type: 'Group', uri: `http://acs.amazonaws.com/groups/${group}` }],
    permission,
  })
  const list = (...grant: readonly Fields[]) => ({ access_control_policy: [{ grant }] })
  const everyone = to('global/AllUsers')
  const open = ['access wider: Lets anyone use it, by its access list']

  holds([
    ['aws_s3_bucket_acl', null, list(everyone), open],
    ['aws_s3_bucket_acl', list(everyone), list(everyone), []],
    ['aws_s3_bucket_acl', list(everyone), list(to('global/AllUsers', 'WRITE')), open],
    ['aws_s3_bucket_acl', null, list(to('s3/LogDelivery')), []],
    [
      'aws_s3_bucket_acl',
      null,
      list(to('global/AuthenticatedUsers')),
      ['access wider: Lets anyone with an account use it, by its access list'],
    ],
    [
      'aws_s3_bucket',
      { grant: [] },
      {
        grant: [{ uri: 'http://acs.amazonaws.com/groups/global/AllUsers', permissions: ['READ'] }],
      },
      open,
    ],
  ])
  assert.deepEqual(
    widenings('aws_s3_bucket_acl', {
      before: list(),
      after: list(everyone),
      after_sensitive: { access_control_policy: true },
    }),
    ['access unclear: Whom its access list lets in cannot be compared'],
  )
})

test('a role that holds in a wider place or in another one is more access', () => {
  const role = { role_definition_name: 'Owner', principal_id: 'p' }
  const at = (scope: string) => ({ ...role, scope })
  const now = (scope: string) => [`access wider: Its role now holds in ${scope}`]

  holds([
    ['azurerm_role_assignment', at('/s/1/g/a'), at('/s/1'), now('/s/1')],
    ['azurerm_role_assignment', at('/s/1'), at('/'), now('/')],
    ['azurerm_role_assignment', at('/s/1'), at('/s/10'), now('/s/10')],
    ['azurerm_role_assignment', at('/s/1'), at('/S/1/g/a'), []],
    ['azurerm_role_assignment', at('/s/1'), null, []],
    ['azurerm_role_assignment', null, at('/s/1'), ['access wider: Gives Owner to p']],
  ])
  assert.deepEqual(
    widenings('azurerm_role_assignment', {
      before: at('/s/1'),
      after: role,
      after_unknown: { scope: true },
    }),
    ['access unclear: Where its role holds cannot be compared'],
  )
})

test('the policy of a project is compared member by member', () => {
  const policy = (...bindings: readonly Fields[]) => ({ policy_data: JSON.stringify({ bindings }) })
  const viewers = { role: 'roles/viewer', members: ['user:a'] }

  holds([
    [
      'google_project_iam_policy',
      policy(viewers),
      policy(viewers, { role: 'roles/owner', members: ['user:b', 'allUsers'] }),
      ['access wider: Gives roles/owner to allUsers (anyone) and 1 more'],
    ],
    ['google_project_iam_policy', policy(viewers), policy(viewers), []],
    ['google_project_iam_policy', policy(viewers), policy(), []],
    [
      'google_project_iam_policy',
      policy(viewers),
      { policy_data: 'x' },
      ['access unclear: What it allows cannot be compared'],
    ],
    [
      'google_storage_bucket_iam_binding',
      null,
      { role: 'r', members: ['user:a', 'user:b', 'allAuthenticatedUsers'] },
      [
        'access wider: Gives r to allAuthenticatedUsers and 2 more members (anyone with an account)',
      ],
    ],
    [
      'google_project_iam_member',
      null,
      { role: 'r', member: 'allUsers' },
      ['access wider: Gives r to allUsers (anyone)'],
    ],
  ])
})

test('a block or a change that is hidden as a whole may be wider', () => {
  const unsure = 'network unclear: Whether it can be reached from the internet cannot be compared'
  const before = { vpc_config: [{ endpoint_public_access: false }] }
  const after = { vpc_config: [{ endpoint_public_access: true }] }

  assert.deepEqual(
    widenings('aws_eks_cluster', { before, after, after_sensitive: { vpc_config: true } }),
    [unsure],
  )
  assert.deepEqual(
    widenings('aws_eks_cluster', { before: null, after, after_sensitive: { vpc_config: [true] } }),
    [unsure],
  )
  assert.deepEqual(
    widenings('aws_eks_cluster', { before, after: {}, after_unknown: { vpc_config: true } }),
    [unsure],
  )
  assert.deepEqual(
    widenings('aws_iam_role', { before: { a: 1 }, after: { a: 2 }, after_sensitive: true }),
    ['access unclear: It gives access, and the plan does not tell what changes'],
  )
})
