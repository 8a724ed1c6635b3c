/**
 * How a run ended, as one JSON object for programs: what a person reads on the terminal is in it
 * too, as data. Without causes of faults, which are for whoever mends them.
 */
import type { ChangeView } from '../runner/run-event.ts'
import type { RunResult } from '../runner/run-result.ts'

export interface Told {
  readonly logEntry: number | null
  /** The change as it was last seen. */
  readonly view: ChangeView | null
}

export function runDocument(result: RunResult, { logEntry, view }: Told): object {
  const { ending, exitCode, change, toolExitCode } = result
  const shown = ending.type === 'fault' ? { type: ending.type, sentence: ending.sentence } : ending
  const ended = { exitCode, change, toolExitCode, logEntry, ending: shown }
  const last = ending.type === 'closed' ? ending.view : view
  return last === null ? ended : { ...ended, ...whyAndWho(last) }
}

/** Where to look, which rules fired, and who is needed until when. */
function whyAndWho(view: ChangeView): object {
  const { url, findings, slots, missing, dueAt } = view
  const requirement = view.evaluation?.requirement ?? null
  return { url, findings, requirement, slots, missing, dueAt }
}
