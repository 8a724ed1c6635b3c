/**
 * Which destroyed or replaced resources have been on the screen. A statement of the page, recorded
 * as what it is: *shown*, never "read".
 */
import { destroys } from './actions.ts'
import type { Row } from './rows.ts'

/** How long half of it has to be in view, in a focused tab. */
export const SHOWN_AFTER_MS = 1000

export interface Shown {
  readonly needed: readonly string[]
  readonly shown: number
  /** Key of the next one to look at; null when all were shown. */
  readonly next: string | null
}

export function shownOf(rows: readonly Row[], seen: ReadonlySet<string>): Shown {
  const needed = rows.filter((row) => destroys(row.action)).map((row) => row.key)
  const left = needed.filter((key) => !seen.has(key))
  return { needed, shown: needed.length - left.length, next: left[0] ?? null }
}

/** Why approving has to wait, or null. */
export function shownReason(shown: Shown): string | null {
  const total = shown.needed.length
  if (shown.next === null) return null
  return `${shown.shown} of ${total} were on your screen. Look at ${total - shown.shown === 1 ? 'the one' : 'those'} left: what is destroyed has to be seen before.`
}

export function shownText(shown: Shown): string {
  return `${shown.shown} of ${shown.needed.length} destroyed were on screen`
}

/** A tall row counts when it fills half of the viewport. */
export function halfInView(box: {
  readonly visible: number
  readonly height: number
  readonly viewport: number
}): boolean {
  return box.visible >= Math.min(box.height, box.viewport) / 2
}
