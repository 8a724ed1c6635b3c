/**
 * `holdpoint apply` on a terminal: what is exchanged while people decide is refused by name, and
 * put back it goes on in the very run that asked.
 */
import assert from 'node:assert/strict'
import { chmod, open, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Running, start } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { approve, entriesOf, from, until, untilHeld, view } from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }
const onTerminal = needs('script').skip === false ? whenTerraform : { ...needs('script') }

const SCRIPT = 'echo as approved >> ran.txt\n'
const FILES = {
  'main.tf': `resource "terraform_data" "script" {
  provisioner "local-exec" { command = "sh deploy.sh" }
}
`,
  'deploy.sh': SCRIPT,
}

let installation: Installation
const projects: Project[] = []

before(async () => {
  if (whenTerraform.skip === false) installation = await install()
})

after(async () => {
  await Promise.all(projects.map((each) => each.remove()))
  await installation?.close()
})

async function given(workspace: string, options: { readonly terminal?: boolean } = {}) {
  await installation.change({ type: 'create_workspace', name: workspace })
  const project = await givenProject(FILES)
  projects.push(project)
  const asked = { folder: project.folder, as: 'mira', workspace, ...options }
  const running = start(installation, ['apply'], asked)
  await running.says('Waiting')
  return { project, running, held: await untilHeld(installation, workspace) }
}

const GO_ON = [
  '  Nothing was applied. The approvals stand: put it back and run',
  '  holdpoint apply again before <time>, or plan anew.',
  'Not started  nothing was applied   holdpoint show <id>',
]

test('a script edited while people decide is refused, and recorded', whenTerraform, async () => {
  const { project, running, held } = await given('differs/script')
  await project.write('deploy.sh', 'echo evil >> ran.txt\n')
  must(await approve(installation, 'ines', held))

  const ended = await running.ended

  assert.deepEqual(from('REFUSED TO START', ended.out), [
    'REFUSED TO START  what would run is not what was approved',
    '  deploy.sh   approved <digest>  now <digest>',
    ...GO_ON,
  ])
  assert.equal(ended.code, 1)
  assert.equal(await project.state(), null)
  const now = await view(installation, held.id)
  assert.deepEqual([now.status, now.decisions.length], ['released', 1])
  assert.equal((await entriesOf(installation, held.id)).at(-1), 'execution_refused')
})

test(
  'put back at the question, the very approval is used and it is applied',
  onTerminal,
  async () => {
    const { project, running, held } = await given('differs/again', { terminal: true })
    await project.write('deploy.sh', 'echo evil >> ran.txt\n')
    must(await approve(installation, 'ines', held))
    await running.says('Put it back and check again? [y/N]')
    assert.equal(await project.state(), null)
    await project.write('deploy.sh', SCRIPT)
    running.type('y\n')

    const ended = await running.ended

    assert.equal(ended.code, 0, ended.out + ended.err)
    assert.match(ended.out, /Applied {2}1 of 1/)
    assert.equal(await readFile(join(project.folder, 'ran.txt'), 'utf8'), 'as approved\n')
    const applied = await view(installation, held.id)
    assert.deepEqual([applied.status, applied.decisions.length], ['applied', 1])
  },
)

test('one byte of the private copy of the plan is changed: refused', whenTerraform, async () => {
  const { project, running, held } = await given('differs/copy')
  const changed = await changePrivateCopy(running)
  must(await approve(installation, 'ines', held))

  const ended = await running.ended

  assert.equal(changed, 1)
  assert.equal(ended.code, 1, ended.out + ended.err)
  assert.equal(await project.state(), null)
  assert.deepEqual(from('REFUSED TO START', ended.out), [
    'REFUSED TO START  what would run is not what was approved',
    '  artifact   approved <digest>  now <digest>',
    ...GO_ON,
  ])
})

test(
  'nothing with the plan in clear lies anywhere while people decide',
  whenTerraform,
  async () => {
    const { running } = await given('differs/no-copy')
    const links = await openFiles(running)

    const named = links.filter(({ target }) => target.includes('/tmp/') || target.endsWith('/plan'))

    assert.deepEqual(
      named.filter(({ target }) => !target.endsWith(' (deleted)')),
      [],
    )
    running.signalGroup('SIGINT')
    assert.equal((await running.ended).code, 75)
  },
)

interface OpenFile {
  readonly path: string
  readonly target: string
}

async function openFiles({ child }: Running): Promise<readonly OpenFile[]> {
  const folder = `/proc/${child.pid}/fd`
  const names = await readdir(folder)
  return await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return { path, target: await readlink(path).catch(() => '') }
    }),
  )
}

/** Its owner can still write to a file without a name, through the descriptor of the process. */
async function changePrivateCopy(running: Running): Promise<number> {
  const copies = await until('it holds a copy of the plan', async () => {
    const found = (await openFiles(running)).filter(({ target }) => target.endsWith('(deleted)'))
    return found.length > 0 ? found : null
  })
  for (const { path } of copies) {
    await chmod(path, 0o600)
    const file = await open(path, 'r+')
    const { size } = await file.stat()
    await file.write(Buffer.from([0x21]), 0, 1, size)
    await file.close()
  }
  return copies.length
}
