/**
 * JSON inside a text, as data, for comparing it. Only where the data says exactly what the text
 * says: a repeated key or a number beyond a double would be shown as something it is not, and such
 * a text stays text.
 */
import type { Value } from './value.ts'

/** The object or list that a text is, null where it is none or says more than its data. */
export function jsonInText(text: string): Value | null {
  if (!/^\s*[[{]/.test(text)) return null
  const value = parse(text)
  if (value === null) return null
  return JSON.stringify(value) === minify(text) ? value : null
}

function parse(text: string): Value | null {
  try {
    const value: Value = JSON.parse(text)
    return value
  } catch {
    // A text that is not JSON is a text.
    return null
  }
}

/** White space outside strings removed; the escapes that Go's encoder adds for HTML undone. */
function minify(text: string): string {
  return text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_whole, string: string | undefined) => {
    return string === undefined ? '' : string.replaceAll(HTML_ESCAPE, htmlCharacter)
  })
}

/** An escape counts only after an even number of backslashes. */
const HTML_ESCAPE = /(\\\\)|\\u(003c|003e|0026)/g

function htmlCharacter(_whole: string, pair: string | undefined, code: string): string {
  return pair ?? String.fromCharCode(Number.parseInt(code, 16))
}
