/**
 * The token of this terminal, as `holdpoint login` got it: one private file per server. It opens and
 * watches as its person and never decides, so that a stolen one approves nothing.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Environment = { readonly [name: string]: string | undefined }

/** Where it lies (XDG Base Directory); `null` where there is no home to keep it in. */
export function terminalTokenPath(server: string, environment: Environment): string | null {
  const config = environment['XDG_CONFIG_HOME'] ?? ''
  const home = environment['HOME'] ?? ''
  const folder = config.startsWith('/') ? config : home.startsWith('/') ? join(home, '.config') : ''
  return folder === '' ? null : join(folder, 'holdpoint', 'terminals', encodeURIComponent(server))
}

/** The token for a server; `null` where this terminal is not connected to it. */
export function readTerminalToken(server: string, environment: Environment): string | null {
  const path = terminalTokenPath(server, environment)
  if (path === null) return null
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
