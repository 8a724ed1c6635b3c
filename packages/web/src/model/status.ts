/**
 * Title and second line of every status (UX, Words): who moves next, in one sentence. Nothing here
 * guesses: what the server did not say is not said.
 */
import { actorName, whoApplies } from './actors.ts'
import { nobodyCan, waitingFor } from './slots.ts'
import { wasStopped } from './stopping.ts'
import { clock, duration, exactDuration, left, type Moment, moment } from './time.ts'
import type { ChangeView, TimelineEntry } from './wire.ts'
import { capital, list } from './words.ts'

export type Tone = 'held' | 'good' | 'quiet' | 'running' | 'bad' | 'unknown'

export interface StatusView {
  readonly tone: Tone
  readonly title: string
  /** Beside the pill: since when, until when. */
  readonly beside: string
  /** The second line. */
  readonly line: string
}

export function statusOf(change: ChangeView, when: Moment): StatusView {
  return WORDS[change.status](change, when)
}

type Writer = (change: ChangeView, when: Moment) => StatusView

function view(tone: Tone, title: string, rest: { beside: string; line: string }): StatusView {
  return { tone, title, ...rest }
}

const WORDS: { readonly [S in ChangeView['status']]: Writer } = {
  evaluating: (change, when) =>
    view('quiet', 'Reading the plan', {
      beside: `since ${moment(change.openedAt, when)}`,
      line: 'Usually under a second. Nothing can be decided yet.',
    }),
  held: (change, when) =>
    view('held', 'Held', { beside: heldBeside(change, when), line: heldLine(change) }),
  released,
  executing,
  applied: (change, when) =>
    view('good', 'Applied', { beside: endedBeside(change, when), line: appliedLine(change) }),
  failed: (change, when) =>
    view('bad', change.resolution === null ? 'Failed while applying' : 'Not applied in full', {
      beside: endedBeside(change, when),
      line: failedLine(change),
    }),
  outcome_unknown: (change, when) =>
    view('unknown', 'Outcome unknown', {
      beside: endedBeside(change, when),
      line:
        'It started and never reported back. It may have been applied in part, and is not tried ' +
        'again by itself. Somebody has to look.',
    }),
  denied: (change, when) =>
    view('bad', 'Denied by a rule', {
      beside: endedBeside(change, when),
      line: deniedLine(change),
    }),
  rejected: (change, when) => {
    const decision = change.decisions.find((each) => each.decision === 'reject')
    const who = decision === undefined ? 'somebody' : actorName(decision.person)
    const reason = decision?.reason ?? null
    const line = reason === null ? 'The reason was erased.' : `“${reason}”`
    return view('bad', `Rejected by ${who}`, { beside: endedBeside(change, when), line })
  },
  expired: (change, when) =>
    view('quiet', 'Expired', { beside: endedBeside(change, when), line: expiredLine(change) }),
  superseded: (change, when) =>
    view('quiet', 'Superseded', {
      beside: endedBeside(change, when),
      line: `${capital(whoApplies(change))} opened ${change.supersededBy ?? 'another change'}. Approvals do not carry over.`,
    }),
  withdrawn: (change, when) =>
    view('quiet', 'Withdrawn', {
      beside: endedBeside(change, when),
      line: `${capital(actorName(change.requester))} took it back. Plan again to ask again.`,
    }),
}

function executing(change: ChangeView, when: Moment): StatusView {
  const startedAt = change.execution?.startedAt ?? change.openedAt
  const beside = `started ${moment(startedAt, when)}`
  const stopped = wasStopped(change)
  if (stopped === '')
    return view('running', 'Applying', {
      beside,
      line: `Started ${clock(startedAt, when)}. Rejecting no longer stops it, stopping its grant does.`,
    })
  if (change.door === 'gate')
    return view('running', 'Applying', {
      beside,
      line: `${stopped} The pipeline applies by itself and is not told.`,
    })
  return view('held', 'Told to stop', {
    beside,
    line: `${stopped} Nothing is renewed, and the tool ends at its next heartbeat.`,
  })
}

function heldBeside(change: ChangeView, when: Moment): string {
  const since = `since ${moment(change.openedAt, when)}`
  return change.dueAt === null ? since : `${since}, expires in ${left(change.dueAt - when.now)}`
}

function heldLine(change: ChangeView): string {
  if (change.you.approve === null && change.needsYou)
    return change.lastForRelease ? 'You fill the last slot.' : 'You fill one of its slots.'
  const nobody = nobodyCan(change)
  if (nobody.length > 0)
    return `Nobody in ${list(nobody, 'or')} can decide this one. An admin has to add somebody, and it has to be planned again.`
  return `Waiting for ${waitingFor(change)}. Nobody else can release it.`
}

function released(change: ChangeView, when: Moment): StatusView {
  const until = change.releasedUntil ?? change.dueAt
  const good = until === null ? '' : `good until ${moment(until, when)}`
  const refused = refusedStart(change)
  if (refused !== null)
    return view('bad', 'Refused to start', {
      beside: `nothing was applied, ${good}`,
      line: `What would run is not what was approved: ${refused} differs. The approvals stand. Put it back and start again.`,
    })
  if (change.evaluation?.verdict === 'allow')
    return view('good', 'Allowed', {
      beside: good,
      line: `By ${change.evaluation.allowedBy ?? 'the default'}. ${capital(good)}.`,
    })
  return view('good', 'Released', {
    beside: good,
    line: `${capital(whoApplies(change))} may now apply exactly this. Approvals can be taken back until it starts.`,
  })
}

/** What differed at the last start, when that start was refused. */
export function refusedStart(change: ChangeView): string | null {
  const last = change.timeline.findLast(
    (entry) => entry.type === 'execution_refused' || entry.type === 'released',
  )
  if (last?.type !== 'execution_refused') return null
  const parts = differences(last).map((each) => each.part)
  return parts.length === 0 ? 'something' : list([...new Set(parts)], 'and')
}

export interface DifferenceLine {
  readonly part: string
  readonly approved: string
  readonly now: string
}

/** The differences an `execution_refused` entry holds; anything malformed is left out. */
export function differences(entry: TimelineEntry): readonly DifferenceLine[] {
  const found: unknown = memberOf(entry.event, 'differences')
  if (!Array.isArray(found)) return []
  return found.flatMap((each: unknown) => {
    const part = memberOf(each, 'part')
    const approved = memberOf(each, 'approved')
    const now = memberOf(each, 'now')
    const whole =
      typeof part === 'string' && typeof approved === 'string' && typeof now === 'string'
    return whole ? [{ part, approved, now }] : []
  })
}

export function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function endedAt(change: ChangeView): number {
  return change.timeline.at(-1)?.at ?? change.openedAt
}

function endedBeside(change: ChangeView, when: Moment): string {
  return moment(endedAt(change), when)
}

function appliedLine(change: ChangeView): string {
  if (change.resolution !== null) return resolvedLine(change)
  const { outcome, execution } = change
  if (outcome === null) return 'It was applied.'
  const took =
    execution === null ? '' : ` in ${exactDuration(endedAt(change) - execution.startedAt)}`
  const late = outcome.sourceChanged ? ' The source changed while it ran.' : ''
  return `${outcome.appliedCount} of ${outcome.totalCount} changes${took}.${late}${after(change)}`
}

function failedLine(change: ChangeView): string {
  if (change.resolution !== null) return resolvedLine(change)
  const { outcome } = change
  if (outcome === null) return 'It ended with an error.'
  return `${outcome.appliedCount} of ${outcome.totalCount} applied before the error. The tool ended with ${outcome.exitCode}.${after(change)}`
}

function after(change: ChangeView): string {
  const stopped = wasStopped(change)
  return stopped === '' ? '' : ` ${stopped}`
}

const RESOLUTIONS = {
  applied: 'it was applied',
  not_applied: 'it was not applied',
  in_part: 'it was applied in part',
} as const

function resolvedLine(change: ChangeView): string {
  const entry = change.timeline.findLast((each) => each.type === 'outcome_resolved')
  const who = entry === undefined ? 'An owner' : actorName(entry.actor)
  return `It never reported back. ${who} looked and says ${RESOLUTIONS[change.resolution ?? 'in_part']}.`
}

function deniedLine(change: ChangeView): string {
  const denying = change.findings.filter((each) => each.outcome === 'deny')
  const parts = denying.map((each) => {
    const where = each.resources.length === 0 ? '' : ` on ${each.resources.slice(0, 2).join(', ')}`
    return `${each.rule}: ${each.message}${where}`
  })
  return `${parts.join('; ') || 'A rule forbids it'}. Nobody can approve this.`
}

function expiredLine(change: ChangeView): string {
  const released = change.timeline.some((each) => each.type === 'released')
  if (released) return 'Released, but not started in time. Plan again to ask again.'
  const seconds = change.evaluation?.requirement?.expiresSeconds ?? null
  const within = seconds === null ? 'in time' : `within ${duration(seconds * 1000)}`
  return `Not decided ${within}. Plan again to ask again.`
}
