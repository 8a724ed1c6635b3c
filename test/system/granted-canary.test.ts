/**
 * Every secret that a run was given — session keys, tokens, the broker's bearers — lies nowhere once it
 * is over: not in the log, the database, the answers, the output, the project, nor beside them.
 */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLog } from '../../packages/server/src/io/log.ts'
import { leaksOf } from '../fixtures/canary-search.ts'
import { run, start } from '../harness/command.ts'
import {
  type ConnectedInstallation,
  installConnected,
  mainTf,
  OIDC_CONNECTION,
  parameterTf,
  whenConnected,
} from '../harness/connected.ts'
import { dumpDatabase, readAnswers, readFiles } from '../harness/everything.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { approve, untilHeld } from '../harness/story.ts'

const whenAws = whenConnected()

let connected: ConnectedInstallation
let project: Project
let kept: string
let seen: string
let isClosed = false
const logged: string[] = []
const written = new Map<string, string>()
const secrets = new Map<string, string>()

/** What runs beside the tool sees what the tool sees: it keeps that for the test, modes and all. */
const watcher = (folder: string) => `resource "terraform_data" "watcher" {
  provisioner "local-exec" {
    command = <<-SHELL
      cp "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" "$SEEN/bearer"
      cp "$ELSEWHERE_TOKEN_FILE" "$SEEN/token"
      stat -c '%a %n' "$ELSEWHERE_TOKEN_FILE" "$(dirname "$ELSEWHERE_TOKEN_FILE")" > "$SEEN/modes"
      stat -c '%a %n' "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" >> "$SEEN/modes"
    SHELL
    environment = { SEEN = "${folder}" }
  }
}
`

before(async () => {
  if (whenAws.skip !== false) return
  const logger = createLog({ level: 'debug', destination: { write: (line) => logged.push(line) } })
  kept = await mkdtemp(join(tmpdir(), 'holdpoint-canary-'))
  connected = await installConnected({ logger, dataDir: join(kept, 'data') })
  await connected.installation.change(OIDC_CONNECTION)
  seen = join(kept, 'seen')
  await mkdir(seen)
  const { environment } = connected
  const files = { 'main.tf': mainTf(parameterTf('first') + watcher(seen)) }
  project = await givenProject(files, { environment })
  await tellStory()
})

after(async () => {
  await project?.remove()
  if (!isClosed) await connected?.close()
  if (kept !== undefined) await rm(kept, { recursive: true })
})

async function tellStory(): Promise<void> {
  const { installation, environment } = connected
  const asked = { folder: project.folder, as: 'mira', environment }
  const running = start(installation, ['apply'], asked)
  const held = await untilHeld(installation)
  await approve(installation, 'ines', held)
  const ended = await running.ended
  assert.equal(ended.code, 0, ended.out + ended.err)
  written.set('output of apply', ended.out + ended.err)
  const params = { change: held.id }
  const revoked = await installation
    .as('ines')
    .call('revokeGrant', { params, body: { reason: null } })
  written.set('a refusal', JSON.stringify(revoked))
  for (const words of [
    ['show', held.id, '--json'],
    ['grants', '--json'],
  ]) {
    const shown = await run(installation, words, { ...asked, as: 'ines' })
    written.set(`output of ${words.join(' ')}`, shown.out + shown.err)
  }
  for (const { operation, token, given } of connected.cloud.sts()) {
    if (token !== null) secrets.set(`token for ${operation} ${secrets.size}`, signatureOf(token))
    if (given === null) continue
    secrets.set(`key of ${operation} ${secrets.size}`, given.secretAccessKey)
    secrets.set(`session of ${operation} ${secrets.size}`, given.sessionToken)
  }
  secrets.set('bearer of the apply', (await readFile(join(seen, 'bearer'), 'utf8')).trim())
  secrets.set('token of the other', signatureOf(await readFile(join(seen, 'token'), 'utf8')))
  await readAnswers(installation, written)
  readFiles(project.folder, written)
  await connected.close()
  isClosed = true
  written.set('server log', logged.join('\n'))
  written.set('database', await dumpDatabase(join(kept, 'data', 'db')))
  readFiles(join(kept, 'data'), written)
}

/** The part of a token that no decoding of its claims can give. */
const signatureOf = (token: string) => token.trim().split('.').at(-1) ?? ''

test('no secret of the run is anywhere', whenAws, () => {
  const found = [...written].flatMap(([place, text]) =>
    leaksOf(text, secrets).map((secret) => `${place}: ${secret}`),
  )

  assert.deepEqual(found, [])
  assert.ok(secrets.size >= 10, `only ${secrets.size} secrets were given`)
  assert.ok([...secrets.values()].every((secret) => secret.length > 20))
})

test('the search finds what is there: the change itself', whenAws, () => {
  const places = [...written].filter(([, text]) => text.includes('aws_ssm_parameter.first'))

  const names = new Set(places.map(([place]) => place.split(' ')[0]))
  for (const place of ['output', 'plan', 'bundle,', 'database'])
    assert.ok(names.has(place), `${place} is not among ${[...names].join(', ')}`)
  assert.ok(written.has('file terraform.tfstate'), 'the project was searched')
  assert.ok(logged.length > 10, 'the server has logged what it did')
})

test('what the tool had is what was looked for', whenAws, async () => {
  const token = await readFile(join(seen, 'token'), 'utf8')

  assert.deepEqual(leaksOf(token, secrets), ['token of the other'])
})

test('what lay in files was the owner’s alone, and is gone', whenAws, async () => {
  const modes = (await readFile(join(seen, 'modes'), 'utf8')).trim().split('\n')
  const paths = modes.map((line) => line.slice(4))

  assert.deepEqual(
    modes.map((line) => line.slice(0, 3)),
    ['600', '700', '600'],
  )
  for (const path of paths) await assert.rejects(stat(path), path)
  const left = await Promise.all(
    ['/dev/shm', tmpdir()].map((path) => readdir(path).catch(() => [])),
  )
  const folders = new Set(
    paths.map((path) => path.split('/').find((part) => /^holdpoint-run-/.test(part))),
  )
  assert.deepEqual(
    left.flat().filter((name) => folders.has(name)),
    [],
  )
})
