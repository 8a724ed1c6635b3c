/** Rows of the inbox: sorted by danger, then reminded ones, then by time left; amber below one hour. */

import { type Counts, presentActions } from './actions.ts'
import { requesterName } from './actors.ts'
import { ago, clock, left as leftText, type Moment, moment } from './time.ts'
import type { ChangeRow, Inbox } from './wire.ts'
import { count } from './words.ts'

export type InboxIcon = 'danger' | 'held' | 'unknown' | 'running' | 'done' | 'bad' | 'quiet'

export interface InboxRow {
  readonly id: string
  readonly icon: InboxIcon
  readonly iconText: string
  readonly breakGlass: boolean
  /** `reminded 02:14`: it was said again that it waits for you. */
  readonly reminded?: string
  readonly headline: string
  /** `payments/prod, by Mira Kovač`. */
  readonly sub: string
  readonly counts: ReturnType<typeof presentActions>
  readonly who: readonly [string, string]
  readonly left: string
  readonly soon: boolean
  readonly since: string
  /** Says what became of it, on a phone too. */
  readonly ended?: true
}

export interface InboxGroup {
  readonly title: 'Needs you' | 'Waiting for others' | 'Yours'
  readonly rows: readonly InboxRow[]
}

const HOUR_MS = 3_600_000

export function inboxGroups(inbox: Inbox, when: Moment): readonly InboxGroup[] {
  const rows = (changes: readonly ChangeRow[]) => bySeverity(changes).map((each) => row(each, when))
  const yours = inbox.yours.toSorted((one, other) => other.openedAt - one.openedAt)
  const groups: readonly InboxGroup[] = [
    { title: 'Needs you', rows: rows(inbox.needsYou) },
    { title: 'Waiting for others', rows: rows(inbox.waitingForOthers) },
    { title: 'Yours', rows: yours.map((each) => row(each, when)) },
  ]
  return groups
}

function bySeverity(changes: readonly ChangeRow[]): readonly ChangeRow[] {
  const lost = (counts: Counts) => (counts['delete'] ?? 0) * 2 + (counts['replace'] ?? 0)
  const danger = (change: ChangeRow) =>
    change.status === 'outcome_unknown'
      ? 3
      : lost(change.summary) > 1
        ? 2
        : Math.min(1, lost(change.summary))
  return changes.toSorted(
    (one, other) =>
      danger(other) - danger(one) ||
      Number(other.remindedAt !== null) - Number(one.remindedAt !== null) ||
      (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity),
  )
}

function row(change: ChangeRow, when: Moment): InboxRow {
  const left = change.dueAt === null ? null : change.dueAt - when.now
  return {
    id: change.id,
    ...iconOf(change),
    breakGlass: change.glass !== null,
    ...remindedOf(change, when),
    headline: change.headline,
    sub: `${change.workspace.name}, ${byWhom(change)}`,
    counts: presentActions(change.summary),
    who: whoText(change),
    left: left === null ? '' : `${leftText(left)} left`,
    soon: left !== null && left < HOUR_MS,
    since: sinceText(change, when),
  }
}

export function remindedOf(
  { remindedAt }: Pick<ChangeRow, 'remindedAt'>,
  when: Moment,
): { readonly reminded?: string } {
  return remindedAt === null ? {} : { reminded: `reminded ${clock(remindedAt, when)}` }
}

const ICONS: { readonly [S in ChangeRow['status']]: { icon: InboxIcon; iconText: string } } = {
  evaluating: { icon: 'running', iconText: 'Reading the plan' },
  held: { icon: 'held', iconText: 'Held' },
  released: { icon: 'done', iconText: 'Released' },
  executing: { icon: 'running', iconText: 'Applying' },
  applied: { icon: 'done', iconText: 'Applied' },
  failed: { icon: 'bad', iconText: 'Failed while applying' },
  outcome_unknown: { icon: 'unknown', iconText: 'Outcome unknown' },
  denied: { icon: 'bad', iconText: 'Denied by a rule' },
  rejected: { icon: 'bad', iconText: 'Rejected' },
  expired: { icon: 'quiet', iconText: 'Expired' },
  superseded: { icon: 'quiet', iconText: 'Superseded' },
  withdrawn: { icon: 'quiet', iconText: 'Withdrawn' },
}

export function iconOf(change: ChangeRow): { readonly icon: InboxIcon; readonly iconText: string } {
  const deletes = (change.summary['delete'] ?? 0) > 0
  if (change.status === 'held' && deletes) return { icon: 'danger', iconText: 'Held, deletes' }
  return ICONS[change.status]
}

export function byWhom(change: ChangeRow): string {
  return `by ${requesterName(change)}`
}

function whoText(change: ChangeRow): readonly [string, string] {
  if (change.glass !== null && change.glass.review !== 'done') return glassText(change.glass)
  if (change.status === 'outcome_unknown')
    return change.needsYou
      ? ['You own the workspace', 'Say what happened']
      : ['Outcome unknown', 'An owner has to look']
  if (change.status === 'held') {
    const filled = `${change.slotsFilled} of ${count(change.slotsTotal, 'approval')}`
    return [
      change.needsYou ? 'You can fill a slot' : filled,
      change.needsYou ? filled : rulesText(change),
    ]
  }
  if (change.status === 'released' && change.verdict !== 'allow')
    return ['Released', 'Not started yet']
  const verdict = change.verdict === 'allow' ? 'Allowed by a rule' : ICONS[change.status].iconText
  return [verdict, rulesText(change)]
}

/** Before all else: somebody was passed by, and somebody owes a word on it. */
function glassText(glass: NonNullable<ChangeRow['glass']>): readonly [string, string] {
  const by = glass.by.name ?? glass.by.id ?? 'somebody'
  return [
    `Break-glass by ${by}`,
    glass.review === 'overdue' ? 'Its review is overdue' : 'A review is owed',
  ]
}

function rulesText(change: ChangeRow): string {
  return change.rules.slice(0, 2).join(', ')
}

function sinceText(change: ChangeRow, when: Moment): string {
  if (change.status === 'held') return `held ${moment(change.openedAt, when)}`
  return ago(change.openedAt, when)
}
