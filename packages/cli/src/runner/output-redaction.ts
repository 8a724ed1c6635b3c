/**
 * Takes secrets out of what a tool prints, before it leaves the runner: texts that are known to be
 * secret, and what looks like one. What is hidden is hidden wherever it stands in a line.
 */
import { findSecrets, type HidingPatterns, mergeRanges } from '@holdpoint/core'

export type RedactText = (text: string) => string

const HIDDEN = '(hidden)'
/** Shorter texts would hide half of every line and protect nothing. */
const SECRET_CHARACTERS_MIN = 4

/** Names of `patterns` say nothing of a line; what its patterns find does. */
export function redactorOf(
  secrets: readonly string[],
  patterns: HidingPatterns | null = null,
): RedactText {
  const lines = secrets.flatMap((each) => [each, ...each.split('\n').map((line) => line.trim())])
  const known = [...new Set(lines)].filter((each) => each.length >= SECRET_CHARACTERS_MIN)
  const longestFirst = known.toSorted((left, right) => right.length - left.length)
  return (text) => {
    let shown = text
    for (const secret of longestFirst)
      if (shown.includes(secret)) shown = shown.replaceAll(secret, HIDDEN)
    return withoutDetected(shown, patterns)
  }
}

function withoutDetected(text: string, patterns: HidingPatterns | null): string {
  let shown = ''
  let from = 0
  const ranges = mergeRanges([...findSecrets(text, ''), ...(patterns?.find(text) ?? [])])
  for (const { start, end } of ranges) {
    shown += text.slice(from, start) + HIDDEN
    from = end
  }
  return shown + text.slice(from)
}
