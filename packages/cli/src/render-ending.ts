/**
 * How a run ended, as its last lines: what happened, and what to do next where something is to be
 * done. The first word is the outcome, for people and for whoever searches a log for it.
 */
import type { Explained } from './commands/ended.ts'
import { type TimedManner, whyLines } from './render-change.ts'
import { renderEnded } from './render-ended.ts'
import { clock, exactDuration, safe, shortId } from './render-text.ts'
import type { ChangeView } from './runner/run-event.ts'
import type { Ending } from './runner/run-result.ts'

export interface Ended {
  readonly ending: Ending
  readonly change: string | null
  readonly startedAt: number | null
  /** Number of the entry that recorded the outcome, `null` where it is not known. */
  readonly logEntry: number | null
  /** How the plan that superseded this one differs; empty for every other ending. */
  readonly compared: readonly string[]
  /** The words that go on with what is held, where it is not the same command. */
  readonly goesOnWith: string | null
}

export function renderEnding(ended: Ended, manner: TimedManner): readonly string[] {
  const { ending } = ended
  const { ink } = manner
  switch (ending.type) {
    case 'applied':
    case 'failed':
      return executedLines({ ...ended, ending }, manner)
    case 'lost':
      return [
        `${ink('red', 'OUTCOME UNKNOWN')}  it was started, and how it ended could not be learned`,
        `  Do not run it again before somebody has looked: ${showHint(ended.change)}`,
      ]
    case 'nothing_to_do':
      return [`${ink('green', 'Nothing to apply')}  the plan changes nothing`]
    case 'tool_failed':
      return [`${ink('red', 'FAILED')}  ${safe(ending.title)}; nothing was opened or applied`]
    case 'interrupted':
      return [`${ink('red', 'Interrupted')}  nothing was opened or applied`]
    case 'held':
      return stillHeldLines(ended)
    case 'closed':
      return closedLines(ending.view, { manner, compared: ended.compared })
    case 'withdrawn':
      return [`${ink('red', 'Withdrawn')}  ${shortId(ended.change ?? '')}`]
    // What differs was said when it was found, with what to do about it.
    case 'differs':
      return [`${ink('red', 'Not started')}  nothing was applied   ${showHint(ended.change)}`]
    case 'refused':
      return renderEnded(ending.problem, ink)
    case 'go':
      return goLines(ending.until, manner)
    case 'recorded':
      return [`${ink('green', 'Recorded')}  ${ending.outcome.result}, on this pipeline’s word`]
    case 'invalid':
      return renderEnded(sentence('input', ending.sentence), ink)
    case 'fault':
      return renderEnded(sentence('fault', ending.sentence), ink)
  }
}

function stillHeldLines({ change, goesOnWith }: Ended): readonly string[] {
  const held = `Still held. ${showHint(change)}`
  if (goesOnWith === null) return [held]
  return [`Once released, go on with: holdpoint ${safe(goesOnWith, 400)}`, held]
}

function sentence(code: string, title: string): Explained {
  return { code, title, detail: '', remedy: '' }
}

function showHint(change: string | null): string {
  return change === null ? '' : `holdpoint show ${shortId(change)}`
}

function goLines(until: number, { ink, now }: TimedManner): readonly string[] {
  return [
    'Apply this very plan file now, once. Then say how it ended, whatever it was:',
    '  holdpoint gate finish --exit-code <the tool’s exit code>',
    `${ink('green', 'Go')}  until ${clock(until, now)}; without a word by then the outcome is unknown`,
  ]
}

type Executed = Ended & { readonly ending: Extract<Ending, { type: 'applied' | 'failed' }> }

function executedLines(ended: Executed, { ink, now }: TimedManner): readonly string[] {
  const { ending, logEntry, change } = ended
  const { outcome } = ending
  const counts = `${outcome.appliedCount} of ${outcome.totalCount}`
  if (!ending.recorded) {
    return [
      `${ink('red', 'OUTCOME UNKNOWN')}  the tool ended with ${outcome.exitCode}, ${counts} applied, but the server has not heard it`,
      `  Do not run it again before somebody has looked: ${showHint(change)}`,
    ]
  }
  const entry = logEntry === null ? '' : `   log entry ${logEntry}`
  const took = ended.startedAt === null ? '' : ` in ${exactDuration(now - ended.startedAt)}`
  if (ending.type === 'applied') {
    return [`${ink('green', 'Applied')}  ${counts}${took}${entry}`]
  }
  const saved = outcome.lineage === null ? '' : ' The state was saved.'
  return [
    `${ink('red', 'FAILED')}  while applying: ${counts} applied before the error.${saved}`,
    `  The tool ended with exit code ${outcome.exitCode}.   ${showHint(change)}${entry}`,
  ]
}

function closedLines(
  view: ChangeView,
  { manner, compared }: { readonly manner: TimedManner; readonly compared: readonly string[] },
): readonly string[] {
  const { ink } = manner
  const hint = showHint(view.id)
  switch (view.status) {
    case 'denied':
      return [
        ...whyLines(view, manner),
        '  No one can approve this. Change the configuration, or the rule.',
      ]
    case 'superseded':
      return supersededLines(view, { ink, compared })
    case 'rejected':
      return rejectedLines(view, manner)
    case 'expired':
      return [`${ink('red', 'EXPIRED')}  Not decided in time. Plan again to ask again.`]
    case 'withdrawn':
      return [`${ink('red', 'WITHDRAWN')}  ${shortId(view.id)} was withdrawn.`]
    case 'outcome_unknown':
      return [
        `${ink('red', 'OUTCOME UNKNOWN')}  the tool ended without a result`,
        `  Do not run it again before somebody has looked: ${hint}`,
      ]
    case 'evaluating':
    case 'held':
    case 'released':
    case 'executing':
    case 'applied':
    case 'failed':
      return [
        `${ink('red', 'STARTED ELSEWHERE')}  it is ${view.status}; nothing was applied here`,
        `  ${hint}`,
      ]
  }
}

function supersededLines(
  view: ChangeView,
  { ink, compared }: { readonly ink: TimedManner['ink']; readonly compared: readonly string[] },
): readonly string[] {
  const by = view.supersededBy === null ? null : shortId(view.supersededBy)
  const watch = by === null ? '' : ` Watch the new one: holdpoint show ${by}`
  return [
    `${ink('red', 'SUPERSEDED')}  by ${by ?? 'a newer plan'}`,
    ...compared.map((line) => `  ${line}`),
    `  Approvals do not carry over.${watch}`,
  ]
}

function rejectedLines(view: ChangeView, { ink, now }: TimedManner): readonly string[] {
  const rejection = view.decisions.findLast((each) => each.decision === 'reject')
  const who = safe(rejection?.person.name ?? 'somebody')
  const at = rejection === undefined ? '' : ` ${clock(rejection.at, now)}`
  const reason = rejection?.reason ?? null
  return [
    `${ink('red', 'REJECTED')}  by ${who}${at}`,
    ...(reason === null ? [] : [`  "${safe(reason, 400)}"`]),
  ]
}
