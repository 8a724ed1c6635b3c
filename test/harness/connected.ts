/** An installation whose workspace is connected to an AWS that verifies, for real Terraform. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AwsCloud, startAwsCloud } from '../cloud/aws-cloud.ts'
import type { Role, ServerKey } from '../cloud/aws-sts.ts'
import {
  type AccessCommand,
  type Installation,
  type InstallationOptions,
  install,
  must,
  WORKSPACE,
} from './installation.ts'
import { freePort, HANGS_AFTER_MS, needs, providerMirror } from './machine.ts'

const ACCOUNT = '111111111111'
const REGION = 'eu-central-1'
export const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

/** What has to be on the machine, as an option of a test. */
export function whenConnected() {
  const missing = [needs('terraform').skip, needs('moto').skip].find((each) => each !== false)
  const mirror = providerMirror()
  const skip = missing ?? (mirror === null ? 'no filesystem mirror holds hashicorp/aws' : false)
  return { skip, timeout: HANGS_AFTER_MS }
}

export const CONNECTION: Extract<AccessCommand, { type: 'set_connection' }> = {
  type: 'set_connection',
  workspace: WORKSPACE,
  kind: 'aws',
  account: ACCOUNT,
  apply: role('apply'),
  plan: role('plan'),
  audience: null,
  settings: { region: REGION },
}

/** A token in a file, for whoever takes it: nothing of it needs a cloud. */
export const OIDC_CONNECTION: typeof CONNECTION = {
  ...CONNECTION,
  kind: 'oidc',
  account: 'elsewhere',
  apply: 'deployer',
  plan: 'reader',
  audience: 'https://elsewhere.example',
  settings: { variable: 'ELSEWHERE_TOKEN_FILE' },
}

/** What the provider reads of the kinds that these tests make. */
const READS = ['sns', 'sqs', 'ssm'].flatMap((each) => [`${each}:Get*`, `${each}:List*`])

export interface ConnectedInstallation {
  readonly installation: Installation
  readonly cloud: AwsCloud
  /** Where the tool finds the cloud and the provider. */
  readonly environment: { readonly [name: string]: string }
  /** Removed at the end, with all that a test puts there. */
  readonly folder: string
  readonly close: () => Promise<void>
}

export interface ConnectedOptions extends InstallationOptions {
  /** Keys of nobody's session that the cloud knows. */
  readonly standing?: readonly Omit<ServerKey, 'account'>[]
  /** The cloud's clock, in milliseconds. */
  readonly now?: () => number
}

export async function installConnected(
  options: ConnectedOptions = {},
): Promise<ConnectedInstallation> {
  const { standing = [], now = Date.now, ...others } = options
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-connected-'))
  const port = await freePort()
  const roles: Role[] = []
  const issuerUrl = `http://127.0.0.1:${port}`
  const servers = standing.map((each) => ({ ...each, account: ACCOUNT }))
  const cloud = await startAwsCloud({ issuerUrl, roles, servers, now, hasScoped: true })
  const flags = { 'listen-port': String(port), 'aws-sts-endpoint': cloud.url }
  const installation = await install({ ...others, flags })
  roles.push(...(await connect(installation)))
  const config = join(folder, 'terraform.rc')
  const from = `filesystem_mirror { path = "${providerMirror()}" }`
  await writeFile(config, `provider_installation {\n  ${from}\n}\n`)
  const environment = {
    TF_CLI_CONFIG_FILE: config,
    AWS_ENDPOINT_URL: cloud.url,
    AWS_REGION: REGION,
  }
  const close = async (): Promise<void> => {
    await cloud.close()
    await installation.close()
    await rm(folder, { recursive: true })
  }
  return { installation, cloud, environment, folder, close }
}

/** The roles trust exactly the subjects that the connection tells. */
async function connect(installation: Installation): Promise<readonly Role[]> {
  await installation.change(CONNECTION)
  const [connection] = must(await installation.as('lars').call('connections', {})).connections
  if (connection === undefined) throw new Error('the connection is not listed')
  const { audience: aud, subjects } = connection
  const policy = (Action: readonly string[]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  })
  const reads = [...READS, 'ssm:Describe*', 'sts:*']
  return [
    { arn: role('apply'), policy: policy(['*']), trust: { aud, sub: subjects.apply } },
    { arn: role('plan'), policy: policy(reads), trust: { aud, sub: subjects.plan ?? '' } },
  ]
}

/** A configuration for the provider of AWS; `provider` stands in its block. */
export const mainTf = (body: string, provider = '') => `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  skip_metadata_api_check = true
${provider}}

${body}`

/** A parameter: its type and value can give nobody any right, so its credentials are narrowed. */
export const parameterTf = (name: string, more = '') =>
  `resource "aws_ssm_parameter" "${name}" {\n  name = "/payments/${name}"\n` +
  `  type = "String"\n  value = "on"\n${more}}\n`
