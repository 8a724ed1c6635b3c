/** `holdpoint resolve`: an owner says what became of a change whose outcome is unknown. */
import { shortId } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT, usage } from './ended.ts'
import { findChange } from './find-change.ts'
import type { Call } from './row.ts'

const RESOLUTIONS = {
  applied: 'applied',
  'not-applied': 'not_applied',
  'in-part': 'in_part',
} as const

export async function run({ words, flags, settings, screen }: Call): Promise<number> {
  const [typed = '', word = ''] = words
  if (!isResolution(word)) throw usage('A change was applied, not-applied, or in-part')
  const reason = flags.find('reason')
  if (reason === null) throw usage('Say how you know, with --reason <text>')
  const client = connect(settings)
  const change = await findChange(client, typed)
  const body = { resolution: RESOLUTIONS[word], reason }
  const done = take(await client.call('resolve', { params: { change }, body }))
  screen.document({ id: change, resolution: body.resolution, ...done })
  screen.lines([`Resolved  ${shortId(change)} was ${word.replace('-', ' ')}`])
  return EXIT.done
}

function isResolution(word: string): word is keyof typeof RESOLUTIONS {
  return Object.hasOwn(RESOLUTIONS, word)
}
