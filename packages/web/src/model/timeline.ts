/** The timeline: one line per entry, actor, verb in past tense, gaps drawn as waiting. */
import { connectionName } from '@holdpoint/core'
import { actorName } from './actors.ts'
import { differences, memberOf } from './status.ts'
import { clock, duration, type Moment, moment, utc } from './time.ts'
import type { ChangeView, TimelineEntry } from './wire.ts'

export type TimelineLine =
  | { readonly kind: 'gap'; readonly key: string; readonly text: string }
  | {
      readonly kind: 'entry'
      readonly key: string
      readonly seq: number
      readonly time: string
      readonly utc: string
      readonly who: string
      readonly what: string
      /** Indented below what caused it. */
      readonly effect: boolean
    }

const GAP_MS = 10 * 60_000

export function timelineOf(change: ChangeView, when: Moment): readonly TimelineLine[] {
  const lines: TimelineLine[] = []
  let last: TimelineEntry | null = null
  for (const entry of change.timeline) {
    if (last !== null && entry.at - last.at > GAP_MS) lines.push(gap(last, entry))
    lines.push(line(entry, change, when))
    last = entry
  }
  return lines
}

function gap(before: TimelineEntry, after: TimelineEntry): TimelineLine {
  return {
    kind: 'gap',
    key: `gap ${before.seq}`,
    text: `waited ${duration(after.at - before.at)} for ${awaited(after)}`,
  }
}

/** Whoever moved next is who it waited for. */
function awaited(entry: TimelineEntry): string {
  if (entry.type === 'expired') return 'somebody to decide'
  return entry.actor.kind === 'system' ? 'the next step' : actorName(entry.actor)
}

function line(entry: TimelineEntry, change: ChangeView, when: Moment): TimelineLine {
  const sameDay = moment(entry.at, when) === clock(entry.at, when)
  return {
    kind: 'entry',
    key: String(entry.seq),
    seq: entry.seq,
    time: sameDay ? clock(entry.at, when) : moment(entry.at, when),
    utc: utc(entry.at),
    who: actorName(entry.actor),
    what: whatHappened(entry, change),
    effect: entry.actor.kind === 'system' || entry.type === 'credentials_issued',
  }
}

function whatHappened(entry: TimelineEntry, change: ChangeView): string {
  const write = VERBS[entry.type]
  return write === undefined
    ? entry.type.replaceAll('_', ' ')
    : write(entry.event, { entry, change })
}

interface About {
  readonly entry: TimelineEntry
  readonly change: ChangeView
}
type Write = (event: unknown, about: About) => string

const RELEASED: { readonly [by: string]: string } = {
  allow: 'allowed by rule',
  approvals: 'by approvals',
  break_glass: 'by broken glass',
}

const VERBS: { readonly [type: string]: Write } = {
  change_opened: () => 'opened it',
  evaluated: (event) =>
    `evaluated it: ${textIn(event, 'verdict')}, policy revision ${textIn(event, 'policyRevision')}`,
  approved: (event) => `approved, ${textIn(event, 'assurance')}`,
  rejected: (_event, { change }) => {
    const reason = change.decisions.find((each) => each.decision === 'reject')?.reason
    return reason === null || reason === undefined ? 'rejected' : `rejected: “${reason}”`
  },
  approval_taken_back: () => 'took the approval back',
  replanned: () => 'planned again: the same plan, so it goes on',
  released: (event) => `released it, ${RELEASED[textIn(event, 'by')] ?? 'by approvals'}`,
  glass_broken: (_event, { change }) =>
    `broke the glass${change.glass?.reason == null ? '' : `: “${change.glass.reason}”`}`,
  glass_reviewed: (event) => `reviewed it: ${textIn(event, 'finding').replaceAll('_', ' ')}`,
  returned_to_hold: (event) =>
    `put it back on hold: ${textIn(event, 'because').replaceAll('_', ' ')}`,
  execution_started: (event) =>
    `started the one execution, verified by ${textIn(event, 'verifiedBy').replaceAll('_', '-')} runner`,
  credentials_issued: (event, { change }) => {
    const id = textIn(event, 'connection')
    const issued = change.execution?.credentials.find((each) => each.connection === id)
    const where = issued?.kind == null ? '' : ` for ${connectionName(issued.kind)}`
    const what = textIn(event, 'purpose') === 'state' ? ', to save the state' : ''
    return `was given a credential${where}${what}`
  },
  grant_revoked: (_event, { change }) => {
    const because = change.execution?.revokedBecause ?? null
    return `stopped it${because === null ? '' : `: “${because}”`}`
  },
  execution_refused: (_event, { entry }) =>
    `refused to start: ${
      differences(entry)
        .map((each) => each.part)
        .join(', ') || 'something'
    } differs`,
  execution_finished: (event) =>
    `finished: ${textIn(event, 'result')}, ${textIn(event, 'appliedCount')} of ${textIn(event, 'totalCount')}`,
  outcome_unknown: (event) => `lost it: ${textIn(event, 'because').replaceAll('_', ' ')}`,
  outcome_reported_late: (event) => `reported late: ${textIn(event, 'result')}`,
  outcome_resolved: (event) =>
    `said what happened: ${textIn(event, 'resolution').replaceAll('_', ' ')}`,
  superseded: (event) => `superseded it by ${textIn(event, 'by')}`,
  withdrawn: () => 'withdrew it',
  expired: () => 'closed it: its time was up',
}

function textIn(event: unknown, key: string): string {
  const value = memberOf(event, key)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown'
}
