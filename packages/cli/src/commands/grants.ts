/** `holdpoint grants`: what is live, and until when a cloud still honours what was issued. */
import { grantLines } from '../render-grants.ts'
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen }: Call): Promise<number> {
  const list = take(await connect(settings).call('grants', {}))
  screen.document(list)
  screen.lines(grantLines(list.grants, { ink: screen.ink, now: Date.now() }))
  return EXIT.done
}
