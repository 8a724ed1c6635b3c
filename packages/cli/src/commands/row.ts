/**
 * What a row of the command table is. Help, the parser and the reference page all read these rows,
 * so a flag that is not in the table does not exist.
 */
import type { Screen } from '../render.ts'
import type { Settings } from '../settings.ts'

export interface FlagRow {
  /** Long name without dashes. */
  readonly name: string
  readonly short: string | null
  /** What the value is called in help; `null` for a switch. */
  readonly takes: string | null
  readonly many: boolean
  readonly says: string
}

export interface CommandRow {
  /** The words that name the command. */
  readonly path: readonly string[]
  /** What follows them, as help shows it: `<change>`, `[<file>]`, `<team> <person>`. */
  readonly takes: string
  readonly says: string
  readonly flags: readonly FlagRow[]
  /** Whether words after `--` are handed on. */
  readonly handsOn: boolean
  readonly load: () => Promise<Command>
}

export interface Command {
  readonly run: (call: Call) => Promise<number>
}

/** A parsed command line with what it is run in. */
export interface Call {
  readonly row: CommandRow
  /** Words in the places of `takes`. */
  readonly words: readonly string[]
  /** What followed `--`. */
  readonly rest: readonly string[]
  readonly flags: Flags
  readonly settings: Settings
  readonly screen: Screen
}

export interface Flags {
  readonly has: (name: string) => boolean
  readonly find: (name: string) => string | null
  readonly list: (name: string) => readonly string[]
}

export function toggle(name: string, says: string): FlagRow {
  return { name, short: null, takes: null, many: false, says }
}

export function value(name: string, takes: string, says: string): FlagRow {
  return { name, short: null, takes, many: false, says }
}

export function values(name: string, takes: string, says: string): FlagRow {
  return { name, short: null, takes, many: true, says }
}

/** `[<file>]` may be left out, `<team>` may not, `<person...>` takes one or more. */
export function placesOf(takes: string): { readonly min: number; readonly max: number } {
  const places = takes.split(' ').filter((place) => place.includes('<'))
  const needed = places.filter((place) => !place.startsWith('['))
  const open = places.some((place) => place.includes('...'))
  return { min: needed.length, max: open ? Number.POSITIVE_INFINITY : places.length }
}

/** The flags that every command takes. */
export const SHARED_FLAGS: readonly FlagRow[] = [
  toggle('json', 'Print one JSON document on standard output'),
  value('server', 'url', 'The server; else HOLDPOINT_SERVER, else http://127.0.0.1:7480'),
  value('workspace', 'name', 'The workspace; else HOLDPOINT_WORKSPACE'),
  value('token-file', 'file', 'Read the token from a file; else HOLDPOINT_TOKEN'),
  value('as', 'person', 'Development mode only: be this person, without proof'),
  { name: 'help', short: 'h', takes: null, many: false, says: 'Show this help' },
]

export function usageLine(row: CommandRow): string {
  const own = row.flags.map((flag) => {
    const text = flag.takes === null ? `--${flag.name}` : `--${flag.name} <${flag.takes}>`
    return `[${text}]${flag.many ? '...' : ''}`
  })
  const rest = row.handsOn ? ['[-- <tool arguments>]'] : []
  const takes = row.takes === '' ? [] : [row.takes]
  return ['holdpoint', ...row.path, ...takes, ...own, ...rest].join(' ')
}
