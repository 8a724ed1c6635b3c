/**
 * The tool's own configuration file. `dev_overrides` replaces provider programs without the lock
 * file being asked (seen on a saved plan too), so a configuration that has it is refused.
 */
import { join } from 'node:path'
import type { Environment } from '../../io/environment.ts'
import { listIfThere, readIfThere } from '../../io/files.ts'

const CONFIG_BYTES_MAX = 1 << 20
/** In the home folder; the tools read those that are there. */
const FILES: readonly string[] = ['.terraformrc', '.tofurc']
/** Every file of these names in one of the folders is read too. */
const FOLDERS: readonly string[] = ['.terraform.d', '.config/opentofu', '.opentofu.d']
const NAMES_READ = /(?:\.tfrc|\.tfrc\.json|\.tofurc|^tofurc)$/

/** A sentence when the configuration cannot be used, else `null`. */
export async function refuseCliConfig(env: Environment): Promise<string | null> {
  for (const path of await pathsOf(env)) {
    const bytes = await readIfThere(path, CONFIG_BYTES_MAX)
    if (bytes !== null && hasOverrides(bytes.toString('utf8')))
      return `${path} has dev_overrides, which replaces provider programs unseen; remove it first`
  }
  return null
}

async function pathsOf(env: Environment): Promise<readonly string[]> {
  const paths = [env['TF_CLI_CONFIG_FILE'] ?? '', env['TERRAFORM_CONFIG'] ?? '']
  const home = env['HOME'] ?? ''
  if (home !== '') paths.push(...FILES.map((name) => join(home, name)))
  const folders = home === '' ? [] : FOLDERS.map((name) => join(home, name))
  const config = env['XDG_CONFIG_HOME'] ?? ''
  if (config !== '') folders.push(join(config, 'opentofu'))
  for (const folder of folders) {
    const names = (await listIfThere(folder)).filter((name) => NAMES_READ.test(name))
    paths.push(...names.map((name) => join(folder, name)))
  }
  return paths.filter((path) => path !== '')
}

/**
 * Also in the JSON form, and where the name is written with escapes (seen to work); a comment that
 * only mentions the word is refused too, which is safe.
 */
function hasOverrides(text: string): boolean {
  return text.replaceAll(ESCAPE, character).includes(NAME)
}

const NAME = 'dev_overrides'
const ESCAPE = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|([0-7]{3}))/g

function character(written: string, ...[u, U, x, octal]: readonly (string | undefined)[]): string {
  const hex = u ?? U ?? x
  const point = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16)
  return point <= 0x10ffff ? String.fromCodePoint(point) : written
}
