/**
 * The only door to child processes. Always a program and its arguments, never a shell; always a
 * process group of its own, so that a terminal's Ctrl-C does not reach it and we pass on exactly
 * one; always an environment that was given. What a child left running is killed with its group.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import type { Environment } from './environment.ts'
import { Fault } from './fault.ts'
import { canExecute } from './files.ts'

export interface SpawnRequest {
  /** Absolute path; see `findProgram`. */
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Environment
  /** A descriptor of ours that the child gets as number 3. */
  readonly descriptor: number | null
  readonly stdoutBytesMax: number
  readonly stderrBytesMax: number
  /** Given: lines of stdout are handed over as they come, and not kept. */
  readonly onLine: ((line: string) => void) | null
  /** What the program left running in its group dies when it has ended. */
  readonly killGroupAtEnd: boolean
  /** Aborting kills the whole group at once. */
  readonly signal: AbortSignal | null
}

export interface Ended {
  /** The program's own code; 128 and the signal's number when a signal ended it. */
  readonly exitCode: number
  readonly stdout: Buffer
  /** The last bytes when there were more than the limit. */
  readonly stderr: Buffer
}

export interface Child {
  readonly ended: Promise<Ended>
  /** Sends one SIGINT to the program; every later call sends nothing. True when it was sent. */
  readonly interruptOnce: () => boolean
  /** Kills the program and everything it started in its group. */
  readonly killGroup: () => void
}

/** How long pipes may stay open after the program ended and its group was killed. */
const PIPES_GRACE_MS = 1_000
const LINE_CHARACTERS_MAX = 1 << 20

export function spawnChild(request: SpawnRequest): Child {
  const child = start(request)
  let interrupted = false
  const killGroup = () => killGroupOf(child)
  return {
    ended: endOf(child, request, killGroup),
    interruptOnce: () => {
      if (interrupted || child.exitCode !== null || child.signalCode !== null) return false
      interrupted = true
      return child.kill('SIGINT')
    },
    killGroup,
  }
}

/** Runs to the end; for short questions to a tool. */
export async function runToEnd(request: SpawnRequest): Promise<Ended> {
  return await spawnChild(request).ended
}

function start(request: SpawnRequest): ChildProcess {
  const { descriptor } = request
  const extra = descriptor === null ? [] : [descriptor]
  const options: SpawnOptions = {
    cwd: request.cwd,
    env: { ...request.env },
    stdio: ['ignore', 'pipe', 'pipe', ...extra],
    detached: true,
    shell: false,
    windowsHide: true,
  }
  return spawn(request.program, [...request.args], options)
}

function killGroupOf(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // No such group: everything in it has ended, which is what was asked.
  }
}

async function endOf(
  child: ChildProcess,
  request: SpawnRequest,
  killGroup: () => void,
): Promise<Ended> {
  const stdout = new Collector(request.stdoutBytesMax)
  const stderr = new Collector(request.stderrBytesMax)
  const { onLine, signal } = request
  if (onLine === null) child.stdout?.on('data', (chunk: Buffer) => stdout.add(chunk))
  else if (child.stdout !== null) readLines(child.stdout, onLine)
  child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk))
  stdout.onTooMuch = killGroup
  signal?.addEventListener('abort', killGroup, { once: true })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  try {
    const exitCode = await exitOf(child, request)
    if (request.killGroupAtEnd) killGroup()
    await pipesClosed(child, closed)
    if (stdout.tooMuch) throw tooLarge(request)
    return { exitCode, stdout: stdout.bytes(), stderr: stderr.bytes() }
  } finally {
    signal?.removeEventListener('abort', killGroup)
  }
}

function tooLarge(request: SpawnRequest): Fault {
  const said = `${request.program} printed more than ${request.stdoutBytesMax} bytes`
  return new Fault('output_too_large', said)
}

function exitOf(child: ChildProcess, request: SpawnRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      reject(new Fault('spawn_failed', `${request.program} could not be started`, { cause }))
    })
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

/** A process that left the group may hold the pipes for ever; after a moment we let go of them. */
async function pipesClosed(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const letGo = setTimeout(() => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, PIPES_GRACE_MS)
  await closed
  clearTimeout(letGo)
}

/** Keeps the last bytes up to a limit, and says when there were more. */
class Collector {
  readonly #max: number
  #chunks: Buffer[] = []
  #length = 0
  tooMuch = false
  onTooMuch: () => void = () => undefined

  constructor(max: number) {
    this.#max = max
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length > this.#max && !this.tooMuch) {
      this.tooMuch = true
      this.onTooMuch()
    }
    if (this.#length > 2 * this.#max) this.#trim()
  }

  #trim(): void {
    const kept = Buffer.concat(this.#chunks).subarray(-this.#max)
    this.#chunks = [kept]
    this.#length = kept.length
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-this.#max)
  }
}

/** Lines without their end; an overlong one is cut so that memory stays bounded. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(0, LINE_CHARACTERS_MAX)
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}

/** The first executable of that name on PATH, absolute; the current folder is never searched. */
export function findProgram(name: string, env: Environment): string | null {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'))
  const paths = folders.map((folder) => `${folder}/${name}`)
  return paths.find(canExecute) ?? null
}
