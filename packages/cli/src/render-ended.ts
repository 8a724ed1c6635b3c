/** Why a command ended early: what happened, why, and what to do next. */
import type { Explained } from './commands/ended.ts'
import type { Ink } from './render.ts'
import { safe } from './render-text.ts'

export function renderEnded(explained: Explained, ink: Ink): readonly string[] {
  const { title, detail, remedy } = explained
  const rest = [detail, remedy].filter((text) => text !== '')
  const lines = rest.flatMap((text) => text.split('\n').map((line) => `  ${safe(line)}`))
  return [ink('bold', safe(title)), ...lines]
}
