import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Difference } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import {
  givenJob,
  givenPrepared,
  needsTerraform,
  plainEnvironment,
  Repository,
} from '../../testing/given.ts'
import { computeFacts } from './facts.ts'
import { recheck } from './recheck.ts'

const MAIN = `
variable "plain" { default = "a" }
variable "secret" {
  sensitive = true
  default   = "canary-secret-value"
}
variable "passing" {
  ephemeral = true
  default   = "none"
}
module "part" { source = "../modules/part" }
resource "terraform_data" "one" {
  input = var.plain
  provisioner "local-exec" { command = "./deploy.sh" }
}
resource "terraform_data" "two" {
  input = templatefile("\${path.module}/page.tftpl", { id = terraform_data.one.id })
}
resource "terraform_data" "three" {
  provisioner "local-exec" { command = "sh ../scripts/migrate.sh \${file("../shared/list.txt")}" }
}
`

function givenRepository(): Repository {
  const repository = new Repository({
    'app/main.tf': MAIN,
    'app/deploy.sh': '#!/bin/sh\necho one\n',
    'app/page.tftpl': `page \${id}\n`,
    'modules/part/main.tf': 'resource "terraform_data" "part" {}\n',
    'modules/part/run.sh': 'echo part\n',
    'scripts/migrate.sh': 'echo migrate\n',
    'shared/list.txt': 'list\n',
    'other/unrelated.txt': 'unrelated\n',
  })
  repository.terraform('app', 'init', '-input=false')
  return repository
}

interface Rechecking {
  readonly before?: Environment
  readonly after?: Environment
  readonly change?: (repository: Repository) => void
  readonly args?: readonly string[]
}

async function differencesAfter(rechecking: Rechecking): Promise<readonly Difference[]> {
  const repository = givenRepository()
  let environment = plainEnvironment(rechecking.before)
  const args = rechecking.args ?? []
  const job = givenJob(repository, { folder: 'app', environment: () => environment, args })
  const prepared = await givenPrepared(job)
  try {
    rechecking.change?.(repository)
    environment = plainEnvironment(rechecking.after ?? rechecking.before)
    const checked = await recheck(prepared, prepared.facts)
    return checked.differences
  } finally {
    await prepared.planFile.close()
    repository.remove()
  }
}

const named = (differences: readonly Difference[]) =>
  differences.map(({ part, name }) => (name === null ? part : `${part}: ${name}`))

test('nothing differs when nothing was touched', needsTerraform, async () => {
  const differences = await differencesAfter({})

  assert.deepEqual(differences, [])
})

test('a file that nothing names does not differ', needsTerraform, async () => {
  const differences = await differencesAfter({
    change: (repository) => repository.write('other/unrelated.txt', 'edited\n'),
  })

  assert.deepEqual(differences, [])
})

const EDITED_FILES: readonly (readonly [string, string])[] = [
  ['a script that a provisioner runs', 'app/deploy.sh'],
  ['a template that is read at apply', 'app/page.tftpl'],
  ['a script in a local module', 'modules/part/run.sh'],
  ['a file outside the root module that a function reads', 'shared/list.txt'],
  ['a script outside the root module that a command names', 'scripts/migrate.sh'],
]

for (const [what, path] of EDITED_FILES)
  test(`${what} is named when it was edited`, needsTerraform, async () => {
    const differences = await differencesAfter({
      change: (repository) => repository.write(path, 'edited\n'),
    })

    assert.deepEqual(named(differences), [`source: ${path}`])
  })

test('a new file and a lost executable bit are named', needsTerraform, async () => {
  const { chmodSync } = await import('node:fs')

  const differences = await differencesAfter({
    change: (repository) => {
      repository.write('app/new.auto.tfvars', '')
      chmodSync(repository.path('app/deploy.sh'), 0o644)
    },
  })

  assert.deepEqual(named(differences), ['source: app/deploy.sh', 'source: app/new.auto.tfvars'])
})

test('an ephemeral variable from the environment is named', needsTerraform, async () => {
  const differences = await differencesAfter({
    before: { TF_VAR_passing: 'echo benign' },
    after: { TF_VAR_passing: 'echo evil' },
  })

  assert.deepEqual(named(differences), ['inputs: TF_VAR_passing'])
  assert.equal(JSON.stringify(differences).includes('evil'), false)
})

const CHANGED_VARIABLES: readonly Environment[] = [
  { TF_PLUGIN_CACHE_DIR: '/tmp' },
  { AWS_PROFILE: 'production' },
  { ARM_TENANT_ID: 'another' },
  { GOOGLE_IMPERSONATE_SERVICE_ACCOUNT: 'x@y' },
  { KUBE_CTX: 'production' },
  { VAULT_NAMESPACE: 'production' },
  { HTTPS_PROXY: 'http://127.0.0.1:1' },
  { SSL_CERT_FILE: '/tmp/ca.pem' },
]

for (const variables of CHANGED_VARIABLES) {
  const [name = ''] = Object.keys(variables)
  test(`${name} set after planning is named`, needsTerraform, async () => {
    const differences = await differencesAfter({ after: variables })

    assert.deepEqual(named(differences), [`inputs: ${name}`])
  })
}

test('a new access key of whoever plans is no difference', needsTerraform, async () => {
  const differences = await differencesAfter({
    before: { AWS_ACCESS_KEY_ID: 'one' },
    after: { AWS_ACCESS_KEY_ID: 'two' },
  })

  assert.deepEqual(differences, [])
})

test('another tool workspace is named, by variable and by selection', needsTerraform, async () => {
  const byVariable = await differencesAfter({ after: { TF_WORKSPACE: 'production' } })
  const bySelection = await differencesAfter({
    change: (repository) => repository.write('app/.terraform/environment', 'production'),
  })

  assert.deepEqual(named(byVariable), ['inputs: TF_WORKSPACE', 'target: toolWorkspace'])
  assert.deepEqual(named(bySelection), ['target: toolWorkspace'])
})

test('another backend is named with its settings', needsTerraform, async () => {
  const record = { version: 3, backend: { type: 's3', config: { bucket: 'b', secret_key: 's' } } }

  const differences = await differencesAfter({
    change: (repository) =>
      repository.write('app/.terraform/terraform.tfstate', JSON.stringify(record)),
  })

  assert.deepEqual(named(differences), [
    'target: backend.settings.bucket',
    'target: backend.settings.own_credentials',
    'target: backend.type',
  ])
})

test(
  'another region of a provider is named, in the inputs and in the target',
  needsTerraform,
  async () => {
    const repository = givenRepository()
    let environment = plainEnvironment({ AWS_REGION: 'eu-central-1', PATH: '/nowhere' })
    const job = givenJob(repository, { folder: 'app', environment: () => environment })
    const prepared = await givenPrepared(job)
    const aws = { key: 'aws', name: 'aws', fullName: 'registry.terraform.io/hashicorp/aws' }
    const config = { ...aws, alias: null, module: '', versionConstraint: null, config: {} }
    const factsRequest = { ...prepared.factsRequest, plan: { variables: [], providers: [config] } }
    const approved = await computeFacts(factsRequest)

    environment = plainEnvironment({ AWS_REGION: 'us-east-1', PATH: '/nowhere' })
    const { differences } = await recheck({ ...prepared, factsRequest }, approved)
    await prepared.planFile.close()
    repository.remove()

    assert.deepEqual(named(differences), ['inputs: AWS_REGION', 'target: providers.aws.region'])
  },
)

test('dev_overrides that appear after planning stop the start', needsTerraform, async () => {
  const differences = await differencesAfter({
    before: { TF_CLI_CONFIG_FILE: '/tmp/holdpoint-test-none.tfrc' },
    change: () => undefined,
  })
  const repository = new Repository({ 'cli.tfrc': 'provider_installation { dev_overrides {} }' })
  const path = repository.path('cli.tfrc')
  const later = await differencesAfter({ after: { TF_CLI_CONFIG_FILE: path } })
  repository.remove()

  assert.deepEqual(differences, [])
  assert.deepEqual(named(later), ['inputs: TF_CLI_CONFIG_FILE', 'cli configuration'])
})
