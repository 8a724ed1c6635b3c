/** Limits on what is read (DESIGN §9). Beyond them a plan is refused, never cut. */

export const PLAN_BYTES_MAX = 512 * 1024 * 1024
export const RESOURCE_CHANGES_MAX = 100_000
