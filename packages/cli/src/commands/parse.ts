/**
 * From words to a row and its flags. What is not in the table is refused with one sentence that
 * says what would have been right; nothing is guessed.
 */
import { type Ended, usage } from './ended.ts'
import { type CommandRow, type FlagRow, type Flags, placesOf, SHARED_FLAGS } from './row.ts'

// An import of the module would load whatever it only has on demand, worker threads among it.
const { parseArgs } = process.getBuiltinModule('node:util')

export type ParsedLine =
  | { readonly type: 'help'; readonly row: CommandRow | null; readonly topic: readonly string[] }
  | { readonly type: 'version' }
  | { readonly type: 'call'; readonly row: CommandRow; readonly line: ReadWords }

export interface ReadWords {
  readonly words: readonly string[]
  readonly rest: readonly string[]
  readonly flags: Flags
}

export type BadLine = { readonly row: CommandRow | null; readonly ended: Ended }
type Found = { readonly ok: true; readonly parsed: ParsedLine } | ({ readonly ok: false } & BadLine)

export function parseLine(argv: readonly string[], rows: readonly CommandRow[]): Found {
  const { before, command } = splitShared(argv)
  if (command[0] === 'help') return help(command.slice(1), rows)
  if (command.length === 0) return withoutCommand(before)
  const row = matchRow(command, rows)
  if (row === null) return unknownCommand(command, rows)
  const [own, rest] = splitRest(command.slice(row.path.length))
  try {
    const flags = [...row.flags, ...SHARED_FLAGS.filter((each) => !row.flags.some(sameName(each)))]
    refuseToolWords([...before, ...own], row)
    const line = readWords([...before, ...own], flags)
    if (line.flags.has('help')) return { ok: true, parsed: { type: 'help', row, topic: row.path } }
    checkPlaces(row, { words: line.words, rest })
    return { ok: true, parsed: { type: 'call', row, line: { ...line, rest: rest ?? [] } } }
  } catch (error) {
    if (isEnded(error)) return { ok: false, row, ended: error }
    throw error
  }
}

/** `-target=x` is not five switches: it was meant for the tool. */
function refuseToolWords(words: readonly string[], row: CommandRow): void {
  const word = words.find((each) => /^-[A-Za-z][\w-]+/.test(each) && !/^-[mo]./.test(each))
  if (word === undefined) return
  const hint = row.handsOn ? '; arguments for the tool go after --' : ''
  throw usage(`There is no flag ${quote(word)} here${hint}`)
}

function isEnded(error: unknown): error is Ended {
  return error instanceof Error && error.name === 'Ended'
}

function sameName(flag: FlagRow): (other: FlagRow) => boolean {
  return (other) => other.name === flag.name
}

/** Shared flags may stand before the command. */
function splitShared(argv: readonly string[]): {
  readonly before: readonly string[]
  readonly command: readonly string[]
} {
  let at = 0
  while (at < argv.length) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-') || word === '-' || word === '--') break
    const flag = SHARED_FLAGS.find((each) => word === `--${each.name}`)
    at += flag?.takes != null ? 2 : 1
  }
  return { before: argv.slice(0, at), command: argv.slice(at) }
}

function splitRest(
  words: readonly string[],
): readonly [readonly string[], readonly string[] | null] {
  const at = words.indexOf('--')
  return at === -1 ? [words, null] : [words.slice(0, at), words.slice(at + 1)]
}

function withoutCommand(before: readonly string[]): Found {
  if (before.includes('--version') || before.includes('-V')) {
    return { ok: true, parsed: { type: 'version' } }
  }
  const unknown = before.find((word) => !isSharedWord(word))
  if (unknown?.startsWith('-') === true) {
    return { ok: false, row: null, ended: usage(`There is no flag ${quote(unknown)}`) }
  }
  const asksForHelp = before.includes('--help') || before.includes('-h')
  if (before.length > 0 && !asksForHelp)
    return {
      ok: false,
      row: null,
      ended: usage(`After ${quote(before.join(' '))} a command is missing`),
    }
  return { ok: true, parsed: { type: 'help', row: null, topic: [] } }
}

function isSharedWord(word: string): boolean {
  const name = word.split('=')[0]
  return SHARED_FLAGS.some((each) => name === `--${each.name}` || word === `-${each.short}`)
}

function help(topic: readonly string[], rows: readonly CommandRow[]): Found {
  const row = matchRow(topic, rows)
  const known = topic.length === 0 || rows.some((each) => startsWith(each.path, topic))
  if (row === null && !known) return unknownCommand(topic, rows)
  return { ok: true, parsed: { type: 'help', row, topic } }
}

/** The longest path that fits, so that `gate finish` is not `gate` of a file named finish. */
function matchRow(words: readonly string[], rows: readonly CommandRow[]): CommandRow | null {
  const fitting = rows.filter((row) => startsWith(words, row.path))
  return fitting.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null
}

function startsWith(words: readonly string[], path: readonly string[]): boolean {
  return path.every((word, index) => words[index] === word)
}

function unknownCommand(words: readonly string[], rows: readonly CommandRow[]): Found {
  const groups = rows.filter((row) => row.path.length > 1 && row.path[0] === words[0])
  if (groups.length > 0) {
    const found = words.slice(1).find((word) => !word.startsWith('-'))
    const wanted = groups.map((row) => row.path.slice(1).join(' ')).join(', ')
    if (found === undefined && (words.includes('--help') || words.includes('-h'))) {
      return { ok: true, parsed: { type: 'help', row: null, topic: [words[0] ?? ''] } }
    }
    const ended = usage(`holdpoint ${words[0]} needs one of: ${wanted}`)
    return { ok: false, row: null, ended }
  }
  const near = nearest(words[0] ?? '', [...new Set(rows.map((row) => row.path[0] ?? ''))])
  const hint = near === null ? 'holdpoint help lists them all' : `did you mean ${near}?`
  return {
    ok: false,
    row: null,
    ended: usage(`There is no command ${quote(words[0] ?? '')}; ${hint}`),
  }
}

function readWords(words: readonly string[], rows: readonly FlagRow[]): Omit<ReadWords, 'rest'> {
  const options = Object.fromEntries(
    rows.map((row) => [
      row.name,
      {
        type: row.takes === null ? ('boolean' as const) : ('string' as const),
        multiple: true,
        ...(row.short === null ? {} : { short: row.short }),
      },
    ]),
  )
  const { tokens } = parseArgs({
    args: [...words],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const found = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind === 'option') takeFlag(token, { rows, found })
  }
  const list = (name: string): readonly string[] => found.get(name) ?? []
  const flags: Flags = {
    has: (name) => found.has(name),
    find: (name) => list(name)[0] ?? null,
    list,
  }
  return { words: positionals, flags }
}

interface FlagToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
}

function takeFlag(
  token: FlagToken,
  into: { readonly rows: readonly FlagRow[]; readonly found: Map<string, string[]> },
): void {
  const row = into.rows.find((each) => each.name === token.name)
  if (row === undefined) {
    const near = nearest(
      token.rawName.replace(/^-+/, ''),
      into.rows.map((each) => each.name),
    )
    const hint = near === null ? '' : `; did you mean --${near}?`
    throw usage(`There is no flag ${quote(token.rawName)} here${hint}`)
  }
  const before = into.found.get(row.name) ?? []
  if (row.takes === null && token.value !== undefined) {
    throw usage(`--${row.name} takes no value`)
  }
  if (row.takes !== null && (token.value === undefined || token.value === '')) {
    throw usage(`--${row.name} needs a value: ${row.takes}`)
  }
  if (!row.many && before.length > 0) throw usage(`--${row.name} was given twice`)
  into.found.set(row.name, [...before, token.value ?? ''])
}

function checkPlaces(
  row: CommandRow,
  given: { readonly words: readonly string[]; readonly rest: readonly string[] | null },
): void {
  const { min, max } = placesOf(row.takes)
  if (given.rest !== null && !row.handsOn) throw usage('Nothing is handed on after -- here')
  const { words } = given
  if (words.length < min) {
    const missing = row.takes.split(' ').filter((place) => place.includes('<'))[words.length]
    throw usage(`holdpoint ${row.path.join(' ')} needs ${missing ?? row.takes}`)
  }
  const extra = words[max]
  if (extra === undefined) return
  const hint = row.handsOn ? '; arguments for the tool go after --' : ''
  throw usage(`${quote(extra)} is one word too many${hint}`)
}

/** A word from a command line, safe to print: JSON escapes what does not show. */
function quote(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word)
}

/** The one candidate that begins so, else the closest at most two edits away. */
function nearest(word: string, candidates: readonly string[]): string | null {
  const longer = candidates.filter((each) => word.length > 2 && each.startsWith(word))
  if (longer.length === 1) return longer[0] ?? null
  const scored = candidates.map((candidate) => ({ candidate, edits: distance(word, candidate) }))
  const best = scored.toSorted((a, b) => a.edits - b.edits)[0]
  return best !== undefined && best.edits <= 2 && word.length > 2 ? best.candidate : null
}

/** Levenshtein distance, capped by the lengths of command words. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return 3
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 3
}
