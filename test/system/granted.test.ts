/**
 * Credentials exist only inside an approval: real Terraform and the real AWS provider against an AWS
 * that verifies tokens, signatures and session policies. Whatever standing key lies around, every call
 * is signed by a session of the grant.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { parseScope } from '@holdpoint/core'
import type { AwsCloud, RecordedCall } from '../cloud/aws-cloud.ts'
import { type Running, start } from '../harness/command.ts'
import {
  CONNECTION,
  type ConnectedInstallation,
  installConnected,
  mainTf,
  parameterTf,
  role,
  whenConnected,
} from '../harness/connected.ts'
import { type Installation, must, WORKSPACE } from '../harness/installation.ts'
import { find } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { approve, newest, until, view } from '../harness/story.ts'

const STANDING = { accessKeyId: 'AKIASTANDING', secretAccessKey: 'standing-secret-canary' }
const whenAws = whenConnected()

let connected: ConnectedInstallation
let installation: Installation
let cloud: AwsCloud
let project: Project
let metadata: Awaited<ReturnType<typeof startMetadata>>
let environment: { readonly [name: string]: string }

before(async () => {
  if (whenAws.skip !== false) return
  connected = await installConnected({ standing: [STANDING] })
  ;({ installation, cloud } = connected)
  environment = { ...connected.environment, ...(await standingEverywhere()) }
  project = await givenProject({ 'main.tf': mainTf(parameterTf('first')) }, { environment })
})

after(async () => {
  stopAll()
  await project?.remove()
  await connected?.close()
})

/** A standing key in the shared files, in the environment, in a profile, and behind metadata. */
async function standingEverywhere() {
  metadata = await startMetadata()
  const home = join(connected.folder, 'home')
  const { accessKeyId, secretAccessKey } = STANDING
  const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
  await mkdir(join(home, '.aws'), { recursive: true })
  await writeFile(join(home, '.aws/credentials'), `[default]\n${keys}\n[standing]\n${keys}`)
  return {
    HOME: home,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_PROFILE: 'standing',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
  }
}

/** Gives the standing key to whoever asks; here nobody may. */
async function startMetadata() {
  let asked = 0
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = STANDING
  const server = createServer((_request, response) => {
    asked += 1
    response.end(JSON.stringify({ Code: 'Success', AccessKeyId, SecretAccessKey }))
  })
  server.unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked: () => asked }
}

const settings = () => ({ folder: project.folder, as: 'mira', environment }) as const

/** Calls of the tool; the server's own to STS are not among them. */
function callsSince(at: number): readonly RecordedCall[] {
  return cloud.calls().slice(at)
}

const signers = (calls: readonly RecordedCall[]) => [
  ...new Set(calls.map(({ session }) => session?.roleArn ?? 'nobody of the grant')),
]

/** Nothing of the run lies about: folders of brokers are gone. */
async function runFolders(): Promise<readonly string[]> {
  const names = await Promise.all(
    ['/dev/shm', tmpdir()].map((path) => readdir(path).catch(() => [])),
  )
  return names.flat().filter((name) => name.startsWith(`holdpoint-run-`))
}

/** Other tests run beside this one: a folder of theirs names a process that is alive. */
function isOfRunning(name: string): boolean {
  try {
    return process.kill(Number(name.split('-')[2]), 0)
  } catch {
    return false
  }
}

async function newFolders(before: readonly string[]): Promise<readonly string[]> {
  return (await runFolders()).filter((name) => !before.includes(name) && !isOfRunning(name))
}

const running = new Set<Running>()

function apply(words: readonly string[] = [], workspace: string = WORKSPACE): Running {
  const started = start(installation, ['apply', ...words], { ...settings(), workspace })
  running.add(started)
  void started.ended.then(() => running.delete(started))
  return started
}

/** A run that a failed test leaves would wait for people for ever. */
function stopAll(): void {
  for (const each of running) each.signalGroup('SIGKILL')
}

/** The change that was opened after the ones that are there. */
async function newestIn(status: string, started: Running, workspace: string = WORKSPACE) {
  return until(`it is ${status}`, async () => {
    const { exitCode } = started.child
    if (exitCode !== null && status !== 'applied') {
      const { out, err } = await started.ended
      throw new Error(`it ended with ${exitCode}: ${out}${err}`)
    }
    const change = await newest(installation, workspace).catch(() => null)
    return change?.status === status ? change : null
  })
}

test('a change is planned and applied with the grant’s sessions alone', whenAws, async () => {
  const at = cloud.calls().length
  const earlier = await runFolders()
  const started = apply()
  const held = await newestIn('held', started)
  const planned = callsSince(at)
  const scope = parseScope(held.evaluation?.scope ?? '')
  assert.equal(scope?.connections[0]?.narrowed, true, JSON.stringify(scope))
  assert.match(scope?.connections[0]?.policy ?? '', /ssm:PutParameter/)

  must(await approve(installation, 'ines', held))
  const ended = await started.ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.err + ended.out, /Found and not used, the grant is: ~\/\.aws\/credentials/)
  assert.match(
    ended.err + ended.out,
    /Not passed on to the tool: AWS_ACCESS_KEY_ID, AWS_EC2_METADATA/,
  )
  const applied = callsSince(at + planned.length)
  assert.deepEqual(signers(applied), [role('apply')])
  assert.equal(metadata.asked(), 0)
  const done = await view(installation, held.id)
  const event = done.timeline.find(({ type }) => type === 'execution_started')?.event
  const { grant } = event as { grant: string }
  const [session] = applied.flatMap((call) => call.session ?? [])
  assert.equal(session?.sourceIdentity, grant)
  assert.equal(session?.policyText, scope?.connections[0]?.policy)
  assert.equal(session?.tags['holdpoint-change'], held.id)
  assert.ok(applied.every(({ userAgent }) => userAgent.includes(`holdpoint/${grant}`)))
  assert.deepEqual(await newFolders(earlier), [])
  assert.equal((ended.out + ended.err).includes(STANDING.secretAccessKey), false)
})

test('a key in the provider block is held, and says why', whenAws, async () => {
  const { accessKeyId, secretAccessKey } = STANDING
  const own = `  access_key = "${accessKeyId}"\n  secret_key = "${secretAccessKey}"\n`
  const skips = '  skip_credentials_validation = true\n  skip_requesting_account_id = true\n'
  await project.write('main.tf', mainTf(parameterTf('first') + parameterTf('second'), own + skips))
  const words = ['--', '-refresh=false']

  const pinned = await apply(words).ended
  const workspace = 'payments/own'
  await installation.change({ type: 'create_workspace', name: workspace })
  await installation.change({ ...CONNECTION, workspace })
  const started = apply(words, workspace)
  const held = await newestIn('held', started, workspace)

  // Where a workspace is bound to an account, nobody can tell that this key is of it.
  assert.equal(pinned.code, 1)
  assert.match(pinned.err + pinned.out, /account: approved aws:111111111111, now aws:unknown/)
  const told = held.findings.find(({ rule }) => rule === 'own-credentials')
  assert.equal(told?.message, 'Brings its own credentials: provider aws: access_key, secre…')
  started.signalGroup('SIGINT')
  await started.ended
})

test('a revoked grant is felt: the tool stops, and nothing more is made', whenAws, async () => {
  const earlier = await runFolders()
  const slow =
    'resource "terraform_data" "wait" {\n  provisioner "local-exec" {\n    command = "sleep 60"\n  }\n}\n'
  const late = parameterTf('late', '  depends_on = [terraform_data.wait]\n')
  await project.write('main.tf', mainTf(parameterTf('first') + slow + late))
  const started = apply()
  must(await approve(installation, 'ines', await newestIn('held', started)))
  const executing = await newestIn('executing', started)
  await started.says(/terraform_data\.wait/)

  const params = { change: executing.id }
  must(await installation.as('ines').call('revokeGrant', { params, body: { reason: 'wrong' } }))
  const ended = await started.ended

  assert.equal(ended.code, 3, ended.out + ended.err)
  const done = await view(installation, executing.id)
  assert.equal(done.status, 'failed')
  const made = cloud.calls().some(({ resource }) => resource.includes('/payments/late'))
  assert.equal(made, false)
  assert.deepEqual(await newFolders(earlier), [])
})

test('without a grant nothing is applied', whenAws, async () => {
  await project.write('main.tf', mainTf(parameterTf('first') + parameterTf('byhand')))
  const at = cloud.calls().length

  // Not waited for in line: the cloud is in this very process.
  const words = [`-chdir=${project.folder}`, 'apply', '-input=false', '-auto-approve']
  const ended = promisify(execFile)(find('terraform') ?? 'terraform', words, {
    env: { ...process.env, ...environment },
  })

  await assert.rejects(ended)
  assert.equal(
    callsSince(at).some(({ allowed }) => allowed),
    false,
  )
})
