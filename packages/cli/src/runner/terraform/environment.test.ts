import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildEnvironment, withheldWarning } from './environment.ts'

const RULES = { rootModule: '/srv/app', alsoPass: [], appliedElsewhere: false }
const OWN = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' }

test('a name that stands on no list does not pass', () => {
  const built = buildEnvironment({ PATH: '/bin', GITHUB_TOKEN: 'x', PYTHONPATH: '/tmp' }, RULES)

  assert.deepEqual(built, { env: { PATH: '/bin', ...OWN }, inputs: {}, withheld: [] })
})

test('what rewrites a saved plan never passes and is named', () => {
  const found = {
    TF_CLI_ARGS: '1',
    TF_CLI_ARGS_apply: '1',
    TF_REATTACH_PROVIDERS: '1',
    TF_LOG: '1',
    TF_LOG_PATH: '1',
    TF_DATA_DIR: '/elsewhere',
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1',
    LD_PRELOAD: '1',
    DYLD_INSERT_LIBRARIES: '1',
    HOLDPOINT_TOKEN: '1',
  }

  const built = buildEnvironment(found, RULES)

  assert.deepEqual(built, { env: OWN, inputs: {}, withheld: Object.keys(found).toSorted() })
})

test('the warning names what was withheld, but not our own settings', () => {
  const warning = withheldWarning(['HOLDPOINT_TOKEN', 'LD_PRELOAD', 'TF_LOG'])

  assert.equal(warning, 'Not passed on to the tool: LD_PRELOAD, TF_LOG')
  assert.equal(withheldWarning(['HOLDPOINT_TOKEN']), null)
})

test('a data folder inside the root module passes', () => {
  const relative = buildEnvironment({ TF_DATA_DIR: '.data' }, RULES)
  const outside = buildEnvironment({ TF_DATA_DIR: '../app-data' }, RULES)

  assert.deepEqual(relative.inputs, { TF_DATA_DIR: '.data' })
  assert.deepEqual(outside.withheld, ['TF_DATA_DIR'])
})

test('credentials pass but are no inputs; what chooses an account is one', () => {
  const found = {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_PROFILE: 'p',
    AWS_SECRET_ACCESS_KEY: 's',
    TF_TOKEN_app_terraform_io: 't',
    TF_VAR_a: 'v',
    VAULT_TOKEN: 't',
    https_proxy: 'http://proxy',
  }

  const built = buildEnvironment(found, RULES)

  assert.deepEqual(built.env, { ...found, ...OWN })
  assert.deepEqual(Object.keys(built.inputs), ['AWS_PROFILE', 'TF_VAR_a', 'https_proxy'])
})

test('what the runner sets itself cannot be set from outside and is no input', () => {
  const built = buildEnvironment({ TF_INPUT: '1', TF_IN_AUTOMATION: '' }, RULES)

  assert.deepEqual(built, { env: OWN, inputs: {}, withheld: [] })
})

test('a name that the caller lets pass is an input', () => {
  const rules = { ...RULES, alsoPass: ['CLOUDFLARE_ACCOUNT'] }

  const built = buildEnvironment({ CLOUDFLARE_ACCOUNT: 'x' }, rules)

  assert.deepEqual(built.inputs, { CLOUDFLARE_ACCOUNT: 'x' })
})

test('where a pipeline applies by itself, what we would withhold is an input', () => {
  const rules = { ...RULES, appliedElsewhere: true }

  const built = buildEnvironment({ LD_PRELOAD: '/x.so', HOLDPOINT_STATE_DIR: '/s' }, rules)

  assert.deepEqual(built, {
    env: OWN,
    inputs: { LD_PRELOAD: '/x.so' },
    withheld: ['HOLDPOINT_STATE_DIR', 'LD_PRELOAD'],
  })
})

test('with a grant nothing passes that names a standing credential, or leads the grant elsewhere', () => {
  const standing = [
    ...['AWS_ACCESS_KEY_ID', 'AWS_BEARER_TOKEN_BEDROCK', 'AWS_PROFILE', 'AWS_ROLE_ARN'],
    ...['ARM_CLIENT_SECRET', 'ARM_USE_MSI', 'AZURE_PASSWORD', 'AZURE_STORAGE_KEY'],
    ...['GOOGLE_BACKEND_CREDENTIALS', 'GCLOUD_KEYFILE_JSON', 'HELM_KUBETOKEN', 'KUBECONFIG'],
    ...['KUBE_HOST', 'KUBE_INSECURE', 'KUBERNETES_SERVICE_HOST', 'VAULT_TOKEN'],
    ...['VAULT_AGENT_ADDR', 'VAULT_NAMESPACE', 'VAULT_SKIP_VERIFY'],
  ].toSorted()
  const passing = { AWS_REGION: 'eu-central-1', TF_HTTP_PASSWORD: 'p', TF_TOKEN_app: 't' }
  const found = { ...passing, ...Object.fromEntries(standing.map((name) => [name, 'x'])) }

  const built = buildEnvironment(found, { ...RULES, granted: true })

  assert.deepEqual(built.env, { ...passing, ...OWN })
  assert.deepEqual(built.withheld, standing)
  assert.deepEqual(buildEnvironment(found, RULES).withheld, [])
})
