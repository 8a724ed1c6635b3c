/**
 * Patterns of an organisation's own, from a small YAML file: names whose values are hidden, and
 * texts that are. They are added to what redaction finds by itself and can never take anything
 * away: there is nothing to write that shows more. Patterns are RE2, linear in the length of what
 * they look at. Whatever is wrong is named with its line and column, all of it at once.
 */
import { RE2JS } from 're2js'
import type { TextRange } from './hidden-text.ts'
import type { PolicyProblem } from './policy/document.ts'
import { type Place, PolicyReader } from './policy/yaml.ts'
import { type HidingPatterns, SecretNames } from './redact-value.ts'
import { plainName } from './secret-shapes.ts'

export type ParsedPatterns =
  | { readonly ok: true; readonly patterns: HidingPatterns }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

const ENTRIES_MAX = 100
const NAME_LENGTH_MAX = 100
const PATTERN_LENGTH_MAX = 500
const NAME_CHARACTERS_MIN = 2

/**
 * `version: 1`, and `names`, `patterns` or both, each a list of texts. In a name `*` stands for any
 * characters; spelling does not matter (`licenseCode` is `license_code`). Of a pattern with a group
 * only what the first group finds is hidden.
 */
export function parseRedactPatterns(text: string): ParsedPatterns {
  const reader = new PolicyReader(text, 'the file of patterns')
  const root = reader.open()
  const patterns = root === null ? null : readPatterns(reader, root)
  if (patterns !== null && reader.problems.length === 0) return { ok: true, patterns }
  const problems = reader.problems.toSorted(
    (left, right) => left.line - right.line || left.column - right.column,
  )
  return { ok: false, problems }
}

function readPatterns(reader: PolicyReader, root: Place): HidingPatterns | null {
  const keys = reader.mapping(root, { required: ['version'], optional: ['names', 'patterns'] })
  if (keys === null) return null
  const version = keys.get('version')
  if (version !== undefined && !reader.isNumber(version, 1)) {
    reader.problem(version, 'expected version 1')
  }
  const [names, patterns] = ['names', 'patterns'].map((key) => keys.get(key))
  if (names === undefined && patterns === undefined) {
    reader.problem(root, 'names or patterns is missing; without either nothing more is hidden')
  }
  const read = {
    names: readEach(reader, names, readName),
    patterns: readEach(reader, patterns, readPattern),
  }
  return hidingPatterns(read.names, read.patterns)
}

type ReadEntry = (reader: PolicyReader, place: Place, text: string) => RE2JS | null

function readEach(
  reader: PolicyReader,
  list: Place | undefined,
  read: ReadEntry,
): readonly RE2JS[] {
  if (list === undefined) return []
  const places = reader.list(list) ?? []
  if (places.length > ENTRIES_MAX) {
    reader.problem(list, `has ${places.length} entries; at most ${ENTRIES_MAX} are read`)
    return []
  }
  const found: RE2JS[] = []
  for (const place of places) {
    const text = reader.text(place)
    const pattern = text === null ? null : read(reader, place, text)
    if (pattern !== null) found.push(pattern)
  }
  return found
}

function readName(reader: PolicyReader, place: Place, text: string): RE2JS | null {
  if (text.length > NAME_LENGTH_MAX) {
    reader.problem(place, `the name is longer than ${NAME_LENGTH_MAX} characters`)
    return null
  }
  if (text.replaceAll('*', '').length < NAME_CHARACTERS_MIN) {
    reader.problem(place, 'the name would hide nearly everything; give two characters beside *')
    return null
  }
  const parts = text.split('*').map((part) => RE2JS.quote(plainName(part)))
  return RE2JS.compile(`^${parts.join('.*')}$`)
}

function readPattern(reader: PolicyReader, place: Place, text: string): RE2JS | null {
  if (text.length > PATTERN_LENGTH_MAX) {
    reader.problem(place, `the pattern is longer than ${PATTERN_LENGTH_MAX} characters`)
    return null
  }
  const pattern = compile(reader, place, text)
  if (pattern === null || !pattern.test('')) return pattern
  reader.problem(place, 'the pattern fits the empty text, which is everywhere')
  return null
}

function compile(reader: PolicyReader, place: Place, text: string): RE2JS | null {
  try {
    return RE2JS.compile(text)
  } catch (error) {
    // re2js throws its own kinds, all of them about the pattern.
    const what = error instanceof Error ? error.message : 'syntax'
    reader.problem(place, `the pattern is not valid RE2: ${what}`)
    return null
  }
}

function hidingPatterns(names: readonly RE2JS[], patterns: readonly RE2JS[]): HidingPatterns {
  const known = new SecretNames((name) => {
    const plain = plainName(name)
    return names.some((pattern) => pattern.test(plain))
  })
  return {
    hidesName: (name) => names.length > 0 && name !== '' && known.has(name),
    find: (text) => patterns.flatMap((pattern) => placesOf(pattern, text)),
  }
}

function placesOf(pattern: RE2JS, text: string): readonly TextRange[] {
  // Most texts have none, and to ask only that is much cheaper.
  if (!pattern.test(text)) return []
  const found: TextRange[] = []
  const matcher = pattern.matcher(text)
  const group = pattern.groupCount() > 0 ? 1 : 0
  while (matcher.find()) {
    const whole = { start: matcher.start(0), end: matcher.end(0) }
    const part = { start: matcher.start(group), end: matcher.end(group) }
    // A group that took no part leaves the whole: hiding less than was meant is the worse mistake.
    const range = part.end > part.start ? part : whole
    if (range.end > range.start) found.push(range)
  }
  return found
}
