/** Runs one program to its end: arguments as a list, output as text, an environment of its own. */
import { spawn } from 'node:child_process'

export interface Program {
  readonly file: string
  readonly folder: string
  readonly environment: { readonly [name: string]: string }
}

export interface Done {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const WITHIN_MS = 180_000

/** Throws with what the program said where it fails, unless it may. */
export async function runProgram(
  { file, folder, environment }: Program,
  words: readonly string[],
  options: { readonly mayFail?: boolean; readonly withinMs?: number } = {},
): Promise<Done> {
  const { TF_CLI_CONFIG_FILE: _, ...inherited } = process.env
  const child = spawn(file, [...words], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.withinMs ?? WITHIN_MS,
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0 && options.mayFail !== true) {
    throw new Error(`${file} ${words.join(' ')} ended with ${code}:\n${out}${err}`)
  }
  return { code, out, err }
}
