/** What a measure gives: rows for the table, and one plain verdict for each bound that it has. */

export interface Row {
  readonly what: string
  readonly median: string
  /** Lowest to highest, or what else says how much to believe the median. */
  readonly spread: string
}

export type Verdict =
  | {
      readonly result: 'pass' | 'over'
      readonly what: string
      readonly found: string
      readonly bound: string
    }
  | { readonly result: 'skipped'; readonly what: string; readonly because: string }

export interface Measured {
  readonly rows: readonly Row[]
  readonly verdicts: readonly Verdict[]
}

export interface Measure {
  /** What selects it on the command line. */
  readonly name: string
  readonly run: () => Promise<Measured>
}

export function skipped(what: string, because: string): Measured {
  return { rows: [], verdicts: [{ result: 'skipped', what, because }] }
}

export function joined(parts: readonly Measured[]): Measured {
  return {
    rows: parts.flatMap((part) => part.rows),
    verdicts: parts.flatMap((part) => part.verdicts),
  }
}

export interface Judged {
  readonly what: string
  readonly found: number
  readonly bound: number
  readonly text: (value: number) => string
}

export function atMost({ what, found, bound, text }: Judged): Verdict {
  const result = found <= bound ? 'pass' : 'over'
  return { result, what, found: text(found), bound: `at most ${text(bound)}` }
}

export function atLeast({ what, found, bound, text }: Judged): Verdict {
  const result = found >= bound ? 'pass' : 'over'
  return { result, what, found: text(found), bound: `at least ${text(bound)}` }
}
