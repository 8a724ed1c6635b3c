/**
 * The tool's own configuration file. `dev_overrides` replaces provider programs without the lock
 * file being asked (seen on a saved plan too), so a configuration that has it is refused.
 */
import { join } from 'node:path'
import type { Environment } from '../io/environment.ts'
import { readIfThere } from '../io/files.ts'

const CONFIG_BYTES_MAX = 1 << 20
const DEFAULT_NAMES: readonly string[] = ['.terraformrc', '.tofurc']

/** A sentence when the configuration cannot be used, else `null`. */
export async function refuseCliConfig(env: Environment): Promise<string | null> {
  for (const path of pathsOf(env)) {
    const bytes = await readIfThere(path, CONFIG_BYTES_MAX)
    if (bytes !== null && hasOverrides(bytes.toString('utf8')))
      return `${path} has dev_overrides, which replaces provider programs unseen; remove it first`
  }
  return null
}

function pathsOf(env: Environment): readonly string[] {
  const named = [env['TF_CLI_CONFIG_FILE'], env['TERRAFORM_CONFIG']]
  const given = named.filter((path): path is string => path !== undefined && path !== '')
  const home = env['HOME'] ?? ''
  return home === '' ? given : [...given, ...DEFAULT_NAMES.map((name) => join(home, name))]
}

/** Also in the JSON form; a comment that only mentions the word is refused too, which is safe. */
function hasOverrides(text: string): boolean {
  return /\bdev_overrides\b/.test(text)
}
