/**
 * The folder of one run: 0700, in memory where the machine has room, with a home of its own in which
 * only what the tool needs is linked. Folders of runs that were killed are swept by the next one; the
 * bearers in them opened nothing any more.
 */
import { lstat, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../io/environment.ts'
import {
  canRead,
  listIfThere,
  makePrivateFolder,
  removeFolder,
  writePrivate,
} from '../../io/files.ts'

const PREFIX = 'run-'

export interface RunFolder {
  readonly path: string
  readonly close: () => Promise<void>
}

export async function makeRunFolder(): Promise<RunFolder> {
  const path = await makePrivateFolder(`${PREFIX}${process.pid}-`)
  await sweep(join(path, '..'))
  return { path, close: () => removeFolder(path) }
}

const NAME = new RegExp(`^holdpoint-${PREFIX}(\\d+)-`)

async function sweep(parent: string): Promise<void> {
  for (const name of await listIfThere(parent)) {
    const pid = NAME.exec(name)?.[1]
    const path = join(parent, name)
    if (pid !== undefined && !isAlive(Number(pid)) && (await isOwn(path)))
      await removeFolder(path).catch(() => undefined)
  }
}

/**
 * A folder that others could make here under such a name is never walked through: whoever owns it
 * could put a link in the place of something that is just being removed.
 */
async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return Reflect.get(Object(cause), 'code') === 'EPERM'
  }
}

/** Of a person's home: what Terraform, Pulumi and git read, and no cloud does. */
const LINKED = [
  '.terraform.d',
  '.terraformrc',
  '.tofurc',
  '.pulumi',
  '.gitconfig',
  '.git-credentials',
  '.ssh',
] as const

/**
 * The environment in which nothing standing is found: shared files empty, metadata services off, CLI
 * logins out of sight. What a connection gives is laid over it.
 */
export async function isolation(folder: string, found: Environment): Promise<Environment> {
  const home = join(folder, 'home')
  await mkdir(join(home, '.config'), { recursive: true, mode: 0o700 })
  const real = found['HOME'] ?? ''
  for (const name of real === '' ? [] : LINKED)
    await linkIfThere(join(real, name), join(home, name))
  if (real !== '') await linkIfThere(join(real, '.config', 'git'), join(home, '.config', 'git'))
  const none = join(folder, 'none')
  await writePrivate(none, '')
  const nowhere = join(folder, 'nowhere')
  await mkdir(nowhere, { mode: 0o700 })
  return {
    HOME: home,
    AWS_SHARED_CREDENTIALS_FILE: none,
    AWS_CONFIG_FILE: none,
    AWS_EC2_METADATA_DISABLED: 'true',
    ARM_USE_CLI: 'false',
    ARM_USE_MSI: 'false',
    AZURE_CONFIG_DIR: nowhere,
    CLOUDSDK_CONFIG: nowhere,
    GCE_METADATA_HOST: '127.0.0.1:9',
    KUBECONFIG: none,
  }
}

async function linkIfThere(from: string, to: string): Promise<void> {
  if (canRead(from)) await symlink(from, to)
}
