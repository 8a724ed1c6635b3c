/**
 * The ready-made trusts of clouds whose providers need not be there: Terraform itself works out what
 * each demands, CEL says what its expressions take, and no pattern gets in. Whether a provider takes
 * the resources is not shown here.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type CelInput, isCelError, run } from '@bufbuild/cel'
import { find, HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const DEPLOY = join(import.meta.dirname, '../../deploy')
const whenTerraform = { skip: needs('terraform').skip, timeout: HANGS_AFTER_MS }

const subject = (phase: string, workspace = '0000000000000000') =>
  `workspace:wsp_${workspace}:phase:${phase}:to:con_0000000000000000`
const SUBJECTS = { plan: subject('plan'), apply: subject('apply') }
const FOREIGN = subject('apply', '0000000000000001')
const USERS = { plan: 'holdpoint:plan', apply: 'holdpoint:apply' }
const POOL = 'projects/1/locations/global/workloadIdentityPools/holdpoint'
const account = (name: string) => `${name}@payments-dev.iam.gserviceaccount.com`

type Variables = { readonly [name: string]: unknown }
const common = { issuer: 'https://holdpoint.example.com', subjects: SUBJECTS }
const CLOUDS: { readonly [cloud: string]: Variables } = {
  aws: { ...common, apply_policy_arns: ['arn:aws:iam::aws:policy/PowerUserAccess'] },
  google: {
    ...common,
    provider_name: `${POOL}/providers/payments-dev`,
    project: 'payments-dev',
    accounts: { plan: account('holdpoint-plan'), apply: account('holdpoint-apply') },
  },
  azure: { ...common, resource_group: { name: 'holdpoint', location: 'westeurope' } },
  vault: {
    ...common,
    roles: { plan: 'payments-plan', apply: 'payments-apply' },
    policies: { plan: ['read'], apply: ['write'] },
  },
  kubernetes: { ...common, audience: 'payments-cluster' },
}

/** What a module works out before any provider is asked. */
function workedOut(cloud: string, variables: Variables, wanted: Variables = {}): Variables {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-trust-'))
  const from = join(DEPLOY, cloud, 'trust-terraform')
  const terraform = (...args: readonly string[]) =>
    execFileSync(find('terraform') ?? 'terraform', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  try {
    const needsNoProvider = [
      'variables.tf',
      ...(cloud === 'kubernetes' ? ['main.tf'] : ['trust.tf']),
    ]
    for (const name of needsNoProvider.filter((each) => existsSync(join(from, each))))
      cpSync(join(from, name), join(folder, name))
    const outputs = Object.entries(wanted).map(([name, value]) => [name, { value: `\${${value}}` }])
    const output = outputs.length === 0 ? {} : { output: Object.fromEntries(outputs) }
    writeFileSync(join(folder, 'wanted.tf.json'), JSON.stringify(output))
    writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(variables))
    terraform('init', '-input=false')
    terraform('apply', '-input=false', '-no-color', '-auto-approve')
    const found = JSON.parse(terraform('output', '-json'))
    return Object.fromEntries(Object.keys(found).map((name) => [name, found[name].value]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function evaluated(expression: string, bindings: { readonly [name: string]: CelInput }): unknown {
  const found = run(expression, bindings)
  return isCelError(found) ? found.message : found
}

test('Terraform finds every module well formed', whenTerraform, () => {
  for (const cloud of Object.keys(CLOUDS)) {
    const path = join(DEPLOY, cloud, 'trust-terraform')
    const checked = execFileSync(find('terraform') ?? 'terraform', ['fmt', '-check', path])
    assert.equal(String(checked), '')
  }
})

const PATTERN = `${subject('apply').slice(0, -1)}*`
const WRONG: readonly (readonly [Variables, RegExp])[] = [
  [{ subjects: { ...SUBJECTS, plan: '*' } }, /The exact sub for planning/],
  [{ subjects: { ...SUBJECTS, apply: PATTERN } }, /The exact sub for applying/],
  [{ subjects: { ...SUBJECTS, apply: FOREIGN } }, /The exact sub for applying/],
  [{ subjects: { plan: SUBJECTS.apply, apply: SUBJECTS.plan } }, /The exact sub for planning/],
  [{ issuer: 'http://holdpoint.example.com' }, /An https address/],
]

for (const [cloud, variables] of Object.entries(CLOUDS))
  test(`${cloud}: patterns and subjects of others are refused`, whenTerraform, () => {
    for (const [wrong, says] of WRONG)
      assert.throws(() => workedOut(cloud, { ...variables, ...wrong }), says)
  })

test('Google takes these two subjects alone, each for its own account', whenTerraform, () => {
  const found = workedOut('google', CLOUDS['google'] ?? {}, {
    condition: 'local.attribute_condition',
    mapping: 'local.attribute_mapping',
    members: 'local.members',
    audience: 'local.audience',
  })

  const condition = String(found['condition'])
  const takes = (sub: string) => evaluated(condition, { assertion: { sub } })
  assert.deepEqual([SUBJECTS.plan, SUBJECTS.apply, FOREIGN, `${SUBJECTS.plan}x`, ''].map(takes), [
    true,
    true,
    false,
    false,
    false,
  ])
  const mapping = found['mapping'] as { readonly [name: string]: string }
  const mapped = (assertion: { [claim: string]: string }) =>
    Object.entries(mapping).map(([name, expression]) => [
      name,
      evaluated(expression, { assertion }),
    ])
  assert.deepEqual(Object.fromEntries(mapped({ sub: 'one', change: 'chg', grant: 'grt' })), {
    'google.subject': 'one',
    'attribute.change': 'chg',
    'attribute.grant': 'grt',
    'attribute.fingerprint': 'none',
  })
  const member = (sub: string) => `principal://iam.googleapis.com/${POOL}/subject/${sub}`
  assert.deepEqual(found['members'], {
    plan: member(SUBJECTS.plan),
    apply: member(SUBJECTS.apply),
  })
  assert.equal(found['audience'], `https://iam.googleapis.com/${POOL}/providers/payments-dev`)
})

test('Azure and Vault compare subject and audience as whole texts', whenTerraform, () => {
  const azure = workedOut('azure', CLOUDS['azure'] ?? {}, { found: 'local.credentials' })
  const early = { ...CLOUDS['azure'], subjects: null }
  const vault = workedOut('vault', CLOUDS['vault'] ?? {}, { found: 'local.roles' })

  const credential = (sub: string) => ({
    issuer: 'https://holdpoint.example.com',
    subject: sub,
    audience: ['api://AzureADTokenExchange'],
  })
  assert.deepEqual(azure['found'], {
    plan: credential(SUBJECTS.plan),
    apply: credential(SUBJECTS.apply),
  })
  assert.deepEqual(workedOut('azure', early, { found: 'local.credentials' })['found'], {})
  const role = (phase: 'plan' | 'apply', policy: string) => ({
    role_name: `payments-${phase}`,
    bound_subject: SUBJECTS[phase],
    bound_audiences: ['vault.holdpoint'],
    token_policies: [policy],
  })
  assert.deepEqual(vault['found'], { plan: role('plan', 'read'), apply: role('apply', 'write') })
})

interface Authentication {
  readonly jwt: readonly {
    readonly claimValidationRules: readonly { readonly expression: string }[]
    readonly userValidationRules: readonly { readonly expression: string }[]
    readonly claimMappings: { readonly username: { readonly expression: string } }
  }[]
}

test('a cluster knows these two subjects as its two users, and nobody else', whenTerraform, () => {
  const read = (name: string) => `file("${join(DEPLOY, 'kubernetes', name)}")`
  const found = workedOut('kubernetes', CLOUDS['kubernetes'] ?? {}, {
    made: 'local.authentication',
    written: `yamldecode(${read('authentication.yaml')})`,
    made_bindings: 'local.bindings',
    written_bindings: `[for each in split("\\n---\\n", ${read('bindings.yaml')}) : yamldecode(each)]`,
  })

  const [entry] = (found['made'] as Authentication).jwt
  assert.ok(entry !== undefined)
  const knows = (sub: string) => {
    const claims = { sub }
    const username = String(evaluated(entry.claimMappings.username.expression, { claims }))
    const bindings = { claims, user: { username } }
    const rules = [...entry.claimValidationRules, ...entry.userValidationRules]
    return rules.every(({ expression }) => evaluated(expression, bindings) === true)
      ? username
      : null
  }
  assert.deepEqual([SUBJECTS.plan, SUBJECTS.apply, FOREIGN, `${SUBJECTS.apply}x`, ''].map(knows), [
    USERS.plan,
    USERS.apply,
    null,
    null,
    null,
  ])
  assert.deepEqual(found['written'], found['made'])
  assert.deepEqual(found['written_bindings'], found['made_bindings'])
})

const whenKubectl = { skip: whenTerraform.skip || needs('kubectl').skip, timeout: HANGS_AFTER_MS }

test('the bindings are those that kubectl makes', whenKubectl, () => {
  const { made = [] } = workedOut('kubernetes', CLOUDS['kubernetes'] ?? {}, {
    made: 'local.bindings',
  })
  const roles = { plan: 'view', apply: 'edit' }

  const wanted = (['plan', 'apply'] as const).map((phase) => {
    const names = [`holdpoint-${phase}`, `--clusterrole=${roles[phase]}`, `--user=${USERS[phase]}`]
    const words = ['create', 'clusterrolebinding', ...names, '--dry-run=client', '-o', 'json']
    return JSON.parse(execFileSync(find('kubectl') ?? 'kubectl', words, { encoding: 'utf8' }))
  })

  const plain = wanted.map(({ metadata, ...rest }) => ({
    ...rest,
    metadata: { name: metadata.name },
  }))
  assert.deepEqual(made, plain)
})
