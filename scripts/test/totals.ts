/** What is counted, and the one last line that says it. */

export interface Totals {
  passed: number
  failed: number
  skipped: number
  /** Why each skipped test was skipped, with how many gave that reason. */
  readonly reasons: Map<string, number>
}

export function newTotals(): Totals {
  return { passed: 0, failed: 0, skipped: 0, reasons: new Map() }
}

export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** What a full run must have: where it is missing, a skipped test is a failed one. */
const NEEDED = /postgres|chromium|browser|terraform|opentofu/i

/**
 * A skip without a reason hides something. In a strict run, a skip for want of something that is
 * needed is a failure.
 */
export function countSkip(
  totals: Totals,
  skip: { readonly name: string; readonly reason: string | null; readonly strict: boolean },
): 'skipped' | 'failed' {
  if (skip.reason === null || (skip.strict && NEEDED.test(skip.reason))) {
    totals.failed += 1
    return 'failed'
  }
  totals.skipped += 1
  totals.reasons.set(skip.reason, (totals.reasons.get(skip.reason) ?? 0) + 1)
  return 'skipped'
}

export function reasonLines({ reasons }: Totals): readonly string[] {
  return [...reasons].map(([reason, count]) => `skipped ${count}: ${reason}`)
}
