/**
 * One story of an AWS configuration, played with Terraform through the honest front: made, changed,
 * removed. Gives each step's plan and what was called while it was applied.
 */
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeZip } from '../../packages/cli/src/testing/zip.ts'
import { find, providerMirror } from '../harness/machine.ts'
import { type Program, runProgram } from '../harness/program.ts'
import { type AwsCloud, type RecordedCall, startAwsCloud } from './aws-cloud.ts'
import { type SessionKeys, takeRole } from './take-role.ts'
import { startTokenIssuer } from './token-issuer.ts'

export const STORIES = join(import.meta.dirname, '../fixtures/aws-stories')
export const ACCOUNT = '111111111111'
export const REGION = 'eu-central-1'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`
const TRUST = { aud: 'holdpoint-aws', sub: 'workspace:one:phase:apply:to:main' }
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' }

export interface StoryStep {
  readonly name: 'make' | 'change' | 'remove'
  readonly plan: string
  readonly calls: readonly RecordedCall[]
  /** Of `terraform apply`. */
  readonly code: number | null
  readonly err: string
}

/** What session an apply gets, by its plan; `null` is the whole role. */
export type SessionFor = (plan: string) => string | null

export async function playStory(
  name: string,
  sessionFor: SessionFor,
  stateBucket: string | null = null,
): Promise<readonly StoryStep[]> {
  const issuer = await startTokenIssuer()
  const role = {
    arn: ROLE,
    policy: { Version: '2012-10-17', Statement: [EVERYTHING] },
    trust: TRUST,
  }
  const cloud = await startAwsCloud({ issuerUrl: issuer.url, roles: [role] })
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-aws-story-'))
  const keys = async (policy: string | null): Promise<SessionKeys> =>
    await takeRole(
      cloud.url,
      { RoleArn: ROLE, WebIdentityToken: await issuer.token(TRUST) },
      policy,
    )
  try {
    if (stateBucket !== null) await makeBucket(cloud, stateBucket)
    writeFileSync(join(folder, 'backend.tf'), stateBucket === null ? '' : backendText(stateBucket))
    return await play({ name, cloud, folder, keys, sessionFor })
  } finally {
    await Promise.all([cloud.close(), issuer.close(), rm(folder, { recursive: true, force: true })])
  }
}

/** As an administrator would have, long before. */
export async function makeBucket(cloud: AwsCloud, bucket: string): Promise<void> {
  const key = (await cloud.moto.credentials(ACCOUNT))['AWS_ACCESS_KEY_ID']
  const credential = `Credential=${key}/20260101/${REGION}/s3/aws4_request`
  const made = await fetch(`${cloud.moto.url}/${bucket}`, {
    method: 'PUT',
    headers: { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=a` },
    body: `<CreateBucketConfiguration><LocationConstraint>${REGION}</LocationConstraint></CreateBucketConfiguration>`,
  })
  if (!made.ok) throw new Error(await made.text())
}

function backendText(bucket: string): string {
  return `terraform {
  backend "s3" {
    bucket         = "${bucket}"
    key            = "app/main.tfstate"
    region         = "${REGION}"
    use_lockfile   = true
    use_path_style = true
  }
}
`
}

interface Played {
  readonly name: string
  readonly cloud: AwsCloud
  readonly folder: string
  readonly keys: (policy: string | null) => Promise<SessionKeys>
  readonly sessionFor: SessionFor
}

async function play({
  name,
  cloud,
  folder,
  keys,
  sessionFor,
}: Played): Promise<readonly StoryStep[]> {
  writeFileSync(join(folder, 'provider.tf'), PROVIDER)
  const rc = join(folder, 'terraform.rc')
  const mirror = `filesystem_mirror { path = "${providerMirror()}" }`
  writeFileSync(rc, `provider_installation {\n  ${mirror}\n}\n`)
  const code = { name: 'index.js', content: Buffer.from('exports.handler = () => 1\n') }
  writeFileSync(join(folder, 'code.zip'), writeZip([code]))
  const program = (own: SessionKeys): Program => ({
    file: find('terraform') ?? 'terraform',
    folder,
    environment: { ...SETTINGS, ...own, AWS_ENDPOINT_URL: cloud.url, TF_CLI_CONFIG_FILE: rc },
  })
  const whole = program(await keys(null))
  const steps: StoryStep[] = []
  for (const [step, file] of STEPS) {
    rmSync(join(folder, 'main.tf'), { force: true })
    if (file !== null) cpSync(join(STORIES, name, file), join(folder, 'main.tf'))
    if (step === 'make') await runProgram(whole, ['init', '-input=false'])
    await runProgram(whole, ['plan', '-input=false', '-out=plan.tfplan'])
    const { out: plan } = await runProgram(whole, ['show', '-json', 'plan.tfplan'])
    const before = cloud.calls().length
    const own = program(await keys(sessionFor(plan)))
    const applied = await runProgram(own, ['apply', '-input=false', 'plan.tfplan'], {
      mayFail: true,
      withinMs: APPLIED_WITHIN_MS,
    })
    const calls = cloud.calls().slice(before)
    steps.push({ name: step, plan, calls, code: applied.code, err: applied.err })
    if (applied.code !== 0) return steps
  }
  return steps
}

/** The provider waits for some things to be seen several times. */
const APPLIED_WITHIN_MS = 150_000

const STEPS: readonly (readonly [StoryStep['name'], string | null])[] = [
  ['make', 'first.tf'],
  ['change', 'second.tf'],
  ['remove', null],
]

const SETTINGS = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: REGION,
  CHECKPOINT_DISABLE: '1',
  TF_IN_AUTOMATION: '1',
} as const

const PROVIDER = `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region            = "${REGION}"
  s3_use_path_style = true
  max_retries       = 2
}
`
