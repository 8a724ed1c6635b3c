/** `holdpoint show`: one change, from the plan and not from what its author says. */
import { renderChange } from '../render-change.ts'
import { connect } from './connection.ts'
import { EXIT } from './ended.ts'
import { findChange } from './find-change.ts'
import { loadChange } from './load-change.ts'
import type { Call } from './row.ts'

export async function run({ words, flags, settings, screen }: Call): Promise<number> {
  const client = connect(settings)
  const loaded = await loadChange(client, await findChange(client, words[0] ?? ''))
  screen.document({ ...loaded.view, fingerprintChecked: loaded.checked })
  const { ink, columns } = screen
  const manner = { ink, columns, full: flags.has('full'), now: Date.now() }
  screen.lines(renderChange(loaded, manner))
  return EXIT.done
}
