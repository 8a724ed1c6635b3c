import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { isolation, makeRunFolder } from './run-folder.ts'

test('a run has a folder of its own, and what a killed one left is swept', async () => {
  const first = await makeRunFolder()
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const left = join(dirname(first.path), `holdpoint-run-${dead}-left`)
  await mkdir(left, { mode: 0o700 })

  const second = await makeRunFolder()

  assert.equal(statSync(second.path).mode & 0o777, 0o700)
  assert.equal(existsSync(left), false)
  assert.equal(existsSync(first.path), true)
  await Promise.all([first.close(), second.close()])
  assert.equal(existsSync(second.path), false)
})

test('what others could have left under such a name is not touched', async () => {
  const first = await makeRunFolder()
  const parent = dirname(first.path)
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const elsewhere = await mkdtemp(join(tmpdir(), 'holdpoint-elsewhere-'))
  const link = join(parent, `holdpoint-run-${dead}-link`)
  await symlink(elsewhere, link)
  const theirs = join(parent, `holdpoint-run-${dead}-theirs`)
  await mkdir(theirs, { mode: 0o777 })
  const mayGive = process.getuid?.() === 0
  if (mayGive) await chown(theirs, 65_534, 65_534)

  const second = await makeRunFolder()

  assert.equal(existsSync(elsewhere), true)
  assert.equal(lstatSync(link).isSymbolicLink(), true)
  assert.equal(existsSync(theirs), mayGive)
  await Promise.all([first.close(), second.close(), rm(link), rm(elsewhere, { recursive: true })])
  await rm(theirs, { recursive: true, force: true })
})

test('the tool’s home links what Terraform and git read, and no cloud’s files', async () => {
  const home = await mkdtemp(join(tmpdir(), 'holdpoint-home-'))
  await mkdir(join(home, '.aws'))
  await mkdir(join(home, '.kube'))
  await writeFile(join(home, '.gitconfig'), '')
  const folder = await makeRunFolder()

  const env = await isolation(folder.path, { HOME: home })

  const own = env['HOME'] ?? ''
  assert.equal(lstatSync(join(own, '.gitconfig')).isSymbolicLink(), true)
  assert.equal(existsSync(join(own, '.aws')), false)
  assert.equal(existsSync(join(own, '.kube')), false)
  assert.equal(readFileSync(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '', 'utf8'), '')
  const { HOME: _, AWS_SHARED_CREDENTIALS_FILE: none, CLOUDSDK_CONFIG: nowhere, ...rest } = env
  assert.deepEqual(readdirSync(nowhere ?? ''), [])
  assert.deepEqual(rest, {
    ...{ AWS_CONFIG_FILE: none, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ ARM_USE_CLI: 'false', ARM_USE_MSI: 'false', AZURE_CONFIG_DIR: nowhere },
    ...{ GCE_METADATA_HOST: '127.0.0.1:9', KUBECONFIG: none },
  })
  await folder.close()
  await rm(home, { recursive: true })
})
