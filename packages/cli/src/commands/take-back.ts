/** `holdpoint take-back`: a person takes their own approval back, until it starts. */
import { shortId } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import { findChange } from './find-change.ts'
import type { Call } from './row.ts'

export async function run({ words, settings, screen }: Call): Promise<number> {
  const client = connect(settings)
  const change = await findChange(client, words[0] ?? '')
  const done = take(await client.call('takeBack', { params: { change }, body: {} }))
  screen.document({ id: change, ...done })
  screen.lines([`Taken back  your approval of ${shortId(change)}   it is ${done.status}`])
  return EXIT.done
}
