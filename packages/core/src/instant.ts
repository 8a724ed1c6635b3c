/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Core never reads a clock. */
export type Instant = number

/** The last instant that has a date (ECMA-262, Time Values). */
export const INSTANT_MAX: Instant = 8_640_000_000_000_000

export function isoInstant(at: Instant): string {
  return new Date(at).toISOString()
}
