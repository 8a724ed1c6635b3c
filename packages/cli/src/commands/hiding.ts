/**
 * Patterns of the user's own, by `--redact-patterns` or `HOLDPOINT_REDACT_PATTERNS`. A file that
 * is named and cannot be used ends the command: to go on without it would show what it hides.
 */
import type { HidingPatterns } from '@holdpoint/core'
import { readEnvironment } from '../io/environment.ts'
import type { Flags } from './row.ts'

export async function hidingOf(flags: Pick<Flags, 'find'>): Promise<HidingPatterns | null> {
  const named = readEnvironment()['HOLDPOINT_REDACT_PATTERNS'] ?? ''
  const file = flags.find('redact-patterns') ?? named
  if (file === '') return null
  // Few name a file, and nobody else waits for what reads it.
  const { readPatternsFile } = await import('./patterns-file.ts')
  return await readPatternsFile(file)
}
