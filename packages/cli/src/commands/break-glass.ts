/**
 * `holdpoint break-glass`: says what it would pass by and where it is done. It is never done here:
 * it needs a reason, a typed name and a passkey on the page, and no token ever stands in for them.
 */
import { breakLines } from '../render-glass.ts'
import { safe } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT, refused } from './ended.ts'
import { findChange } from './find-change.ts'
import type { Call } from './row.ts'

export async function run({ words, settings, screen }: Call): Promise<number> {
  const client = connect(settings)
  const change = await findChange(client, words[0] ?? '')
  const view = take(await client.call('change', { params: { change } }))
  const blocked = view.you.breakGlass
  if (blocked !== null) throw refused({ code: 'glass_refused', ...blocked })
  const url = `${view.url}/break-glass`
  screen.document({ id: change, status: view.status, url })
  screen.lines([...breakLines(view), `Nothing is broken yet. Break it at  ${safe(url)}`])
  return EXIT.held
}
