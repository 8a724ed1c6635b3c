/** `holdpoint inspect`: what a plan would do. No server, no network. */
import { EXIT } from './ended.ts'
import { inspectPieces, readOfflinePlan } from './offline-plan.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  const { screen } = call
  const file = call.words[0] ?? ''
  if (screen.json) {
    screen.pieces(await inspectPieces(file))
    return EXIT.done
  }
  // Loaded only for people: a program's answer does not wait for it.
  const { renderInspected } = await import('../render-plan.ts')
  const offline = await readOfflinePlan(file)
  const { ink, columns } = screen
  screen.lines(renderInspected(offline, { ink, columns, full: call.flags.has('full') }))
  return EXIT.done
}
