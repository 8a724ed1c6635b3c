/**
 * Room on a page of bounded size. Blocks are whole or not there: what does not fit is for the
 * caller to count and to say, never for a hosting service to cut off.
 */
export interface Room {
  /** Takes the lines if they fit, and says whether they did. */
  readonly take: (lines: readonly string[]) => boolean
  readonly left: () => number
}

/** A comment on GitHub holds 65,536 characters; what a pipeline adds of its own fits beside it. */
export const MARKDOWN_BYTES_MAX = 60_000

export function roomOf(bytes: number): Room {
  let left = bytes
  return {
    take: (lines) => {
      const size = sizeOf(lines)
      if (size > left) return false
      left -= size
      return true
    },
    left: () => left,
  }
}

/** In UTF-8, each line with its end: the strictest way in which a service may count. */
export function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}
