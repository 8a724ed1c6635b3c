/** `holdpoint doctor`: whether the server is in order, and what to do where it is not. */
import { isBroken, renderHealth } from '../render-health.ts'
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen }: Call): Promise<number> {
  const health = take(await connect(settings).call('health', {}))
  screen.document(health)
  screen.lines(renderHealth(health, screen.ink))
  return isBroken(health) ? EXIT.refused : EXIT.done
}
