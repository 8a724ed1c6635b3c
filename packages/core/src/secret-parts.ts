/**
 * Where a secret inside a text begins and ends, for forms whose end takes more than one pattern: the
 * password of an address, a block of text in YAML. And what stands in the place of a secret without
 * being one: a reference to where it comes from. In doubt the longer part is secret. All of it is
 * linear in the length of the text.
 */
import type { TextRange } from './hidden-text.ts'

/** What a text calls a secret in, for patterns that do not mind case. */
export const KEYWORD =
  '(?:password|passwd|pwd|passphrase|(?<![a-z])pass|secret|token' +
  '|(?:api|access|private|secret|account|shared[_-]?access)[_-]?key)'

const WORDS: ReadonlySet<string> = new Set(
  'true false null none required optional enabled disabled default auto yes no'.split(' '),
)

/** A word that says nothing secret wherever it stands. */
export function isWord(text: string): boolean {
  return WORDS.has(text.toLowerCase())
}

const REFERENCES: readonly RegExp[] = [
  /^(?:arn:|ssm:|vault:|var\.|data\.|local\.)/,
  // Of the shell, of Windows, of Python. A default behind the name may be the secret itself.
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^%[A-Za-z_][A-Za-z0-9_]*%$/,
  /^%\([A-Za-z_]+\)s$/,
  /^\$\{(?![A-Z0-9_]+[-=+?])(?:(?!:[-=+?])[^{}]){1,512}\}$/,
  /^\$\([A-Za-z_./-]*\)?$/,
  // Templates, and what people and tools write instead of a value.
  /^\{\{[^{}]*(?:\}\})?$/,
  /^<[A-Za-z_ -]+>$/,
  /^\((?:sensitive|known)$/,
  // What is hidden already, or says so.
  /^\(hidden:(?:[0-9a-f]{64}|\(sensitive\))\)$/,
  // The first member of a map that is written in one line.
  /^\{[A-Za-z_-]{1,64}:$/,
]

/** A place where a secret comes from, or a word that is none; what only begins like one is neither. */
export function isReference(part: string): boolean {
  return isWord(part) || REFERENCES.some((each) => each.test(part))
}

const USER = /:\/\/(?!\[)[^\s/:@"'?#]{0,256}:/g
const NO_SPACE = /[^\s"']{0,2048}/y
/** What follows a host and is no password. */
const PORT = /^(?:\d{1,5}|\$\{[^{}/@]{1,64}\})(?:[/?#]|$)/

/** Of `scheme://user:password@host`, also where the password has signs that end an authority. */
export function urlPasswordsIn(text: string): readonly TextRange[] {
  const found: TextRange[] = []
  for (const match of text.matchAll(USER)) {
    const start = match.index + match[0].length
    if (start < (found.at(-1)?.end ?? 0)) continue
    const end = start + passwordLength(textFrom(text, start))
    if (end > start && !isReference(text.slice(start, end))) found.push({ start, end })
  }
  return found
}

/** To the end of the word, or to the scheme of another address in it. */
function textFrom(text: string, start: number): string {
  NO_SPACE.lastIndex = start
  const run = NO_SPACE.exec(text)?.[0] ?? ''
  const next = run.indexOf('://')
  return next < 0 || !run.slice(0, next).includes('@') ? run : run.slice(0, next)
}

/** Up to the last `@` (RFC 3986 wants its like encoded, and people do not). */
function passwordLength(run: string): number {
  if (PORT.test(run)) return 0
  const first = run.indexOf('@')
  if (first < 0) return 0
  const query = run.slice(first).search(/[?#]/)
  return (query < 0 ? run : run.slice(0, first + query)).lastIndexOf('@')
}

const BLOCK = new RegExp(
  `${KEYWORD}(?:\\\\?["'])?[ \\t]{0,4}:[ \\t]{1,4}(?:![A-Za-z!]{1,20}[ \\t]{1,4})?` +
    '[|>][-+0-9]{0,2}[ \\t]{0,8}(?:#[^\\n\\\\]{0,200})?(\\r?\\n|\\\\n)',
  'gi',
)

/** Block texts of YAML under a name that says secret, also where the line breaks are escaped. */
export function blockTextsIn(text: string): readonly TextRange[] {
  const found: TextRange[] = []
  for (const match of text.matchAll(BLOCK)) {
    if (match.index < (found.at(-1)?.end ?? 0)) continue
    const lineBreak = match[1] === '\\n' ? '\\n' : '\n'
    const before = text.lastIndexOf(lineBreak, match.index)
    const line = before < 0 ? 0 : before + lineBreak.length
    const indent = widthAt(text, line, INDENT)
    const block = { start: match.index + match[0].length, lineBreak, indent }
    const end = blockEnd(text, block)
    const start = block.start + widthAt(text, block.start, WHITE)
    if (end > start && !isReference(text.slice(start, end).trim())) found.push({ start, end })
  }
  return found
}

/** A dash of a list counts: what stands in the list's member is deeper than it. */
const INDENT = /(?:[ \t]|-[ \t])*/y
const WHITE = /\s*/y

function widthAt(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

interface Block {
  readonly start: number
  readonly lineBreak: string
  /** Of the line that names it. */
  readonly indent: number
}

/** Empty lines are part of it; the first line that is not deeper ends it. */
function blockEnd(text: string, { start, lineBreak, indent }: Block): number {
  let end = start
  let at = start
  while (at < text.length) {
    const next = text.indexOf(lineBreak, at)
    const lineEnd = next < 0 ? text.length : next
    const line = text.slice(at, lineEnd)
    const isEmpty = line.trim() === ''
    if (!isEmpty && line.length - line.trimStart().length <= indent) break
    if (!isEmpty) end = lineEnd
    at = lineEnd + lineBreak.length
  }
  return end
}
