/**
 * Waits for people or rules, for a bounded time. It looks again and again instead of listening,
 * because the page takes a listener for a run that applies what is released, and this is none.
 */
import { agentInputs } from '@holdpoint/api'
import { isTerminal } from '@holdpoint/core'
import { findChange } from '../commands/find-change.ts'
import { now, sleep } from '../io/clock.ts'
import { plainInk } from '../render.ts'
import { statusLine } from '../render-change.ts'
import { type ChangeView, changeDocument } from './change-document.ts'
import { viewOf } from './change-tools.ts'
import { agentTool } from './tool.ts'

const LOOK_EVERY_MS = 2_000

export const waitForChange = agentTool({
  name: 'wait_for_change',
  title: 'Wait for a change',
  says:
    'Waits until a change is decided, or has ended, or the time is over (timedOut), and answers as ' +
    'read_change does. Tells its progress. People may take hours: come back later instead of ' +
    'asking without end.',
  input: agentInputs.WaitForChange,
  routes: ['changes', 'change'],
  writes: false,
  run: async ({ change: typed, until = 'decided', timeout_seconds }, context) => {
    const seconds = timeout_seconds ?? agentInputs.WAIT_SECONDS.standard
    const startedAt = performance.now()
    const client = context.client()
    const change = await findChange(client, typed)
    const over = AbortSignal.any([context.signal, AbortSignal.timeout(seconds * 1000)])
    for (;;) {
      const view = await viewOf(client, change)
      const settled = isSettled(view, until)
      if (settled || over.aborted) return { timedOut: !settled, ...changeDocument(view, now()) }
      const passed = Math.round((performance.now() - startedAt) / 1000)
      context.progress(passed, seconds, lineOf(view))
      await sleep(LOOK_EVERY_MS, over)
    }
  },
})

function isSettled({ status }: ChangeView, until: 'decided' | 'ended'): boolean {
  if (until === 'ended') return isTerminal(status) || status === 'outcome_unknown'
  return status !== 'evaluating' && status !== 'held'
}

function lineOf(view: ChangeView): string {
  return statusLine(view, { ink: plainInk, columns: 200, full: false, now: now() })
}
