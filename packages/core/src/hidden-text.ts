/**
 * Text in which only a part is hidden. The part is replaced by `(hidden:TOKEN)` with the whole
 * token, so that two different secrets never give the same text; what people see is shortened to
 * its first 8 characters (safe-text.ts). A marker cannot be forged: wherever a plan's own text says
 * `(hidden:`, redaction writes one colon more, and a token never begins with a colon.
 */
import type { Hidden } from './value.ts'

const OPEN = '(hidden:'
const MARKER = /\(hidden:([0-9a-f]{64}|\(sensitive\))\)/g

/** A range of UTF-16 code units, `end` exclusive. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** The plan's own text, made unable to look like a marker. */
export function escapeMarkers(text: string): string {
  return text.includes(OPEN) ? text.replaceAll(OPEN, `${OPEN}:`) : text
}

/** The text with its ranges, ascending and apart, replaced by markers; the rest is escaped. */
export function hideParts(
  text: string,
  ranges: readonly TextRange[],
  hide: (part: string) => Hidden,
): string {
  let out = ''
  let from = 0
  for (const { start, end } of ranges) {
    const { token } = hide(text.slice(start, end))
    out += `${escapeMarkers(text.slice(from, start))}${OPEN}${token})`
    from = end
  }
  return out + escapeMarkers(text.slice(from))
}

/** Whether it is worth looking closer. */
export function mayHaveMarker(text: string): boolean {
  return text.includes(OPEN)
}

/** Whether a redacted text has a hidden part. */
export function hasMarker(text: string): boolean {
  return text.includes(OPEN) && text.search(MARKER) >= 0
}

/** A redacted text with another token in each marker. */
export function mapMarkers(text: string, tokenFor: (token: string) => string): string {
  if (!text.includes(OPEN)) return text
  return text.replaceAll(MARKER, (_marker, token: string) => `${OPEN}${tokenFor(token)})`)
}

/** Ascending and apart: ranges that touch or overlap become one. */
export function mergeRanges(ranges: readonly TextRange[]): readonly TextRange[] {
  const merged: TextRange[] = []
  for (const range of ranges.toSorted((left, right) => left.start - right.start)) {
    const last = merged.at(-1)
    if (last === undefined || range.start > last.end) merged.push(range)
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
  }
  return merged
}
