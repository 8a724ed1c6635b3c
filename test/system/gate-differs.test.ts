/**
 * A pipeline's approved plan, and everything that can be exchanged between the approval and the
 * apply without touching the plan's JSON. One approval stands through every refusal; at the end all
 * is as it was, and it is applied.
 */
import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import {
  approve,
  type ChangeView,
  from,
  givenPipeline,
  newest,
  type Pipeline,
  view,
} from '../harness/story.ts'
import { editMember } from '../harness/zip.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }

const MAIN = `variable "token" {
  type      = string
  ephemeral = true
}

resource "terraform_data" "id" {
  input = "one"
}

resource "terraform_data" "rendered" {
  input = templatefile("\${path.module}/message.tftpl", { id = terraform_data.id.id })
}

resource "terraform_data" "script" {
  input = "\${path.module}/../shared/settings.txt"

  provisioner "local-exec" {
    command     = "sh deploy.sh"
    environment = { TOKEN = var.token }
  }
}
`
const FILES = {
  'app/main.tf': MAIN,
  'app/deploy.sh': 'echo "$TOKEN" >> ../ran.txt\n',
  'app/message.tftpl': `for \${id} only\n`,
  'shared/settings.txt': 'open = no\n',
}
const ENVIRONMENT = { TF_VAR_token: 'the planned one', AWS_REGION: 'eu-central-1' }

const GO_ON = [
  '  Nothing was applied. The approvals stand: put it back and run',
  '  holdpoint gate again before <time>, or plan anew.',
  'Not started  nothing was applied   holdpoint show <id>',
]

let installation: Installation
let project: Project
let pipeline: Pipeline
let approved: ChangeView

before(async () => {
  if (whenTerraform.skip !== false) return
  installation = await install()
  project = await givenProject(FILES, { root: 'app', environment: ENVIRONMENT })
  project.plan()
  pipeline = await givenPipeline(installation, project, { environment: ENVIRONMENT })
  const held = await pipeline.gate()
  assert.equal(held.code, 75, held.out + held.err)
  const change = await newest(installation)
  assert.deepEqual(must(await approve(installation, 'ines', change)), { status: 'released' })
  approved = await view(installation, change.id)
})

after(async () => {
  await pipeline?.remove()
  await project?.remove()
  await installation?.close()
})

/** Refused, nothing applied, the approval still there: asserted whole. */
async function assertRefused(expected: readonly string[], environment = {}): Promise<void> {
  const ended = await pipeline.gate(environment)

  assert.deepEqual(from('REFUSED TO START', ended.out), [
    'REFUSED TO START  what would run is not what was approved',
    ...expected,
    ...GO_ON,
  ])
  assert.equal(ended.code, 1)
  assert.equal(await project.state(), null)
  const now = await view(installation, approved.id)
  assert.equal(now.status, 'released')
  assert.deepEqual(now.decisions, approved.decisions)
  assert.equal(now.releasedUntil, approved.releasedUntil)
}

async function whileEdited(path: string, text: string, work: () => Promise<void>): Promise<void> {
  const file = join(project.repository, path)
  const before = await readFile(file)
  await writeFile(file, text)
  try {
    await work()
  } finally {
    await writeFile(file, before)
  }
}

const EDITED = [
  { what: 'a script that a provisioner runs', path: 'app/deploy.sh', text: 'echo evil\n' },
  { what: 'a template read at apply', path: 'app/message.tftpl', text: `for \${id} and *\n` },
  {
    what: 'a file outside the root module that the configuration names',
    path: 'shared/settings.txt',
    text: 'open = yes\n',
  },
  { what: 'the configuration itself', path: 'app/main.tf', text: `${MAIN}\n# more\n` },
]

for (const { what, path, text } of EDITED) {
  test(`${what} is edited after the approval: refused by name`, whenTerraform, async () => {
    await whileEdited(path, text, async () => {
      await assertRefused([`  ${path}   approved <digest>  now <digest>`])
    })
  })
}

test('the first refused start is an entry with both digests', whenTerraform, async () => {
  const { timeline } = await view(installation, approved.id)

  const entries = timeline.filter((each) => each.type === 'execution_refused')
  // At most one a minute: the log is no place to fill.
  assert.equal(entries.length, 1)
  const event = entries[0]?.event as { differences: { part: string; approved: string }[] }
  assert.deepEqual(
    event.differences.map(({ part, approved: was }) => [part, was]),
    [['source', approved.binding.source]],
  )
})

test('a new file beside the configuration is refused by name', whenTerraform, async () => {
  const file = join(project.folder, 'extra.auto.tfvars')
  await writeFile(file, 'other = 1\n')
  try {
    await assertRefused(['  app/extra.auto.tfvars   approved absent  now <digest>'])
  } finally {
    await rm(file)
  }
})

test(
  'an ephemeral variable is swapped: refused by name, never by value',
  whenTerraform,
  async () => {
    const environment = { TF_VAR_token: 'another one' }

    const ended = await pipeline.gate(environment)

    assert.equal(ended.code, 1)
    assert.ok(!(ended.out + ended.err).includes('another one'))
    assert.match(ended.out, /^ {2}TF_VAR_token {3}approved \S+ {2}now \S+$/m)
    assert.equal(await project.state(), null)
  },
)

test(
  'an environment variable of a provider is changed: refused by name',
  whenTerraform,
  async () => {
    const ended = await pipeline.gate({ AWS_REGION: 'us-east-1', TF_PARALLELISM: '1' })

    const said = from('REFUSED TO START', ended.out)
    assert.deepEqual(
      said.slice(1, -GO_ON.length).map((line) => line.trim().split(' ')[0]),
      ['AWS_REGION', 'TF_PARALLELISM'],
    )
    assert.deepEqual([ended.code, await project.state()], [1, null])
  },
)

test('another tool workspace by environment is another target', whenTerraform, async () => {
  project.terraform('workspace', 'new', 'other')
  project.terraform('workspace', 'select', 'default')

  const ended = await pipeline.gate({ TF_WORKSPACE: 'other' })

  assert.match(ended.out, /^ {2}toolWorkspace {3}approved default {2}now other$/m)
  assert.equal(ended.code, 1)
})

test('another tool workspace selected in the folder is another target', whenTerraform, async () => {
  project.terraform('workspace', 'select', 'other')
  try {
    await assertRefused(['  toolWorkspace   approved default  now other'])
  } finally {
    project.terraform('workspace', 'select', 'default')
  }
})

test('what would rewrite the command of a saved plan is refused', whenTerraform, async () => {
  const ended = await pipeline.gate({ TF_CLI_ARGS_apply: '-state=elsewhere.tfstate' })

  assert.equal(ended.code, 2)
  assert.match(
    ended.err,
    /^TF_CLI_ARGS_apply would change what a saved plan does; unset it first$/m,
  )
  assert.equal((await view(installation, approved.id)).status, 'released')
})

test('put back, the very approval is used once', whenTerraform, async () => {
  const go = await pipeline.gate()
  assert.equal(go.code, 0, go.out + go.err)
  const again = await pipeline.gate()
  project.terraform('apply', '-input=false', 'plan.tfplan')
  const finished = await pipeline.finish(0)

  assert.deepEqual(from('STARTED ELSEWHERE', again.out), [
    'STARTED ELSEWHERE  it is executing; nothing was applied here',
    '  holdpoint show <id>',
  ])
  assert.equal(again.code, 1)
  assert.equal(finished.code, 0, finished.out + finished.err)
  const ended = await view(installation, approved.id)
  assert.deepEqual([ended.status, ended.execution?.verifiedBy], ['applied', 'pipeline'])
  assert.equal(ended.decisions.length, 1)
  assert.equal(await readFile(join(project.repository, 'ran.txt'), 'utf8'), 'the planned one\n')
})

test('configuration edited inside the plan file is another change', whenTerraform, async () => {
  project.terraform('apply', '-input=false', '-auto-approve', '-destroy')
  project.plan()
  const held = await pipeline.gate()
  assert.equal(held.code, 75, held.out + held.err)
  const first = await newest(installation)
  must(await approve(installation, 'ines', first))
  const file = join(project.folder, 'plan.tfplan')
  const original = await readFile(file)
  // Nothing that the tool prints of the plan says so.
  const other = `${MAIN}# only the configuration in the file says so\n`
  await writeFile(file, editMember(original, 'tfconfig/m-/main.tf', other))

  const ended = await pipeline.gate()

  assert.equal(ended.code, 75, ended.out + ended.err)
  const second = await newest(installation)
  assert.notEqual(second.id, first.id)
  assert.equal(second.binding.plan, first.binding.plan)
  assert.notEqual(second.binding.source, first.binding.source)
  assert.notEqual(second.binding.artifact, first.binding.artifact)
  assert.deepEqual([second.status, second.decisions], ['held', []])
})

test('one byte more of the plan file is another change', whenTerraform, async () => {
  project.plan()
  assert.equal((await pipeline.gate()).code, 75)
  const first = await newest(installation)
  must(await approve(installation, 'ines', first))
  const file = join(project.folder, 'plan.tfplan')
  const original = await readFile(file)
  await writeFile(file, Buffer.concat([original, Buffer.from([0])]))

  const ended = await pipeline.gate()

  assert.notEqual(ended.code, 0)
  await writeFile(file, original)
  assert.equal((await view(installation, first.id)).execution, null)
})
