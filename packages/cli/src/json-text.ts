/**
 * JSON as it is printed: the same document, but what does not show by itself is written as an
 * escape. A terminal, a log viewer or a reviewer reads it too, not only a program.
 */

/** Everything but printable ASCII and the line ends between our own lines. */
const MAYBE = /[^\n -~]/
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}/gu

/** Outside its strings JSON is ASCII, so whatever is replaced lies within one. */
export function shownJson(text: string): string {
  return MAYBE.test(text) ? text.replaceAll(UNSHOWN, escapeUnits) : text
}

function escapeUnits(character: string): string {
  if (character === '\n') return character
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
