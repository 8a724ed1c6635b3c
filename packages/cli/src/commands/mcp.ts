/** `holdpoint mcp`: lets an agent inspect, open, wait and read, and never decide. */
import { serve } from '../mcp/serve.ts'
import { usage } from './ended.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  if (call.screen.json) throw usage('mcp speaks its protocol on standard output; leave --json out')
  return await serve(call)
}
