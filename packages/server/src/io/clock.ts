/** The door to the machine's clock. What the log says uses the database's clock instead. */
import type { Clock } from '../ports.ts'

export const systemClock: Clock = { now: () => Date.now() }
