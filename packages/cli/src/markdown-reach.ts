/** How far a plan reaches, for a comment: each consequence as a line, what is too much as a count. */
import { markdownCode, type Phrase, type ReachGroup } from '@holdpoint/core'
import type { Room } from './markdown-room.ts'

const ADDRESS_MAX = 400
const WORDS_MAX = 160
const LINES_MAX = 10

/** Our words as they are, and what the plan says as code. */
export function markdownPhrase(parts: Phrase): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text : markdownCode(part.text, WORDS_MAX)))
    .join('')
}

export interface ReachPart {
  readonly lines: readonly string[]
  readonly cuts: readonly string[]
}

/** Ten lines of a group at most, as far as there is room; empty where no group says anything. */
export function reachPart(groups: readonly ReachGroup[], room: Room): ReachPart {
  const lines: string[] = []
  const cuts: string[] = []
  for (const group of groups) {
    const shown = group.lines.slice(0, LINES_MAX).map(({ address, says }) => {
      const place = address === null ? '' : `${markdownCode(address, ADDRESS_MAX)} `
      return `- ${group.label}: ${place}${markdownPhrase(says)}`
    })
    const fitting = shown.filter((line) => room.take([line]))
    const rest = group.lines.length - fitting.length
    lines.push(...fitting)
    if (rest > 0) {
      lines.push(`- ${group.label}: ${rest} more, not shown`)
      cuts.push(`${rest} of “${group.label}”`)
    }
  }
  return { lines, cuts }
}
