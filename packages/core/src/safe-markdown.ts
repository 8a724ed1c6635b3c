/**
 * The one place that puts text from plans into Markdown. It goes into code, as a span or a fence,
 * and nowhere else: no link, mention, image, tag, heading or issue reference is made inside code,
 * whichever renderer reads it. The marks around it are computed, so that no text can end them.
 */
import { LINE_CHARACTERS_MAX, safeText } from './safe-text.ts'

/** CommonMark readers give up on longer runs (80 in a span, 255 around a block), and show the rest. */
const BACKTICKS_MAX = 8
const LONG_RUN = new RegExp(`\`{${BACKTICKS_MAX + 1},}`, 'g')

/** One line of text as a code span; what is empty says so. */
export function markdownCode(text: string, charactersMax = LINE_CHARACTERS_MAX): string {
  const safe = safeLine(text, charactersMax)
  if (safe.trim() === '') return safe === '' ? '(empty)' : '(blank)'
  const marks = '`'.repeat(longestRun(safe) + 1)
  // One space inside either mark belongs to the mark, and keeps a backtick of the text off it.
  const space = /^[` ]|[` ]$/.test(safe) ? ' ' : ''
  return `${marks}${space}${safe}${space}${marks}`
}

/** Lines as a fenced block that begins in the first column; `info` is ours, never a plan's. */
export function markdownFence(
  lines: readonly string[],
  { info, charactersMax }: { readonly info: 'diff' | 'text'; readonly charactersMax: number },
): readonly string[] {
  const safe = lines.map((line) => safeLine(line, charactersMax))
  const longest = safe.reduce((most, line) => Math.max(most, longestRun(line)), 0)
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return [`${fence}${info}`, ...safe, fence]
}

function safeLine(text: string, charactersMax: number): string {
  return safeText(text, charactersMax).text.replaceAll(
    LONG_RUN,
    (run) => `\\u{0060} (${run.length} times)`,
  )
}

function longestRun(text: string): number {
  const runs = text.match(/`+/g) ?? []
  return runs.reduce((most, run) => Math.max(most, run.length), 0)
}
