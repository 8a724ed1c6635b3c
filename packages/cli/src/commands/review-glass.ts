/** `holdpoint review-glass`: somebody else says whether broken glass was justified. */
import { shortId } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT, refused, usage } from './ended.ts'
import { findChange } from './find-change.ts'
import type { Call } from './row.ts'

const FINDINGS = { justified: 'justified', 'not-justified': 'not_justified' } as const

export async function run({ words, flags, settings, screen }: Call): Promise<number> {
  const [typed = '', word = ''] = words
  if (!isFinding(word)) throw usage('A review says justified or not-justified')
  const reason = flags.find('reason')
  if (reason === null) throw usage('Say how you judge it, with --reason <text>')
  const client = connect(settings)
  const change = await findChange(client, typed)
  const view = take(await client.call('change', { params: { change } }))
  const blocked = view.you.reviewGlass
  if (blocked !== null) throw refused({ code: 'not_a_reviewer', ...blocked })
  const body = { finding: FINDINGS[word], reason, signed: null }
  const done = take(await client.call('reviewGlass', { params: { change }, body }))
  screen.document({ id: change, finding: body.finding, ...done })
  screen.lines([`Reviewed  ${shortId(change)}   ${word.replace('-', ' ')}`])
  return EXIT.done
}

function isFinding(word: string): word is keyof typeof FINDINGS {
  return Object.hasOwn(FINDINGS, word)
}
