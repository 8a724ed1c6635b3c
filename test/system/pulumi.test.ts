/** Pulumi through the gate with a real server and the bundled command; the tool is a stand-in. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { start } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { approve, untilHeld, view } from '../harness/story.ts'

const STAND_IN = join(import.meta.dirname, '../cloud/pulumi/stand-in.mjs')

let installation: Installation
let root: string

before(async () => {
  installation = await install()
  root = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-pulumi-')))
  for (const name of ['bin', 'project', 'project/.git']) await mkdir(join(root, name))
  await symlink(STAND_IN, join(root, 'bin/pulumi'))
  const resources = { one: { type: 'aws:s3/bucket:Bucket', size: 1 } }
  await writeFile(join(root, 'project/program.json'), JSON.stringify({ resources }))
})

after(async () => {
  await installation.close()
  await rm(root, { recursive: true, force: true })
})

const up = (...args: readonly string[]) =>
  start(installation, ['pulumi', 'up', '--stack', 'prod', ...args], {
    folder: join(root, 'project'),
    as: 'mira',
    environment: {
      PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
      PULUMI_BACKEND_URL: `file://${join(root, 'state')}`,
    },
  })

test('a held update waits for its approval, and binds its workspace to the stack', async () => {
  const running = up()
  const held = await untilHeld(installation)

  must(await approve(installation, 'ines', held))
  const ended = await running.ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(
    ended.out,
    /^Checking {2}saved plan, checkpoint, 1 source file, .+target: as approved$/m,
  )
  assert.match(ended.out, /^Applied {2}1 of 1 in .+ log entry \d+$/m)
  const { tool, target, status } = await view(installation, held.id)
  assert.deepEqual([tool, status, target.backend.settings['stack']], ['pulumi', 'applied', 'prod'])
})

test('nothing is asked for where nothing changes, and other arguments are refused', async () => {
  const same = await up().ended
  const refused = await up('--', '--yes').ended

  assert.equal(same.code, 0, same.out + same.err)
  assert.match(same.out, /^Nothing to apply/m)
  assert.equal(refused.code, 2)
  assert.match(refused.err, /--yes is not allowed after --/)
})
