/**
 * Finds secrets that the tool did not mark, in text alone: by the name of the attribute, by the
 * shapes of known credentials, and by randomness. It is careful in both directions: a missed secret
 * leaks, and a hidden address range or policy would blind the rules. So it points at the offending
 * part of a text only, and never at booleans, numbers, CIDRs, ARNs, or the structure of a policy;
 * uuids and hex digests are left alone unless the attribute's name says that they are secret.
 * Every pattern is linear in the length of the text.
 */
import { mergeRanges, type TextRange } from './hidden-text.ts'
import { blockTextsIn, isReference, isWord, KEYWORD, urlPasswordsIn } from './secret-parts.ts'

/** The parts of `text`, the value of an attribute called `name`, that look secret. */
export function findSecrets(text: string, name: string): readonly TextRange[] {
  if (text === '') return []
  const policy = isPolicyText(text)
  const found = [...shapesIn(text)]
  if (!policy) found.push(...assignmentsIn(text))
  // What a part of it looks like does not make the rest of a secret public.
  const keepsRest = found.length > 0 && CONNECTION.test(plainName(name))
  if (!keepsRest && isSecretName(name) && !isHarmless(text)) return whole(text)
  if (!policy && text.length >= RANDOM_CHARACTERS_MIN && !isDigestName(name)) {
    found.push(...randomIn(text))
  }
  return mergeRanges(found)
}

/**
 * False only where `findSecrets` finds nothing, whatever the attribute is called unless its name is
 * secret, and where no marker needs an escape. One look at a text instead of many: nearly every
 * text of a plan ends here.
 */
export function mayHoldSecret(text: string): boolean {
  if (text.length >= RANDOM_CHARACTERS_MIN && !text.startsWith('arn:')) return true
  return text.length >= 3 && CANDIDATE.test(text)
}

function whole(text: string): readonly TextRange[] {
  return [{ start: 0, end: text.length }]
}

/** Names of texts that say where to, and hold a secret only in a part. */
const CONNECTION = /connection_string$/

const SECRET_ENDINGS = new RegExp(
  '(?:^|_)(?:' +
    [
      'passwords?|passwd|pwd|passphrase|secrets?|token',
      '(?:private|secret|api|access|account|auth|shared|signing|master)_keys?|apikey',
      '(?:connection|secret)_string|secret_binary|key_material|pre_?shared_key|bearer',
    ].join('|') +
    ')(?:_wo)?$',
)

/** `dbPassword`, `DB-PASSWORD`, `db_password` and `app:dbPassword` are one name. */
export function isSecretName(name: string): boolean {
  return SECRET_WORD.test(name) && SECRET_ENDINGS.test(plainName(name))
}

/** What every secret name has in some spelling; most names have none of it. */
const SECRET_WORD = /pass|pwd|secret|token|key|string|material|bearer/i

/** One spelling of a name, however it is written. */
export function plainName(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-.:\s]/g, '_')
    .toLowerCase()
}

const DIGEST_NAMES = new RegExp(
  '(?:^|_)(?:' +
    [
      'id|arn|sid|name|url|uri|path|image|version',
      'hash|etag|sha|sha1|sha256|sha512|md5|base64sha256|checksum|digest|fingerprint|thumbprint',
      'public_key|certificate|cert|pem|body|content|user_data|base64',
    ].join('|') +
    ')$',
)

function isDigestName(name: string): boolean {
  return DIGEST_NAMES.test(plainName(name))
}

/** Values that say nothing secret whatever the attribute is called. */
function isHarmless(text: string): boolean {
  if (isWord(text)) return true
  if (/^arn:[a-z0-9-]*:/.test(text)) return true
  if (/^(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?$/.test(text)) return true
  if (/^[0-9a-fA-F:]*::?[0-9a-fA-F:]*\/\d{1,3}$/.test(text)) return true
  if (/^https?:\/\/[^\s@?]*$/.test(text)) return true
  // Whatever stands in a document under such a name is what the name says.
  return /^\s*(?:\[\s*\]|\{\s*\})\s*$/.test(text)
}

function isPolicyText(text: string): boolean {
  return text.includes('"Statement"') && text.includes('"Effect"')
}

/** A text without any of these has no known shape, and most texts have none. */
const LIKELY = new RegExp(
  [
    'A[KS]IA|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|eyJ|-----BEGIN|[rs]k_live_|AIza',
    'SG\\.|hv[sb]\\.|npm_|dop_v1_|AGE-SECRET|://|[Bb]earer|[Bb]asic|sig=',
  ].join('|'),
)

const SHAPES: readonly RegExp[] = [
  /\bA[KS]IA[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{40,255}/g,
  /\bglpat-[A-Za-z0-9_-]{20,64}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g,
  // From the start of a word only: else each place in one long word would be tried.
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,4096}/g,
  /\b[rs]k_live_[A-Za-z0-9]{16,255}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/g,
  /\bhv[sb]\.[A-Za-z0-9_-]{20,255}/g,
  /\bnpm_[A-Za-z0-9]{36}/g,
  /\bdop_v1_[a-f0-9]{64}/g,
  /\bAGE-SECRET-KEY-1[0-9A-Z]{50,64}/g,
]

/** Shapes where only the captured part is secret. */
const SHAPES_WITH_PART: readonly RegExp[] = [
  /\b[Bb]earer\s{1,4}([A-Za-z0-9._~+/=-]{16,4096})/dg,
  /\b[Bb]asic\s{1,4}([A-Za-z0-9+/=]{8,4096})/dg,
  /[?&]sig=([A-Za-z0-9%+/=_-]{16,512})/dg,
]

/** What has the shape of a known credential, whatever it is called. */
export function shapesIn(text: string): readonly TextRange[] {
  if (!LIKELY.test(text)) return []
  const found: TextRange[] = []
  for (const shape of SHAPES) {
    for (const match of text.matchAll(shape)) {
      found.push({ start: match.index, end: match.index + match[0].length })
    }
  }
  for (const shape of SHAPES_WITH_PART) found.push(...partsOf(text, shape))
  found.push(...urlPasswordsIn(text), ...privateKeysIn(text))
  return found
}

const KEY_BEGINS = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g

/** From its first line to its last (RFC 7468, RFC 4880), or to the end of the text. */
function privateKeysIn(text: string): readonly TextRange[] {
  const found: TextRange[] = []
  for (const { index } of text.matchAll(KEY_BEGINS)) {
    const last = found.at(-1)
    if (last !== undefined && index < last.end) continue
    const ends = text.indexOf('-----END ', index)
    const close = ends < 0 ? -1 : text.indexOf('-----', ends + '-----END '.length)
    found.push({ start: index, end: close < 0 ? text.length : close + '-----'.length })
  }
  return found
}

function partsOf(text: string, shape: RegExp): readonly TextRange[] {
  const found: TextRange[] = []
  for (const match of text.matchAll(shape)) {
    const [start, end] = match.indices?.[1] ?? [0, 0]
    if (end > start && !isReference(text.slice(start, end))) found.push({ start, end })
  }
  return found
}

const LIKELY_ASSIGNMENT = new RegExp(KEYWORD, 'i')
const ASSIGNMENT = new RegExp(
  `${KEYWORD}(?:\\\\?["']\\s{0,4}[:=]\\s{0,4}|\\s{0,4}=\\s{0,4}|:\\s{1,4})(?:\\\\?["'])?` +
    `([^\\s"',;&\\\\]{4,4096})`,
  'dgi',
)
const OPTION =
  /--(?:password|token|secret|api-key|secret-key|access-key)[ =]\s{0,4}["']?([^\s"']{4,4096})/dg

function assignmentsIn(text: string): readonly TextRange[] {
  if (!LIKELY_ASSIGNMENT.test(text)) return []
  return [...partsOf(text, ASSIGNMENT), ...partsOf(text, OPTION), ...blockTextsIn(text)]
}

/** Letters in either case; cheaper than the flag, which would hold for the shapes too. */
function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)
}

/** What every text that `findSecrets` looks at has, except for random ones. */
const CANDIDATE = new RegExp(
  [
    LIKELY.source,
    '\\(hidden:',
    ...['pass', 'pwd', 'secret', 'token'].map(anyCase),
    `[IiSsTtEe][_-]?${anyCase('key')}`,
  ].join('|'),
)

const RANDOM_CHARACTERS_MIN = 32
const RANDOM_CHARACTERS_MAX = 200
const RANDOM_BITS_MIN = 4.2

function randomIn(text: string): readonly TextRange[] {
  if (text.length > 4096) return []
  if (/^(?:arn:|ssh-)/.test(text) || text.includes('://') || text.includes('-----BEGIN')) return []
  const found: TextRange[] = []
  for (const match of text.matchAll(/[A-Za-z0-9+/_=-]{32,}/g)) {
    const start = match.index
    if (isRandom(match[0])) found.push({ start, end: start + match[0].length })
  }
  return found
}

function isRandom(word: string): boolean {
  if (word.length > RANDOM_CHARACTERS_MAX) return false
  if (!/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/\d.*\d/.test(word)) return false
  // Paths and names made of words have short runs between their separators.
  const longest = Math.max(...word.split(/[/_=-]/).map((run) => run.length))
  return longest >= 16 && bitsPerCharacter(word) >= RANDOM_BITS_MIN
}

function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>()
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) {
    const share = count / word.length
    bits -= share * Math.log2(share)
  }
  return bits
}
