/** What is to be deployed with Pulumi, and the arguments that may be said of it. */
import type { HidingPatterns } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { Fault } from '../../io/fault.ts'
import { findProgram } from '../../io/spawn.ts'

export interface PulumiJob {
  /** Absolute, without symbolic links: where `Pulumi.yaml` lies. */
  readonly folder: string
  /** Absolute. */
  readonly program: string
  readonly stack: string
  /** Checked by `parsePulumiArguments`; the same for preview and up. */
  readonly arguments: readonly string[]
  /** Asked anew each time, so that a change of the environment is seen. */
  readonly readEnvironment: () => Environment
  readonly patterns: HidingPatterns | null
  /** Our own token, which must not show in the tool's output. */
  readonly token: string | null
}

export function findPulumi(environment: Environment): string {
  const program = findProgram('pulumi', environment)
  if (program !== null) return program
  throw new Fault('tool_not_found', 'There is no pulumi on PATH')
}

/** What narrows an update; whatever else would change what a saved plan means is refused. */
const WITH_VALUE: readonly string[] = ['--target', '--replace', '--target-replace', '--parallel']
const ALONE: readonly string[] = ['--target-dependents']
export const PULUMI_ARGUMENTS = [...WITH_VALUE, ...ALONE]

/** Arguments in one form, `--name=value`; or the one that is refused. */
export function parsePulumiArguments(
  typed: readonly string[],
):
  | { readonly ok: true; readonly arguments: readonly string[] }
  | { readonly ok: false; readonly refused: string } {
  const found: string[] = []
  for (let at = 0; at < typed.length; at += 1) {
    const word = typed[at] ?? ''
    const [name = '', ...rest] = word.split('=')
    const given = rest.length > 0 ? rest.join('=') : typed[at + 1]
    if (ALONE.includes(word)) found.push(word)
    else if (!WITH_VALUE.includes(name) || given === undefined || given === '')
      return { ok: false, refused: word }
    else {
      found.push(`${name}=${given}`)
      if (rest.length === 0) at += 1
    }
  }
  return { ok: true, arguments: found }
}
