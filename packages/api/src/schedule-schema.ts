/** An on-call schedule as those see it who may read access. */
import { z } from 'zod'
import { InstantNumber, list } from './schemas.ts'

export const ScheduleView = z.strictObject({
  name: z.string(),
  /** Handles of everybody whom the configuration maps to it. */
  people: list(z.string()),
  /** Handles of who is on call now, first tier first. */
  tiers: list(list(z.string())),
  until: InstantNumber.nullable(),
  nextAt: InstantNumber.nullable(),
  /** When it was last read; `null` for never. */
  readAt: InstantNumber.nullable(),
  problem: z.string().nullable(),
})
