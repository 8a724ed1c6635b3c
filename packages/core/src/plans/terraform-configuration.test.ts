import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNKNOWN } from '../value.ts'
import { parseConfiguration, parseVariables } from './terraform-configuration.ts'

test('only constants have a value, whatever is computed is undecided', () => {
  const expressions = {
    region: { constant_value: 'eu-central-1' },
    profile: { references: ['var.profile'] },
    now: {},
    odd: { constant_value: 'x', references: ['local.y'] },
    nothing: { constant_value: null },
    assume_role: [{ role_arn: { references: ['local.target'] }, name: { constant_value: 'n' } }],
    block: { inner: { constant_value: [1] } },
  }
  const provider = { name: 'aws', full_name: 'registry.terraform.io/hashicorp/aws', expressions }

  const { providers } = parseConfiguration({
    provider_config: {
      'module.net:aws.west': { ...provider, alias: 'west', module_address: 'net' },
    },
  })

  assert.deepEqual(providers, [
    {
      key: 'module.net:aws.west',
      name: 'aws',
      fullName: 'registry.terraform.io/hashicorp/aws',
      alias: 'west',
      module: 'net',
      versionConstraint: null,
      config: {
        region: 'eu-central-1',
        profile: UNKNOWN,
        now: UNKNOWN,
        odd: UNKNOWN,
        nothing: null,
        assume_role: [{ role_arn: UNKNOWN, name: 'n' }],
        block: { inner: [1] },
      },
    },
  ])
})

test('a provider is what its registry calls it, whatever the configuration calls it', () => {
  const own = { access_key: { constant_value: 'AKIA' } }
  const full_name = 'registry.terraform.io/hashicorp/aws'

  const { providers } = parseConfiguration({
    provider_config: {
      amazon: { name: 'amazon', full_name, expressions: own },
      odd: { name: 'odd', expressions: {} },
    },
  })

  assert.deepEqual(
    providers.map(({ key, name }) => [key, name]),
    [
      ['amazon', 'aws'],
      ['odd', 'odd'],
    ],
  )
})

test('modules and provisioners are found at any depth', () => {
  const provisioner = { type: 'local-exec', expressions: { command: { references: ['local.c'] } } }
  const resource = { address: 'terraform_data.x', provisioners: [provisioner] }
  const inner = {
    source: 'acme/inner',
    version_constraint: '~> 1',
    module: { resources: [resource] },
  }
  const outer = { source: './outer', module: { module_calls: { inner }, resources: [resource] } }

  const found = parseConfiguration({ root_module: { module_calls: { outer } } })

  assert.deepEqual(found.modules, [
    { address: 'module.outer', source: './outer', version: null },
    { address: 'module.outer.module.inner', source: 'acme/inner', version: '~> 1' },
  ])
  const rest = { type: 'local-exec', when: '', config: { command: UNKNOWN }, reads: ['local.c'] }
  assert.deepEqual(found.provisioners, [
    { resource: 'module.outer.terraform_data.x', ...rest },
    { resource: 'module.outer.module.inner.terraform_data.x', ...rest },
  ])
})

test('a variable is sensitive as the configuration says, and ephemeral ones are too', () => {
  const declared = {
    plain: {},
    secret: { sensitive: true, default: 'd' },
    session: { ephemeral: true },
    unset: { default: 'd' },
  }
  const configuration = { root_module: { variables: declared } }

  const found = parseVariables({ plain: { value: 1 }, secret: { value: 's' } }, configuration)

  assert.deepEqual(found, [
    { name: 'plain', value: 1, sensitive: false },
    { name: 'secret', value: 's', sensitive: true },
    { name: 'session', value: UNKNOWN, sensitive: true },
    { name: 'unset', value: 'd', sensitive: false },
  ])
})

test('without a configuration every variable counts as sensitive', () => {
  const found = parseVariables({ region: { value: 'eu' } }, undefined)

  assert.deepEqual(found, [{ name: 'region', value: 'eu', sensitive: true }])
})
