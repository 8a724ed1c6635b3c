/** `holdpoint inspect`: what a plan would do. No server, no network. */
import { renderInspected } from '../render-plan.ts'
import { EXIT } from './ended.ts'
import { inspectDocument, readOfflinePlan } from './offline-plan.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  const offline = await readOfflinePlan(call.words[0] ?? '')
  const { screen } = call
  screen.document(inspectDocument(offline))
  const { ink, columns } = screen
  screen.lines(renderInspected(offline, { ink, columns, full: call.flags.has('full') }))
  return EXIT.done
}
