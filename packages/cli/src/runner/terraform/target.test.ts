import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ProviderConfig, UNKNOWN, type Value } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { Repository } from '../../testing/given.ts'
import { resolveTarget } from './target.ts'

function provider(name: string, config: Value = {}, alias: string | null = null): ProviderConfig {
  const key = alias === null ? name : `${name}.${alias}`
  const fullName = `registry.terraform.io/hashicorp/${name}`
  return { key, name, fullName, alias, module: '', versionConstraint: null, config }
}

interface Given {
  readonly env?: Environment
  readonly providers?: readonly ProviderConfig[]
  readonly backend?: object
  readonly selected?: string
}

async function targetOf(given: Given) {
  const repository = new Repository({ 'main.tf': '' })
  if (given.backend !== undefined) {
    const record = JSON.stringify({ version: 3, backend: given.backend })
    repository.write('.terraform/terraform.tfstate', record)
  }
  if (given.selected !== undefined) repository.write('.terraform/environment', given.selected)
  try {
    return await resolveTarget({
      rootModule: repository.root,
      dataFolder: repository.path('.terraform'),
      env: given.env ?? {},
      providers: given.providers ?? [],
      lineage: 'line-1',
      granted: null,
    })
  } finally {
    repository.remove()
  }
}

test('without a backend the state is local and no cloud is asked', async () => {
  const target = await targetOf({})

  assert.deepEqual(target, {
    backend: { type: 'local', settings: {} },
    toolWorkspace: 'default',
    lineage: 'line-1',
    providers: [],
    principals: [],
  })
})

test('a backend says where the state is, which secrets it has, and none of them', async () => {
  const config = {
    bucket: 'states',
    key: 'app.tfstate',
    region: null,
    access_key: 'AKIA',
    secret_key: 'secret',
    token: 'secret',
    endpoints: [{ s3: 'https://s3.internal', iam: null }],
    encrypt: true,
  }

  const { backend } = await targetOf({
    backend: { type: 's3', config },
    env: { AWS_REGION: 'eu-west-1' },
  })

  assert.deepEqual(backend, {
    type: 's3',
    settings: {
      bucket: 'states',
      key: 'app.tfstate',
      region: 'eu-west-1',
      endpoints: '[{"s3":"https://s3.internal"}]',
      encrypt: 'true',
      own_credentials: 'access_key, secret_key, token',
    },
  })
})

test('a password in an address of a state server is left out', async () => {
  const config = { address: 'https://user:secret@states.internal/app?token=secret', password: 's' }

  const { backend } = await targetOf({ backend: { type: 'http', config } })

  assert.deepEqual(backend.settings, { address: 'https://states.internal/app' })
})

const PLACES: readonly (readonly [string, string, string, string])[] = [
  ['http', 'address', 'https://s.internal/tf?token=x&name=prod', 'https://s.internal/tf?name=prod'],
  ['pg', 'conn_str', 'postgres://u:secret@db.internal/prod?a=b', 'postgres://db.internal/prod'],
  ['pg', 'conn_str', 'host=db password=host=x  dbname = prod', 'host=db dbname=prod'],
  ['pg', 'conn_str', 'postgres://u:secret@one:1,two:2/prod', ''],
]
for (const [type, setting, written, told] of PLACES)
  test(`the state's place is told apart, without secrets: ${told || 'unreadable'}`, async () => {
    const { backend } = await targetOf({ backend: { type, config: { [setting]: written } } })

    assert.deepEqual(backend.settings, told === '' ? {} : { [setting]: told })
  })

test('a backend that is not known says its type and nothing else', async () => {
  const { backend } = await targetOf({ backend: { type: 'new', config: { token: 'secret' } } })

  assert.deepEqual(backend, { type: 'new', settings: {} })
})

test('the variable wins over the selected tool workspace', async () => {
  const selected = await targetOf({ selected: 'dev\n' })
  const named = await targetOf({ selected: 'dev', env: { TF_WORKSPACE: 'prod' } })

  assert.deepEqual([selected.toolWorkspace, named.toolWorkspace], ['dev', 'prod'])
})

test('a region is the block’s, else the environment’s, else unknown', async () => {
  const providers = [
    provider('aws', { region: 'eu-central-1' }),
    provider('aws', {}, 'environment'),
    provider('aws', { region: UNKNOWN }, 'computed'),
    provider('null'),
  ]

  const target = await targetOf({ providers, env: { AWS_REGION: 'us-east-1', PATH: '/nowhere' } })
  const without = await targetOf({ providers: [provider('google')] })

  assert.deepEqual(
    target.providers.map((each) => [each.key, each.region]),
    [
      ['aws', 'eu-central-1'],
      ['aws.computed', 'unknown'],
      ['aws.environment', 'us-east-1'],
      ['null', null],
    ],
  )
  assert.deepEqual(without.principals, [{ provider: 'google', account: 'unknown' }])
  assert.equal(without.providers[0]?.region, 'unknown')
})

test('endpoints come from the block and from the environment', async () => {
  const providers = [
    provider('aws', { endpoints: [{ sqs: 'http://127.0.0.1:5000', s3: UNKNOWN }] }),
  ]
  const env = { AWS_ENDPOINT_URL_STS: 'http://sts.invalid', PATH: '/nowhere' }

  const target = await targetOf({ providers, env })

  assert.deepEqual(target.providers[0]?.endpoints, {
    AWS_ENDPOINT_URL_STS: 'http://sts.invalid',
    s3: 'unknown',
    sqs: 'http://127.0.0.1:5000',
  })
})

test('a name and a password in an endpoint are never told, and nothing else is lost', async () => {
  const providers = [
    provider('kubernetes', { host: 'https://me:secret@cluster.internal:6443/api' }),
    provider('vault', { address: 'me:secret@vault.internal:8200' }),
    provider('aws', { region: 'eu-west-1', endpoints: [{ s3: 'http://u:secret@s3.internal' }] }),
    provider('postgresql', { host: 'db.internal', url: 'https://me:secret@[bad' }),
  ]
  const env = { AWS_ENDPOINT_URL_STS: 'http://u:secret@sts.internal/?token=secret', PATH: '/none' }

  const target = await targetOf({ providers, env })

  assert.doesNotMatch(JSON.stringify(target), /secret/)
  const endpoints = target.providers.map((each) => [each.type, Object.values(each.endpoints)])
  assert.deepEqual(endpoints, [
    ['aws', ['http://sts.internal/', 'http://s3.internal/']],
    ['kubernetes', ['https://cluster.internal:6443/api']],
    ['postgresql', ['db.internal', 'https://[bad']],
    ['vault', ['vault.internal:8200']],
  ])
})

test('accounts that configuration or environment name need nobody to be asked', async () => {
  const assumed = { assume_role: [{ role_arn: 'arn:aws:iam::123456789012:role/deploy' }] }
  const providers = [
    provider('aws', assumed),
    provider('aws', { assume_role: [{ role_arn: UNKNOWN }] }, 'computed'),
    provider('aws', { access_key: 'AKIA' }, 'own'),
    provider('azurerm'),
    provider('google', { project: 'payments' }),
  ]

  const { principals } = await targetOf({ providers, env: { ARM_SUBSCRIPTION_ID: 'sub-1' } })

  assert.deepEqual(principals, [
    { provider: 'aws', account: '123456789012' },
    { provider: 'aws', account: 'unknown' },
    { provider: 'azurerm', account: 'sub-1' },
    { provider: 'google', account: 'payments' },
  ])
})
