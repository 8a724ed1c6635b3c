/**
 * A run on the terminal (UX §9), event by event. It only turns events into lines; the screen
 * prints them. The page's address and why it is held are said once, and the outcome comes last.
 */
import { type Plan, summarise } from '@holdpoint/core'
import {
  bindLines,
  type ChangeView,
  heldText,
  slotLines,
  type TimedManner,
  whyLines,
} from './render-change.ts'
import { plannedLine } from './render-plan.ts'
import { resourceRows } from './render-resources.ts'
import { clock, counted, cutEnd, safe, shortId } from './render-text.ts'
import type { RunEvent, ToolProblem } from './runner/run-event.ts'
import type { Looked } from './runner/tool.ts'

/** What one event puts on the screen. */
export interface Shown {
  /** The result: stays, on standard output. */
  readonly lines: readonly string[]
  /** What is going on: one line that is written over, or `null` to leave it. */
  readonly progress: string | null
  /** Stays, on standard error. */
  readonly notes: readonly string[]
}

export interface RunRenderer {
  readonly show: (event: RunEvent, manner: TimedManner) => Shown
  /** The waiting line as it reads now, `null` when nobody is waited for. */
  readonly waiting: (manner: TimedManner) => string | null
  /** When the tool began to apply, `null` before. */
  readonly startedAt: () => number | null
  /** The words after `holdpoint` that go on with this plan, where it is not the same command. */
  readonly goesOnWith: () => string | null
}

const NOTHING: Shown = { lines: [], progress: null, notes: [] }
const lines = (...all: readonly string[]): Shown => ({ ...NOTHING, lines: all })
const notes = (...all: readonly string[]): Shown => ({ ...NOTHING, notes: all })
const progress = (text: string): Shown => ({ ...NOTHING, progress: text })

interface RunState {
  plan: Plan | null
  /** The change as it was last told. */
  view: ChangeView | null
  heldShown: boolean
  /** What goes on with this plan in another run. */
  goesOnWith: string | null
  startedAt: number | null
}

export interface RunPlace {
  readonly workspace: string
  /** `gate`: the pipeline applies, and what is applied is not seen here. */
  readonly door: 'apply' | 'gate'
  readonly progressColumns: number
}

export function createRunRenderer(place: RunPlace): RunRenderer {
  const state: RunState = {
    plan: null,
    view: null,
    heldShown: false,
    goesOnWith: null,
    startedAt: null,
  }
  return {
    show: (event, manner) => showEvent(event, { state, place, manner }),
    waiting: (manner) =>
      state.view?.status === 'held' ? waitingLine(state.view, { place, now: manner.now }) : null,
    startedAt: () => state.startedAt,
    goesOnWith: () => state.goesOnWith,
  }
}

interface Context {
  readonly state: RunState
  readonly place: RunPlace
  readonly manner: TimedManner
}

function showEvent(event: RunEvent, context: Context): Shown {
  switch (event.type) {
    case 'planning':
      return progress(`Planning  with ${safe(event.program)}`)
    case 'warning':
      return notes(`! ${safe(event.text)}`)
    case 'planned':
      return showPlanned(event.plan, context)
    case 'acts_as':
      return lines(actsAsLine(event.role, context))
    case 'goes_on_with':
      context.state.goesOnWith = event.command
      return NOTHING
    case 'made_again':
      return notes(...madeAgainLines(event))
    case 'tool_problem':
      return notes(...problemLines(event.problem, context.manner))
    case 'tool_output':
      return showToolOutput(event.text, context)
    case 'opened':
      return event.again
        ? notes(`The same plan as ${shortId(event.change)}: what was approved of it stands`)
        : progress(`Reading the plan  ${shortId(event.change)}`)
    case 'replaces':
      return notes(
        `This takes the place of your earlier ${shortId(event.change)}; its approvals do not carry over`,
      )
    case 'moved':
      return showMoved(event.change, context)
    case 'server_away':
      return notes('! the server does not answer; trying again')
    case 'server_back':
      return notes('the server answers again')
    case 'workspace_busy':
      return progress('Waiting  another change is being applied in this workspace')
    default:
      return showExecution(event, context)
  }
}

type ExecutionEvent = Extract<
  RunEvent,
  {
    type:
      | 'checking'
      | 'checked'
      | 'differs'
      | 'started'
      | 'progress'
      | 'interrupt_sent'
      | 'interrupt_again'
      | 'grant_over'
      | 'source_changed'
      | 'finished'
  }
>

function showExecution(event: ExecutionEvent, context: Context): Shown {
  const { manner, state } = context
  switch (event.type) {
    case 'checking':
      return progress('Checking  whether what would run is what was approved')
    case 'checked':
      return lines(`Checking  ${event.looked.map(lookedAt).join(', ')}: as approved`)
    case 'differs':
      return lines(...differsLines(event.differences, context))
    case 'started':
      state.startedAt = manner.now
      if (context.place.door === 'gate') return NOTHING
      return lines(`Applying  until ${clock(event.until, manner.now)} at most`)
    case 'progress':
      return progress(progressText(event))
    case 'interrupt_sent':
      return notes('The tool was told once to stop. It ends by itself and saves its state.')
    case 'interrupt_again':
      return notes('The tool was already told to stop; a second signal could lose its state.')
    case 'grant_over':
      return notes(GRANT_OVER[event.because])
    case 'source_changed':
      return notes(
        '! the source changed while it was applied:',
        ...event.differences.map((each) => `    ${safe(each.name ?? each.part)}`),
      )
    case 'finished':
      return NOTHING
  }
}

const GRANT_OVER = {
  told: '! the grant is over: it was revoked, or its time is up; nothing is issued any more',
  not_heard: '! the server was not heard of for a minute; nothing is issued any more',
} as const

function actsAsLine(role: string | null, { manner }: Context): string {
  if (role !== null) return `Acts as  ${safe(role)}`
  return manner.ink('amber', 'Acts as  whoever executes it, with all their rights')
}

function madeAgainLines({
  same,
  differences,
}: Extract<RunEvent, { type: 'made_again' }>): readonly string[] {
  const equal = same.map((name) => safe(name)).join(', ')
  const rows = differences.map((each) => {
    return `  ${safe(each.part)}   was ${short(each.approved)}  is now ${short(each.now)}`
  })
  return [
    'The stack changed meanwhile, so it was planned again and is asked for anew.',
    ...(same.length === 0 ? [] : [`  as before: ${equal}`]),
    ...rows,
  ]
}

function lookedAt({ noun, count }: Looked): string {
  return count === null ? noun : counted(count, noun)
}

function showPlanned(plan: Plan, { state, place, manner }: Context): Shown {
  state.plan = plan
  const summary = summarise(plan)
  return lines(plannedLine(safe(place.workspace), plan, summary), ...resourceRows(plan, manner))
}

/** What the tool says while it plans is progress; while it applies, it stays. */
function showToolOutput(text: string, { state }: Context): Shown {
  const said = text.replace(/\n+$/, '').split('\n')
  if (state.startedAt === null) return progress(`Planning  ${safe(said.at(-1) ?? '')}`)
  return notes(...said.map((line) => safe(line)))
}

const DETAIL_LINES = 12

function problemLines(problem: ToolProblem, { ink, columns }: TimedManner): readonly string[] {
  const hue = problem.severity === 'error' ? 'red' : 'amber'
  const word = problem.severity === 'error' ? 'Error' : 'Warning'
  const where = problem.address === null ? '' : `  (${safe(problem.address)})`
  const detail = problem.detail.split('\n').filter((line) => line.trim() !== '')
  const shown = detail.slice(0, DETAIL_LINES).map((line) => `  ${cutEnd(safe(line), columns * 2)}`)
  const rest = detail.length - shown.length
  return [
    `${ink(hue, word)}  ${safe(problem.summary)}${where}`,
    ...shown,
    ...(rest > 0 ? [`  and ${counted(rest, 'more line')}`] : []),
  ]
}

function progressText(event: Extract<RunEvent, { type: 'progress' }>): string {
  const at = Math.min(event.done + (event.state === 'done' ? 0 : 1), event.total)
  const failed = event.state === 'failed' ? ' failed' : ''
  return `Applying  resource ${at} of ${event.total}   ${safe(event.action)} ${safe(event.address)}${failed}`
}

function showMoved(view: ChangeView, context: Context): Shown {
  const before = context.state.view
  context.state.view = view
  switch (view.status) {
    case 'evaluating':
      return NOTHING
    case 'held':
      return showHeld(view, context)
    case 'released':
      return before?.status === 'released' ? NOTHING : lines(releasedLine(view, context))
    // How it ended is said once, as the last line (render-ending.ts).
    case 'executing':
    case 'applied':
    case 'failed':
    case 'outcome_unknown':
    case 'denied':
    case 'rejected':
    case 'expired':
    case 'superseded':
    case 'withdrawn':
      return NOTHING
  }
}

function showHeld(view: ChangeView, { state, place, manner }: Context): Shown {
  const waiting = waitingLine(view, { place, now: manner.now })
  if (state.heldShown) return progress(waiting)
  state.heldShown = true
  const expires = view.dueAt === null ? '' : `    expires ${clock(view.dueAt, manner.now)}`
  const held = [
    ...bindLines(view, manner),
    ...whyLines(view, manner),
    ...slotLines(view, manner),
    `      ${safe(view.url)}${expires}`,
  ]
  return { lines: held, progress: waiting, notes: [] }
}

const WAITING = 'Waiting  '

function waitingLine(
  view: ChangeView,
  { place, now }: { readonly place: RunPlace; readonly now: number },
): string {
  // One column stays free, so that a terminal does not wrap the line it writes over.
  return WAITING + heldText(view, { now, width: place.progressColumns - WAITING.length - 1 })
}

function releasedLine(view: ChangeView, { manner }: Context): string {
  const { evaluation } = view
  const until =
    view.releasedUntil === null ? '' : `   good until ${clock(view.releasedUntil, manner.now)}`
  if (evaluation?.verdict === 'allow') {
    return `${manner.ink('green', 'Allowed')}  by ${safe(evaluation.allowedBy ?? 'default')}${until}`
  }
  const last = view.decisions.filter((each) => each.decision === 'approve').at(-1)
  const by =
    last === undefined
      ? ''
      : `  ${clock(last.at, manner.now)} by ${safe(last.person.name ?? 'somebody')}`
  return `${manner.ink('green', 'Released')}${by}`
}

const DIGEST_SHOWN = 8

function differsLines(
  differences: readonly { part: string; name: string | null; approved: string; now: string }[],
  { state, manner }: Context,
): readonly string[] {
  const until = state.view?.releasedUntil ?? null
  const end = until === null ? 'they expire' : clock(until, manner.now)
  const rows = differences.map((each) => {
    const name = safe(each.name ?? each.part)
    return `  ${name}   approved ${short(each.approved)}  now ${short(each.now)}`
  })
  return [
    `${manner.ink('red', 'REFUSED TO START')}  what would run is not what was approved`,
    ...rows,
    ...goesOn(state, end),
  ]
}

/** A gate goes on with its plan file; a person's equal plan goes on; behind a token are many. */
function goesOn({ view, goesOnWith }: RunState, end: string): readonly string[] {
  const isGate = view?.door === 'gate'
  if (!isGate && view?.requester.kind !== 'person')
    return [
      `  Nothing was applied. Until ${end} the approvals stand for this very run;`,
      '  a new one asks for them anew.',
    ]
  return [
    '  Nothing was applied. The approvals stand: put it back and run',
    `  holdpoint ${isGate ? 'gate' : (goesOnWith ?? 'apply')} again before ${end}, or plan anew.`,
  ]
}

function short(text: string): string {
  return /^[0-9a-f]{64}/.test(text) ? text.slice(0, DIGEST_SHOWN) : safe(text, 60)
}
