/** What stands around that a tool could have used instead of the grant: named, never read. */
import { join } from 'node:path'
import type { Environment } from '../../io/environment.ts'
import { canRead } from '../../io/files.ts'

const FILES = [
  '.aws/credentials',
  '.aws/config',
  '.azure',
  '.config/gcloud',
  '.kube/config',
  '.vault-token',
] as const

/** Files of the person's own; the variables are named with what does not pass. */
export function standingFiles(found: Environment): readonly string[] {
  const home = found['HOME'] ?? ''
  if (home === '') return []
  return FILES.filter((name) => canRead(join(home, name))).map((name) => `~/${name}`)
}

/** `null` where nothing was found. */
export function standingWarning(files: readonly string[]): string | null {
  return files.length === 0 ? null : `Found and not used, the grant is: ${files.join(', ')}`
}
