import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenPlan } from '../../../test/fixtures/plan-given.ts'
import { IAM_TABLE } from '../../api/src/iam-table.ts'
import { givenTarget } from '../test/given.ts'
import { givenConnection, givenConnectionId } from '../test/given-connection.ts'
import { isCurrentScope, parseScope, scopeText } from './credential-scope.ts'
import { ownCredentials } from './own-credentials.ts'
import type { ProviderConfig } from './plan.ts'
import { scopeOfPlan } from './scope-of-plan.ts'

const vault = givenConnection({
  id: givenConnectionId('vault'),
  kind: 'vault',
  account: 'https://vault.example',
  apply: 'apply',
  plan: null,
  audience: 'vault.holdpoint',
})

test('a scope says identity, life and policy, and reads back from its canonical text', () => {
  const aws = givenConnection()
  const target = givenTarget()
  const connections = [aws, vault]

  const scope = scopeOfPlan({ plan: givenPlan(), target, connections, table: IAM_TABLE })

  assert.deepEqual(parseScope(scopeText(scope)), scope)
  assert.equal(parseScope('{"v":1}'), null)
  assert.deepEqual(
    scope.connections.map(({ identity, seconds, narrowed }) => [identity, seconds, narrowed]),
    [
      [aws.apply, 900, true],
      ['apply', 300, false],
    ],
  )
  assert.equal(isCurrentScope(scope, connections), true)
  assert.equal(isCurrentScope(scope, [aws]), false)
  assert.equal(isCurrentScope(scope, [{ ...aws, apply: `${aws.apply}-wider` }, vault]), false)
  assert.equal(isCurrentScope(scope, [aws, { ...vault, settings: { mount: 'other' } }]), false)
  for (const about of [
    { id: givenConnectionId('other') },
    { kind: 'oidc' },
    { account: 'https://other.example' },
    { audience: 'other' },
  ] as const)
    assert.equal(isCurrentScope(scope, [aws, { ...vault, ...about }]), false, JSON.stringify(about))
})

test('a plan that touches nothing in AWS gets a session that may only say who it is', () => {
  const target = givenTarget({ backend: { type: 'local', settings: {} } })
  const connections = [givenConnection()]

  const [scoped] = scopeOfPlan({
    plan: givenPlan(),
    target,
    connections,
    table: IAM_TABLE,
  }).connections

  assert.deepEqual(scoped?.statements, [{ actions: ['sts:GetCallerIdentity'], resources: ['*'] }])
  assert.equal(scoped?.state, null)
})

test('with a service role the session starts the stack and nothing else', () => {
  const settings = { stack: 'shop', 'acts-as': 'arn:aws:iam::123456789012:role/cfn' }
  const region = 'eu-central-1'
  const aws = { key: 'aws', type: 'aws', alias: null, region, endpoints: {} }
  const backend = { type: 'cloudformation', settings }
  const target = givenTarget({ backend, lineage: 'a1b2', providers: [aws] })
  const scopeIn = (where: typeof target) =>
    scopeOfPlan({
      ...{ plan: givenPlan(), target: where, table: IAM_TABLE },
      connections: [givenConnection()],
    }).connections[0]

  const scoped = scopeIn(target)
  const without = scopeIn(
    givenTarget({ ...target, backend: { ...backend, settings: { stack: 'shop' } } }),
  )
  const odd = scopeIn(
    givenTarget({ ...target, backend: { ...backend, settings: { ...settings, stack: 'a*' } } }),
  )

  assert.deepEqual(scoped?.statements[0]?.resources, [
    'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/a1b2',
  ])
  assert.equal(scoped?.narrowed, false)
  assert.equal(without?.policy?.includes('ExecuteChangeSet'), false)
  assert.equal(odd?.policy?.includes('ExecuteChangeSet'), false)
})

const provider = (name: string, config: ProviderConfig['config']): ProviderConfig => ({
  key: name,
  name,
  fullName: `registry.terraform.io/hashicorp/${name}`,
  alias: null,
  module: '',
  versionConstraint: null,
  config,
})

test('credentials that a plan brings along are named by their settings, and our own are not', () => {
  const found = (providers: readonly ProviderConfig[], settings = {}) =>
    ownCredentials({ providers }, givenTarget({ backend: { type: 's3', settings } }))

  assert.deepEqual(found([provider('aws', { region: 'eu-central-1' })]), [])
  assert.deepEqual(found([provider('aws', { profile: 'holdpoint' })]), [])
  assert.deepEqual(found([provider('aws', { profile: 'me', access_key: 'AKIA' })]), [
    'provider aws: access_key, profile',
  ])
  assert.deepEqual(found([provider('google-beta', { credentials: '{}' })]), [
    'provider google-beta: credentials',
  ])
  assert.deepEqual(found([provider('azurerm', { use_cli: false })]), [])
  for (const [name, setting] of [
    ['google', 'impersonate_service_account'],
    ['azuread', 'use_aks_workload_identity'],
    ['azapi', 'oidc_request_token'],
    ['vault', 'auth_login_token_file'],
  ] as const)
    assert.deepEqual(found([provider(name, { [setting]: 'x' })]), [`provider ${name}: ${setting}`])
  assert.deepEqual(found([provider('helm', { kubernetes: [{ config_path: '~/.kube/config' }] })]), [
    'provider helm: config_path',
  ])
  assert.deepEqual(found([], { own_credentials: 'access_key, secret_key', profile: 'me' }), [
    'backend s3: profile, access_key, secret_key',
  ])
})
