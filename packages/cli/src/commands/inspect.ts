/** `holdpoint inspect`: what a plan would do. No server, no network. */
import { EXIT } from './ended.ts'
import { hidingOf } from './hiding.ts'
import { formOf, type InspectForm } from './inspect-form.ts'
import { inspectPieces, type OfflinePlan, readOfflinePlan } from './offline-plan.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  const { screen } = call
  const file = call.words[0] ?? ''
  const form = formOf(call.flags)
  const patterns = await hidingOf(call.flags)
  if (form === 'json') screen.pieces(await inspectPieces(file, patterns))
  else screen.lines(await linesFor(form, await readOfflinePlan(file, patterns), call))
  return EXIT.done
}

/** Loaded only for people: a program's answer does not wait for it. */
async function linesFor(
  form: Exclude<InspectForm, 'json'>,
  offline: OfflinePlan,
  { screen, flags }: Call,
): Promise<readonly string[]> {
  switch (form) {
    case 'markdown': {
      const { renderMarkdown } = await import('../render-markdown.ts')
      return renderMarkdown(offline)
    }
    case 'html': {
      const { renderHtml } = await import('../html/page.ts')
      return renderHtml(offline)
    }
    case 'terminal': {
      const { renderInspected } = await import('../render-plan.ts')
      const { ink, columns } = screen
      return renderInspected(offline, { ink, columns, full: flags.has('full') })
    }
  }
}
