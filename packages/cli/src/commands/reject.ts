/** `holdpoint reject`: a person says no, and why. */
import { decide } from './decide.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  return await decide(call, { route: 'reject', done: 'Rejected' })
}
