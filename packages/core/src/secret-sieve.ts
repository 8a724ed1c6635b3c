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
