/** `holdpoint approve`: a person lets exactly what is shown happen. */
import { decide } from './decide.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  return await decide(call, { route: 'approve', done: 'Approved' })
}
