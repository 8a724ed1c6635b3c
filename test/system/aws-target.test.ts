/**
 * Another account or region under a workspace's name, with the real AWS provider: plan JSON is the
 * same for both, so only the target tells them apart.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { run } from '../harness/command.ts'
import { type Installation, install, must, WORKSPACE } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs, providerMirror } from '../harness/machine.ts'
import { type Moto, startMoto } from '../harness/moto.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { approve, changesOf, from, givenPipeline, newest } from '../harness/story.ts'

const OURS = '111111111111'
const THEIRS = '222222222222'
const REMEDY =
  '  Use the right workspace name, or have an admin pin the target with ' +
  'holdpoint access workspace pin.'

const topic = (name: string) => `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

resource "aws_sns_topic" "one" {
  name = "${name}"
}
`

const missing = [needs('terraform').skip, needs('moto').skip].find((each) => each !== false)
const mirror = providerMirror()
const skip = missing ?? (mirror === null ? 'no filesystem mirror holds hashicorp/aws' : false)
const whenAws = { skip, timeout: HANGS_AFTER_MS }

let installation: Installation
let moto: Moto
let project: Project
let folder: string
let ours: { readonly [name: string]: string }

before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-aws-'))
  const config = join(folder, 'terraform.rc')
  await writeFile(
    config,
    `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`,
  )
  ;[moto, installation] = await Promise.all([startMoto(), install()])
  ours = {
    TF_CLI_CONFIG_FILE: config,
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: 'eu-central-1',
    ...(await moto.credentials(OURS)),
  }
  project = await givenProject({ 'main.tf': topic('first') }, { environment: ours })
})

after(async () => {
  moto?.close()
  await project?.remove()
  await installation?.close()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

const settings = (environment: { readonly [name: string]: string }) =>
  ({ folder: project.folder, as: 'mira', environment: { ...ours, ...environment } }) as const

test(
  'an approved plan is applied in its own account and region and nowhere else',
  whenAws,
  async () => {
    project.plan()
    const pipeline = await givenPipeline(installation, project, { environment: ours })
    const held = await pipeline.gate()
    assert.equal(held.code, 75, held.out + held.err)
    assert.match(held.out, new RegExp(`Binds the workspace to local, aws:${OURS}, aws:eu-`))
    const change = await newest(installation)
    must(await approve(installation, 'ines', change))

    const region = await pipeline.gate({ AWS_REGION: 'us-east-1' })
    const account = await pipeline.gate(await moto.credentials(THEIRS))
    const back = await pipeline.gate()

    assert.deepEqual([region.code, account.code, back.code], [1, 1, 0])
    assert.match(region.out, /^ {2}AWS_REGION {3}approved /m)
    assert.match(region.out, /region {3}approved eu-central-1 {2}now us-east-1$/m)
    // Other keys are no input, so the account alone tells.
    assert.match(account.out, new RegExp(`account {3}approved ${OURS} {2}now ${THEIRS}$`, 'm'))
    project.terraform('apply', '-input=false', 'plan.tfplan')
    assert.equal((await pipeline.finish(0)).code, 0)
    assert.deepEqual(await moto.topics(OURS, 'eu-central-1'), ['first'])
    const access = must(await installation.admin.call('access', {}))
    const pin = access.workspaces.find((each) => each.name === WORKSPACE)?.pin
    assert.deepEqual([pin?.accounts, pin?.regions], [[`aws:${OURS}`], ['aws:eu-central-1']])
    await pipeline.remove()
  },
)

test('a plan for another region under this name is refused', whenAws, async () => {
  const before = (await changesOf(installation)).length
  await project.write('main.tf', topic('second'))

  const words = ['apply', '--', '-refresh=false']
  const ended = await run(installation, words, settings({ AWS_REGION: 'us-east-1' }))

  assert.deepEqual(from('This plan acts', ended.err), [
    'This plan acts somewhere else than its workspace',
    '  region: approved aws:eu-central-1, now aws:us-east-1',
    REMEDY,
  ])
  assert.equal(ended.code, 1)
  assert.equal((await changesOf(installation)).length, before)
  assert.deepEqual(await moto.topics(OURS, 'us-east-1'), [])
})

test('a plan of another account under this name is refused', whenAws, async () => {
  const before = (await changesOf(installation)).length

  // Without asking the cloud, where the other account would already not find what is there.
  const words = ['apply', '--', '-refresh=false']
  const ended = await run(installation, words, settings(await moto.credentials(THEIRS)))

  assert.deepEqual(from('This plan acts', ended.err), [
    'This plan acts somewhere else than its workspace',
    `  account: approved aws:${OURS}, now aws:${THEIRS}`,
    REMEDY,
  ])
  assert.equal(ended.code, 1)
  assert.equal((await changesOf(installation)).length, before)
  assert.deepEqual(await moto.topics(THEIRS, 'eu-central-1'), [])
})
