/**
 * A runner that is killed while its approved change is applied: its broker is gone with it, the server
 * renews nothing, what the tool had ends with its life, and people are told what to do next.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { parseConnectionId } from '@holdpoint/core'
import { openRun, startBody } from '../../packages/server/test/server-story.ts'
import { type AwsCloud, startAwsCloud } from '../cloud/aws-cloud.ts'
import { everything, role } from '../cloud/aws-connected.ts'
import type { Role } from '../cloud/aws-sts.ts'
import { run, start } from '../harness/command.ts'
import {
  type AccessCommand,
  type Installation,
  install,
  must,
  WORKSPACE,
} from '../harness/installation.ts'
import { find, freePort, needs, providerMirror } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { type SlowState, startSlowState } from '../harness/slow-state.ts'
import { approve, until, untilHeld, untilStatus, view } from '../harness/story.ts'

const REGION = 'eu-central-1'
/** Longer than a run needs between two beats on a busy machine. */
const HEARTBEAT_LOST_MS = 4_000
const SESSION_MS_MAX = 15 * 60_000
const components = (['terraform', 'moto', 'aws'] as const).map((each) => needs(each).skip)
const missing = components.find((each) => each !== false)
const mirror = providerMirror()
const skip = missing ?? (mirror === null ? 'no filesystem mirror holds hashicorp/aws' : false)
const whenAws = { skip, timeout: 180_000 }

let installation: Installation
let cloud: AwsCloud
let project: Project
let store: SlowState
let folder: string
let laterMs = 0
const roles: Role[] = []

const CONNECTION: Omit<Extract<AccessCommand, { type: 'set_connection' }>, 'workspace'> = {
  type: 'set_connection',
  kind: 'aws',
  account: '111111111111',
  apply: role('apply'),
  plan: role('plan'),
  audience: null,
  settings: { region: REGION },
}

before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-killed-'))
  const port = await freePort()
  const issuerUrl = `http://127.0.0.1:${port}`
  cloud = await startAwsCloud({ issuerUrl, roles, now: () => Date.now() + laterMs })
  installation = await install({
    heartbeatLostMs: HEARTBEAT_LOST_MS,
    flags: { 'listen-port': String(port), 'aws-sts-endpoint': cloud.url },
  })
  await connect(WORKSPACE)
  store = await startSlowState(0)
  const config = `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`
  await writeFile(join(folder, 'terraform.rc'), config)
  project = await givenProject({ 'main.tf': main() }, { environment: environment() })
})

after(async () => {
  await store?.close()
  await cloud?.close()
  await project?.remove()
  await installation?.close()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

const environment = () => ({
  HOME: folder,
  TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
  AWS_ENDPOINT_URL: cloud.url,
  AWS_REGION: REGION,
})

async function connect(workspace: string): Promise<string> {
  const { id } = await installation.change({ ...CONNECTION, workspace })
  const { connections } = must(await installation.as('lars').call('connections', {}))
  const found = connections.find((each) => each.id === id) ?? assert.fail('no connection')
  const { audience: aud, subjects } = found
  if (workspace === WORKSPACE)
    roles.push(
      { arn: role('apply'), policy: everything, trust: { aud, sub: subjects.apply } },
      { arn: role('plan'), policy: everything, trust: { aud, sub: subjects.plan ?? '' } },
    )
  return id ?? ''
}

/** The slow part tells what whoever runs beside the tool can know. */
const main = () => `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
  backend "http" {
    address        = "${store.address}"
    lock_address   = "${store.address}"
    unlock_address = "${store.address}"
  }
}

provider "aws" {
  skip_metadata_api_check = true
}

resource "aws_ssm_parameter" "first" {
  name  = "/payments/first"
  type  = "String"
  value = "on"
}

resource "terraform_data" "slow" {
  depends_on = [aws_ssm_parameter.first]

  provisioner "local-exec" {
    command = "env > ${folder}/found && mv ${folder}/found ${folder}/env; sleep 120"
  }
}
`

async function runFolders(): Promise<readonly string[]> {
  const parents = ['/dev/shm', tmpdir()]
  const names = await Promise.all(parents.map((each) => readdir(each).catch(() => [])))
  const paths = names.flatMap((each, at) => each.map((name) => join(parents[at] ?? '', name)))
  return paths.filter((path) => path.includes('/holdpoint-run-'))
}

async function textOfAll(path: string): Promise<string> {
  const found = await readdir(path, { recursive: true, withFileTypes: true })
  const files = found.filter((each) => each.isFile())
  const texts = files.map((each) => readFile(join(each.parentPath, each.name), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}

interface Found {
  readonly url: string
  readonly bearer: string
  readonly keys: { readonly [name: string]: string }
}

/** What a program that the tool started can have: the keys of that moment. */
async function foundBeside(): Promise<Found> {
  const text = await until('the slow program runs', () =>
    readFile(join(folder, 'env'), 'utf8').catch(() => null),
  )
  const env = new Map(
    text.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
  )
  const url = env.get('AWS_CONTAINER_CREDENTIALS_FULL_URI') ?? ''
  const bearer = await readFile(env.get('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE') ?? '', 'utf8')
  const answer = await fetch(url, { headers: { authorization: bearer } })
  return { url, bearer, keys: JSON.parse(await answer.text()) }
}

function asked({ keys }: Found): Promise<unknown> {
  const words = ['ssm', 'put-parameter', '--name', '/payments/first', '--value', 'off']
  const more = ['--type', 'String', '--overwrite']
  return promisify(execFile)(find('aws') ?? 'aws', [...words, ...more], {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: cloud.url,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: keys['AccessKeyId'],
      AWS_SECRET_ACCESS_KEY: keys['SecretAccessKey'],
      AWS_SESSION_TOKEN: keys['Token'],
    },
  })
}

/** The processes that another started: the tool of a runner. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').map(Number)
}

test('what a killed run leaves ends by itself, and says what to do next', whenAws, async () => {
  const earlier = await runFolders()
  const settings = { folder: project.folder, as: 'mira', environment: environment() }
  const running = start(installation, ['apply'], settings)
  const held = await untilHeld(installation, WORKSPACE)
  must(await approve(installation, 'ines', held))
  const found = await foundBeside()
  const tools = await childrenOf(running.child.pid ?? 0)

  running.child.kill('SIGKILL')
  await running.ended
  for (const each of tools) process.kill(-each, 'SIGKILL')

  await assert.rejects(fetch(found.url, { headers: { authorization: found.bearer } }))
  const lost = await untilStatus(installation, held.id, 'outcome_unknown')
  assert.deepEqual(lost.timeline.at(-1)?.event, {
    type: 'outcome_unknown',
    because: 'heartbeat_lost',
  })
  const left = (await runFolders()).filter((path) => !earlier.includes(path))
  assert.equal(left.length, 1)
  const secrets = [found.keys['SecretAccessKey'] ?? '', found.keys['Token'] ?? '']
  const text = await textOfAll(left[0] ?? '')
  assert.deepEqual(
    secrets.map((each) => each.length > 10 && !text.includes(each)),
    [true, true],
  )

  const show = await run(installation, ['show', held.id], settings)
  assert.match(
    show.out,
    /look at cloud and state; then an owner says what happened: holdpoint resolve/,
  )
  const next = await run(installation, ['apply', '--no-wait'], settings)
  const said = next.out + next.err
  assert.equal(next.code, 3, said)
  assert.match(said, /Error acquiring the state lock/)
  const lock = /ID: +([0-9a-f-]{36})/.exec(said)?.[1] ?? assert.fail(said)
  assert.match(said, /if it was killed, take its lock away with .* force-unlock <ID>/)
  const after = await runFolders()
  assert.deepEqual(
    left.filter((path) => after.includes(path)),
    [],
  )

  project.terraform('force-unlock', '-force', lock)
  const again = await run(installation, ['apply', '--no-wait'], settings)
  assert.equal(again.code, 75, again.out + again.err)
  assert.match(again.out + again.err, /outcome-unknown +The outcome of chg_\w+ is still unknown/)

  // What was taken while it ran is good for as long as it was made for, and no longer.
  await asked(found)
  const [issued] = (await view(installation, held.id)).execution?.credentials ?? []
  assert.ok((issued?.until ?? Number.POSITIVE_INFINITY) - Date.now() <= SESSION_MS_MAX)
  laterMs = SESSION_MS_MAX
  await assert.rejects(asked(found), /Expired|AccessDenied|invalid/)
})

test('the key of a run that was lost renews nothing', whenAws, async () => {
  const workspace = 'payments/lost'
  await installation.change({ type: 'create_workspace', name: workspace })
  const connection = parseConnectionId(await connect(workspace)) ?? assert.fail('no connection')
  const mira = installation.as('mira')
  const opened = await openRun(mira, { workspace })
  const params = { change: opened.change }
  must(await approve(installation, 'ines', await untilStatus(installation, opened.change, 'held')))
  const body = opened.signed('start', { ...startBody(opened), grantSeconds: 3600 })
  must(await mira.call('start', { params, body: body as never }))
  const ask = async (purpose: 'apply' | 'state', number: number) => {
    const signed = opened.signed('credentials', { connection, purpose, ask: number })
    const answer = await mira.call('credentials', { params, body: signed as never })
    return answer.ok ? 'given' : answer.problem.code
  }

  // The role does not trust this workspace, so the server asked for it and AWS said no.
  assert.equal(await ask('apply', 1), 'cloud_refused')
  await untilStatus(installation, opened.change, 'outcome_unknown')

  assert.equal(await ask('apply', 2), 'grant_not_live')
})
