/**
 * I9: no secret appears in database, server log, bundle, API answer or output. Secrets are planted
 * wherever a Terraform user may have one, and everything that was written is searched for them.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLog } from '../../packages/server/src/io/log.ts'
import { run, start } from '../harness/command.ts'
import { dumpDatabase, readAnswers } from '../harness/everything.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { approve, untilHeld } from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }

const CANARY = {
  variable: 'canary-sensitive-variable-1f7a',
  argument: 'canary-var-argument-2b8c',
  environment: 'canary-tf-var-environment-3d9e',
  output: 'canary-sensitive-output-4fa0',
  provisioner: 'canary-provisioner-environment-5bb1',
} as const

const MAIN = `variable "password" {
  type      = string
  sensitive = true
}

variable "argument" {
  type      = string
  sensitive = true
}

variable "environment" {
  type      = string
  ephemeral = true
}

resource "terraform_data" "user" {
  input = var.password

  provisioner "local-exec" {
    command = "echo $LITERAL $ARGUMENT $ENVIRONMENT $PASSWORD"
    environment = {
      LITERAL     = sensitive("${CANARY.provisioner}")
      ARGUMENT    = var.argument
      ENVIRONMENT = var.environment
      PASSWORD    = var.password
    }
  }
}

resource "terraform_data" "careless" {
  depends_on = [terraform_data.user]

  # Nothing here tells Terraform that a secret is printed.
  provisioner "local-exec" { command = "echo careless $TF_VAR_password" }
}

output "connection" {
  value     = "postgres://user:${CANARY.output}@db/\${terraform_data.user.id}"
  sensitive = true
}
`

let installation: Installation
let project: Project
let folder: string
const logged: string[] = []
const written = new Map<string, string>()

before(async () => {
  if (whenTerraform.skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-canary-'))
  const logger = createLog({ level: 'debug', destination: { write: (line) => logged.push(line) } })
  installation = await install({ dataDir: join(folder, 'data'), logger })
  project = await givenProject({ 'main.tf': MAIN, 'fail/main.tf': 'x' })
  await tellStory()
  await readAnswers(installation, written)
  await installation.close()
  written.set('server log', logged.join('\n'))
  written.set('database', await dumpDatabase(join(folder, 'data', 'db')))
})

after(async () => {
  await project?.remove()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

async function tellStory(): Promise<void> {
  const token = await installation.change({
    type: 'issue_token',
    name: 'ci',
    verbs: ['open', 'execute', 'read'],
    workspaces: null,
    expiresInDays: 1,
  })
  const asked = {
    folder: project.folder,
    token: token.secret ?? '',
    environment: {
      TF_VAR_password: CANARY.variable,
      TF_VAR_environment: CANARY.environment,
    },
  }
  const words = ['apply', '--', `-var=argument=${CANARY.argument}`]
  const running = start(installation, words, asked)
  const held = await untilHeld(installation)
  for (const who of ['ines', 'aiko']) must(await approve(installation, who, held))
  const ended = await running.ended
  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.out + ended.err, /careless \(hidden\)/)
  written.set('output of apply', ended.out + ended.err)
  // A tool that fails says more than one that does not.
  await project.write(
    'main.tf',
    `${MAIN}\nresource "terraform_data" "bad" {\n  input = [][var.password]\n}\n`,
  )
  const failed = await run(installation, words, asked)
  assert.equal(failed.code, 3, failed.out + failed.err)
  written.set('output of a failed plan', failed.out + failed.err)
  for (const args of [
    ['show', held.id, '--full'],
    ['show', held.id, '--json'],
    ['inbox', '--json'],
  ]) {
    const shown = await run(installation, args, { folder: project.folder, as: 'ines' })
    assert.equal(shown.code, 0, shown.out + shown.err)
    written.set(`output of ${args.join(' ')}`, shown.out + shown.err)
  }
  secrets.push(token.secret ?? '')
  secrets.push((await readFile(join(installation.dataDir, 'admin-token'), 'utf8')).trim())
}

const secrets: string[] = Object.values(CANARY)

test('no planted secret is anywhere', whenTerraform, () => {
  const found = [...written].flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret}`),
  )

  assert.deepEqual(found, [])
  assert.equal(secrets.length, Object.keys(CANARY).length + 2)
  assert.ok(secrets.every((secret) => secret.length > 20))
})

test('the search finds what is there: the story itself', whenTerraform, () => {
  const places = [...written].filter(([, text]) => text.includes('terraform_data.user'))

  const names = places.map(([place]) => place.split(' ')[0])
  for (const place of ['output', 'plan', 'bundle,', 'database'])
    assert.ok(names.includes(place), `${place} is not among ${names.join(', ')}`)
  assert.ok(logged.length > 10, 'the server has logged what it did')
})

test('the secrets were really used: the state holds them', whenTerraform, async () => {
  const state = (await project.state()) ?? ''

  assert.ok(state.includes(CANARY.variable))
  assert.ok(state.includes(CANARY.output))
})
