/** Runs the bundled `holdpoint` as its users do: a process of its own, arguments, environment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Installation } from './installation.ts'
import { WORKSPACE } from './installation.ts'

const BIN = join(import.meta.dirname, '../../packages/cli/bin/holdpoint.mjs')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Waits until standard output or error contains the text; fails when it ends before. */
  readonly says: (text: string | RegExp) => Promise<string>
  /** Keys on its terminal. */
  readonly type: (keys: string) => void
  /** To every process of its group, as a terminal does. */
  readonly signalGroup: (signal: NodeJS.Signals) => void
}

export interface RunOptions {
  readonly folder: string
  readonly as?: string
  readonly token?: string
  readonly workspace?: string
  readonly environment?: { readonly [name: string]: string }
  /** On a terminal of its own, which needs util-linux's `script`; `type` then writes to it. */
  readonly terminal?: boolean
}

export function start(
  installation: Pick<Installation, 'url'>,
  args: readonly string[],
  options: RunOptions,
): Running {
  const who = options.as === undefined ? [] : ['--as', options.as]
  const words = [process.execPath, BIN, ...who, ...args]
  const [program = '', ...rest] = options.terminal === true ? onTerminal(words) : words
  const child = spawn(program, rest, {
    cwd: options.folder,
    env: environmentOf(installation, options),
    // A group of its own, as a shell gives it: a signal to the group is a terminal's Ctrl-C.
    detached: true,
    stdio: [options.terminal === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  return watch(child)
}

function onTerminal(words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  return ['script', '--quiet', '--return', '--flush', '--command', quoted, '/dev/null']
}

function environmentOf(
  installation: Pick<Installation, 'url'>,
  options: RunOptions,
): NodeJS.ProcessEnv {
  const { HOLDPOINT_TOKEN: _, ...inherited } = process.env
  return {
    ...inherited,
    NO_COLOR: '1',
    HOLDPOINT_SERVER: installation.url,
    HOLDPOINT_WORKSPACE: options.workspace ?? WORKSPACE,
    ...(options.token === undefined ? {} : { HOLDPOINT_TOKEN: options.token }),
    ...options.environment,
  }
}

function watch(child: ChildProcess): Running {
  let out = ''
  let err = ''
  const listeners = new Set<() => void>()
  const hear = () => {
    for (const listener of listeners) listener()
  }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    hear()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
    hear()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, out, err })
      hear()
    })
  })
  const says = (text: string | RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const all = out + err
        if (typeof text === 'string' ? all.includes(text) : text.test(all)) done(() => resolve(all))
        else if (child.exitCode !== null) done(() => reject(new Error(`it ended with:\n${all}`)))
      }
      const done = (then: () => void) => {
        listeners.delete(look)
        then()
      }
      listeners.add(look)
      look()
    })
  const type = (keys: string) => child.stdin?.write(keys)
  const signalGroup = (signal: NodeJS.Signals) => process.kill(-(child.pid ?? Number.NaN), signal)
  return { child, ended, says, type, signalGroup }
}

export async function run(
  installation: Pick<Installation, 'url'>,
  args: readonly string[],
  options: RunOptions,
): Promise<Ended> {
  return start(installation, args, options).ended
}
