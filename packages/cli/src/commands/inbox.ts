/** `holdpoint inbox`: what needs you, what waits for others, what is yours. */
import { renderInbox } from '../render-inbox.ts'
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen }: Call): Promise<number> {
  const inbox = take(await connect(settings).call('inbox', {}))
  screen.document(inbox)
  const { ink, columns } = screen
  screen.lines(renderInbox(inbox, { ink, columns, now: Date.now() }))
  return EXIT.done
}
