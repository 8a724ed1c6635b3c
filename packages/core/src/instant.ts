/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Core never reads a clock. */
export type Instant = number

export function isoInstant(at: Instant): string {
  return new Date(at).toISOString()
}
