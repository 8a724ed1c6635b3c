/**
 * The only printer. Results go to standard output and progress to standard error; on a terminal
 * progress is one line that is written over, elsewhere plain lines. With --json standard output
 * holds one document and nothing else. Colour is decoration: everything is said without it too.
 */

import { shownJson } from './json-text.ts'

export type Hue = 'red' | 'plum' | 'blue' | 'green' | 'cyan' | 'amber' | 'violet' | 'dim' | 'bold'
export type Ink = (hue: Hue, text: string) => string

/** `readonly` text goes through; for tests and for output that is no terminal. */
export const plainInk: Ink = (_hue, text) => text

const CODES: { readonly [H in Hue]: string } = {
  red: '31;1',
  plum: '35;1',
  blue: '34',
  green: '32',
  cyan: '36',
  amber: '33',
  violet: '35',
  dim: '2',
  bold: '1',
}

const colourInk: Ink = (hue, text) => `\u001b[${CODES[hue]}m${text}\u001b[0m`

export interface Screen {
  readonly json: boolean
  /** Somebody sits at a terminal and can answer. */
  readonly asks: boolean
  readonly ink: Ink
  /** 80 to 100 columns. */
  readonly columns: number
  /** What a progress line may take: a terminal's width, endless elsewhere. */
  readonly progressColumns: number
  /** A part of the result; nothing with --json. */
  readonly lines: (lines: readonly string[]) => void
  /** Help and version: printed whatever was asked. */
  readonly always: (lines: readonly string[]) => void
  /** The one document of --json; nothing without. */
  readonly document: (value: unknown) => void
  /** The same as text in pieces, for a document that is too large for one. */
  readonly pieces: (pieces: readonly string[]) => void
  /** What is going on. Written over on a terminal; the same text twice is one line. */
  readonly progress: (text: string) => void
  /** A line on standard error that stays. */
  readonly note: (text: string) => void
  /** Why it ended early, on standard error. */
  readonly fail: (lines: readonly string[]) => void
  /** The tool's own output, as it comes, already safe to show. */
  readonly tool: (text: string) => void
  /** Ends the progress line, so that what follows starts on a line of its own. */
  readonly settle: () => void
  /** Asks on the terminal; `null` when nobody can answer. */
  readonly ask: (question: string) => Promise<string | null>
}

/** What may be a terminal, and how wide it is then. */
interface MaybeTerminal {
  readonly isTTY?: boolean
  readonly columns?: number
}

type Output = NodeJS.WritableStream & MaybeTerminal

export interface Streams {
  readonly out: Output
  readonly err: Output
  readonly input: NodeJS.ReadableStream & MaybeTerminal
  readonly environment: { readonly [name: string]: string | undefined }
}

const COLUMNS = { min: 80, max: 100 } as const

/** Each stream is made when it is first asked for: a program's answer waits for none but its own. */
const OWN_STREAMS: Streams = {
  get out() {
    return process.stdout
  },
  get err() {
    return process.stderr
  },
  get input() {
    return process.stdin
  },
  environment: process.env,
}

export function createScreen(
  options: { readonly json: boolean },
  streams: Streams = OWN_STREAMS,
): Screen {
  const { out } = streams
  ignoreClosedPipe(out)
  const line = progressLine(streams)
  const write = (stream: Output, lines: readonly string[]): void => {
    line.clear()
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`)
  }
  return {
    json: options.json,
    get asks() {
      return streams.err.isTTY === true && streams.input.isTTY === true
    },
    ink: usesColour(streams) ? colourInk : plainInk,
    columns: Math.min(COLUMNS.max, Math.max(COLUMNS.min, out.columns ?? COLUMNS.max)),
    get progressColumns() {
      const { err } = streams
      return err.isTTY ? (err.columns ?? COLUMNS.min) : Number.POSITIVE_INFINITY
    },
    lines: (lines) => {
      if (!options.json) write(out, lines)
    },
    always: (lines) => write(out, lines),
    document: (value) => {
      // Indented for eyes only: a large plan would double for programs.
      if (options.json) write(out, [shownJson(JSON.stringify(value, null, out.isTTY ? 2 : 0))])
    },
    pieces: (pieces) => {
      line.clear()
      if (options.json) for (const piece of pieces) out.write(shownJson(piece))
    },
    progress: line.show,
    note: (text) => write(streams.err, [text]),
    fail: (lines) => {
      if (!options.json) write(streams.err, lines)
    },
    tool: (text) => write(streams.err, [text]),
    settle: line.keep,
    ask: async (question) => {
      line.clear()
      const { askOnTerminal } = await import('./render-ask.ts')
      return askOnTerminal(question, streams)
    },
  }
}

function usesColour({ out, environment }: Streams): boolean {
  const never = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== ''
  return out.isTTY === true && !never && environment['TERM'] !== 'dumb'
}

interface ProgressLine {
  readonly show: (text: string) => void
  readonly clear: () => void
  readonly keep: () => void
}

function progressLine(streams: Pick<Streams, 'err'>): ProgressLine {
  let shown: string | null = null
  let last: string | null = null
  const clear = (): void => {
    if (shown !== null) streams.err.write('\r\u001b[2K')
    shown = null
  }
  return {
    show: (text) => {
      if (text === (shown ?? last)) return
      last = text
      const { err } = streams
      if (!err.isTTY) {
        err.write(`${text}\n`)
        return
      }
      // A line that wraps could not be written over.
      const width = (err.columns ?? COLUMNS.min) - 1
      shown = text.length > width ? `${text.slice(0, width - 1)}…` : text
      err.write(`\r\u001b[2K${shown}`)
    },
    clear,
    keep: () => {
      if (shown !== null) streams.err.write('\n')
      shown = null
    },
  }
}

/** `holdpoint show … | head` ends the reader first; that is no fault of ours. */
function ignoreClosedPipe(out: Output): void {
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}
