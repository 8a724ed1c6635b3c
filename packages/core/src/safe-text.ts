/**
 * The one function through which text from plans, commits and people goes before it is shown.
 * Control, bidirectional and invisible characters become escapes, so that no text can erase a line,
 * turn its order round or hide in it; long lines are cut and say how long they are. It returns
 * plain text: a page still puts it into text nodes, Markdown into computed fences.
 */
import { mapMarkers } from './hidden-text.ts'

export interface SafeText {
  readonly text: string
  /** Something in it does not show by itself: the surface must say so. */
  readonly escaped: boolean
  /** Length of the whole in UTF-16 code units where it was cut, else null. */
  readonly cutFrom: number | null
}

export const LINE_CHARACTERS_MAX = 2_000
const TOKEN_SHOWN = 8

/** Characters without a shape of their own, and spaces that are not the space. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}/gu

/** One line: line breaks are escaped too. Markers of hidden parts are shortened. */
export function safeText(text: string, charactersMax = LINE_CHARACTERS_MAX): SafeText {
  const short = mapMarkers(text, shownToken)
  const cut = short.length > charactersMax
  const kept = cut ? short.slice(0, endOfCharacter(short, charactersMax)) : short
  const shown = kept.replaceAll(UNSHOWN, escapeCharacter)
  const note = cut ? `… (${text.length} characters)` : ''
  return { text: shown + note, escaped: shown !== kept, cutFrom: cut ? text.length : null }
}

/** Without a key there is no token, only the word that something is hidden. */
function shownToken(token: string): string {
  return token.startsWith('(') ? token.slice(1, -1) : token.slice(0, TOKEN_SHOWN)
}

/** Several lines, each on its own. */
export function safeLines(text: string, charactersMax = LINE_CHARACTERS_MAX): readonly SafeText[] {
  return text.split('\n').map((line) => safeText(line, charactersMax))
}

/** Never between the halves of a surrogate pair. */
function endOfCharacter(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1)
  return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const point = character.codePointAt(0) ?? 0
  return `\\u{${point.toString(16).toUpperCase().padStart(4, '0')}}`
}
