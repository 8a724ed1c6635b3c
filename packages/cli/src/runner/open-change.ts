/**
 * Opens the change, also when the answer gets lost: then the server is asked whether it has it
 * already. Opening twice is refused by the server, so asking again does no harm.
 */
import type { Answer, Reply } from '@holdpoint/api/client'
import { sleep } from '../io/clock.ts'
import { Fault } from '../io/fault.ts'
import { Patience } from './patience.ts'
import type { OnEvent } from './run-event.ts'
import type { Request, ServerCalls } from './server-calls.ts'
import type { Prepared } from './tool.ts'

export interface Opening {
  readonly calls: ServerCalls
  readonly prepared: Prepared
  readonly request: Request
  readonly onEvent: OnEvent
  /** Ends the asking, as `awayMsMax` does; the fault of the last try is thrown then. */
  readonly signal: AbortSignal
  readonly awayMsMax: number
}

const ASK_AGAIN_MS = 1_000

export async function openChange(opening: Opening): Promise<Answer<Reply<'open'>>> {
  const { calls, prepared, request, onEvent, signal } = opening
  const patience = new Patience(opening.awayMsMax)
  for (let isFirst = true; ; isFirst = false) {
    try {
      const known = isFirst ? null : await calls.view()
      if (known?.ok === true) return opened(opening, known)
      const answer = await calls.open(prepared.facts, prepared.evidence, request)
      return answer.ok ? opened(opening, answer) : answer
    } catch (cause) {
      if (!(cause instanceof Fault) || signal.aborted || patience.isOver()) throw cause
      if (isFirst) onEvent({ type: 'server_away' })
      await sleep(ASK_AGAIN_MS, signal)
    }
  }
}

/** Goes on with the change that the plan is equal to: what was approved of it stands. */
export async function continueChange(opening: Opening): Promise<Answer<Reply<'adopt'>>> {
  const { calls, prepared, onEvent } = opening
  const answer = await calls.adopt(prepared.facts)
  if (answer.ok) {
    const { status } = answer.value
    onEvent({ type: 'opened', change: calls.change, status, again: true })
  }
  return answer
}

function opened(
  { calls, onEvent }: Opening,
  answer: Extract<Answer<Reply<'open'>>, { ok: true }>,
): Answer<Reply<'open'>> {
  onEvent({ type: 'opened', change: calls.change, status: answer.value.status, again: false })
  return answer
}
