/**
 * A first look at the strings of a document, byte by byte, while it is scanned: what it lets
 * through holds nothing that `findSecrets` (secret-shapes.ts) finds, under any name. What it
 * catches may be harmless and is looked at again. It must never let through what the closer look
 * would hide, so it asks less: three letters of each shape, in either case.
 */

/**
 * At least one of these stands in every text with the shape of a known credential. Of each shape the
 * three that stand least in the names that providers use: not `ghp`, which is in `throughput`.
 */
const IN_KEYS = [
  ...['kia', 'asi', 'hp_', 'ho_', 'hu_', 'hs_', 'hr_', 'thu', 'glp', 'xox', 'eyj', '---', 'k_l'],
  ...['aiz', 'sg.', 'hvs', 'hvb', 'npm', 'dop', 'e-s', '://', 'rer', 'ig=', '(hi'],
]

/** At least one of these stands in every text that the closer look hides a part of. */
const IN_TEXTS = [
  ...IN_KEYS.filter((word) => word !== 'e-s'),
  ...['pas', 'pwd', 'sec', 'tok', 'ike', 'i_k', 'i-k', 'ske', 's_k', 's-k', 'eke', 'e_k', 'e-k'],
  ...['tke', 't_k', 't-k'],
]

/** One of these is the end of every name that says that its value is secret, or names it. */
const AT_ENDS_OF_NAMES = [
  ...['ord', 'rds', 'swd', 'pwd', 'ase', 'ret', 'ets', 'ken', 'key', 'eys', 'ing', 'ary', 'ial'],
  ...['rer', 'lue'],
  // A write-only one: `_wo` behind it, in any spelling.
  ...['_', '-', '.', ' ', ':', ...'dsetnyglr'].map((sign) => `${sign}wo`),
]

/** The shortest text with a part that is hidden: `://`, a sign, one character, and `@`. */
const TEXT_BYTES_MIN = 6
/** From here on a text may be random. */
const RANDOM_BYTES_MIN = 32

const SIGNS = ['_', '-', '.', '=(', ':/'] as const

/** 5 bits: letters in either case, then the signs above; digits and all others are one. */
export const SIEVE_CLASSES = Uint8Array.from({ length: 256 }, (_none, byte) => {
  const letter = (byte | 0x20) - 0x60
  if (byte >= 0x41 && letter >= 1 && letter <= 26) return letter
  const sign = SIGNS.findIndex((each) => each.includes(String.fromCharCode(byte)))
  return sign < 0 ? 0 : 27 + sign
})

const IN_TEXT = 1
const IN_KEY = 2
const AT_END_OF_NAME = 4

/** Of three classes in a row, where they say that a closer look is needed; the bits are the above. */
export const SIEVE = sieveOf([
  [IN_TEXT, IN_TEXTS],
  [IN_KEY, IN_KEYS],
  [AT_END_OF_NAME, AT_ENDS_OF_NAMES],
])

/** Whether a string needs a closer look; `start` and `end` lie inside the quotes. */
export function catchesText(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (length < TEXT_BYTES_MIN) return false
  if (length >= RANDOM_BYTES_MIN && !isArn(bytes, start)) return true
  return hasOneOf(IN_TEXT, bytes, { start, end })
}

/**
 * The same for an address or a name without a key in quotes: in those nothing is hidden for looking
 * random (redact-address.ts).
 */
export function catchesShape(bytes: Uint8Array, start: number, end: number): boolean {
  return hasOneOf(IN_TEXT, bytes, { start, end })
}

/** The same for a key, of which only the shapes of known credentials are hidden. */
export function catchesKey(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= TEXT_BYTES_MIN && hasOneOf(IN_KEY, bytes, { start, end })
}

function hasOneOf(
  kind: number,
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  let last = 0
  for (let at = start; at < end; at += 1) {
    last = ((last << 5) | (SIEVE_CLASSES[bytes[at] ?? 0] ?? 0)) & 0x7fff
    if (((SIEVE[last] ?? 0) & kind) !== 0) return true
  }
  return false
}

/** Whether the name that ends before `end` may say that its value is secret. */
export function catchesName(bytes: Uint8Array, end: number): boolean {
  const one = SIEVE_CLASSES[bytes[end - 3] ?? 0] ?? 0
  const two = SIEVE_CLASSES[bytes[end - 2] ?? 0] ?? 0
  const three = SIEVE_CLASSES[bytes[end - 1] ?? 0] ?? 0
  return ((SIEVE[(one << 10) | (two << 5) | three] ?? 0) & AT_END_OF_NAME) !== 0
}

function isArn(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start] === 0x61 &&
    bytes[start + 1] === 0x72 &&
    bytes[start + 2] === 0x6e &&
    bytes[start + 3] === 0x3a
  )
}

function sieveOf(kinds: readonly (readonly [bit: number, words: readonly string[]])[]): Uint8Array {
  const sieve = new Uint8Array(1 << 15)
  for (const [bit, words] of kinds) {
    for (const word of words) {
      const place = placeOf(word)
      sieve[place] = (sieve[place] ?? 0) | bit
    }
  }
  return sieve
}

function placeOf(word: string): number {
  let place = 0
  for (const character of word) {
    place = (place << 5) | (SIEVE_CLASSES[character.charCodeAt(0)] ?? 0)
  }
  return place
}
