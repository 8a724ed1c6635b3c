/**
 * A runner that is killed while its approved change is applied: its broker is gone with it, the server
 * renews nothing, what the tool had ends with its life, and people are told what to do next.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { HEARTBEAT_MS, parseConnectionId } from '@holdpoint/core'
import { openRun, startBody } from '../../packages/server/test/server-story.ts'
import { type Running, run, start } from '../harness/command.ts'
import {
  CONNECTION,
  type ConnectedInstallation,
  installConnected,
  whenConnected,
} from '../harness/connected.ts'
import { type Installation, must, WORKSPACE } from '../harness/installation.ts'
import { find, needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { type SlowState, startSlowState } from '../harness/slow-state.ts'
import { approve, until, untilHeld, untilStatus, view } from '../harness/story.ts'

/** Twice what lies between two beats of a run: on a busy machine the second may come late. */
const HEARTBEAT_LOST_MS = 2 * HEARTBEAT_MS
const SESSION_MS_MAX = 15 * 60_000
const missing = [whenConnected().skip, needs('aws').skip].find((each) => each !== false)
const whenAws = { ...whenConnected(), skip: missing ?? false }

let connected: ConnectedInstallation
let installation: Installation
let project: Project
let store: SlowState
let laterMs = 0

before(async () => {
  if (whenAws.skip !== false) return
  connected = await installConnected({
    heartbeatLostMs: HEARTBEAT_LOST_MS,
    now: () => Date.now() + laterMs,
  })
  installation = connected.installation
  store = await startSlowState(0)
  project = await givenProject({ 'main.tf': main() }, { environment: environment() })
})

after(async () => {
  await store?.close()
  await project?.remove()
  await connected?.close()
})

const environment = () => ({ ...connected.environment, HOME: connected.folder })

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
    command = "env > ${connected.folder}/found && mv ${connected.folder}/found ${connected.folder}/env; sleep 120"
  }
}
`

/** Of the run that wrote this file; whoever runs next sweeps it, also from another test. */
function runFolderOf(file: string): string {
  const parts = file.split('/')
  const at = parts.findIndex((part) => part.startsWith('holdpoint-run-'))
  assert.ok(at > 0, file)
  return parts.slice(0, at + 1).join('/')
}

async function textOfAll(path: string): Promise<string> {
  const found = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = found.filter((each) => each.isFile())
  const texts = files.map((each) =>
    readFile(join(each.parentPath, each.name), 'utf8').catch(() => ''),
  )
  return (await Promise.all(texts)).join('\n')
}

interface Found {
  readonly url: string
  readonly bearer: string
  readonly folder: string
  readonly keys: { readonly [name: string]: string }
}

/** What a program that the tool started can have: the keys of that moment. */
async function foundBeside(running: Running): Promise<Found> {
  const written = until('the slow program runs', () =>
    readFile(join(connected.folder, 'env'), 'utf8').catch(() => null),
  )
  const early = running.ended.then(({ out, err }) => assert.fail(`it ended with:\n${out}${err}`))
  const text = await Promise.race([written, early])
  const env = new Map(
    text.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
  )
  const url = env.get('AWS_CONTAINER_CREDENTIALS_FULL_URI') ?? ''
  const file = env.get('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE') ?? ''
  const bearer = await readFile(file, 'utf8')
  const answer = await fetch(url, { headers: { authorization: bearer } })
  const folder = runFolderOf(file)
  return { url, bearer, folder, keys: JSON.parse(await answer.text()) }
}

function asked({ keys }: Found): Promise<unknown> {
  const words = ['ssm', 'put-parameter', '--name', '/payments/first', '--value', 'off']
  const more = ['--type', 'String', '--overwrite']
  return promisify(execFile)(find('aws') ?? 'aws', [...words, ...more], {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: connected.cloud.url,
      AWS_DEFAULT_REGION: 'eu-central-1',
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
  const settings = { folder: project.folder, as: 'mira', environment: environment() }
  const running = start(installation, ['apply'], settings)
  const held = await untilHeld(installation, WORKSPACE)
  must(await approve(installation, 'ines', held))
  const found = await foundBeside(running)
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
  const secrets = [found.keys['SecretAccessKey'] ?? '', found.keys['Token'] ?? '']
  const text = await textOfAll(found.folder)
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
  await assert.rejects(stat(found.folder), { code: 'ENOENT' })

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
  const { id } = await installation.change({ ...CONNECTION, workspace })
  const connection = parseConnectionId(id ?? '') ?? assert.fail('no connection')
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
