/**
 * The history: filters that live in the address, what they ask of the server, and rows by day with
 * what became of each change and who decided. Rights are the server's: what is not answered is not
 * there.
 */
import { presentActions } from './actions.ts'
import { actorName } from './actors.ts'
import { byWhom, type InboxRow, iconOf } from './inbox-view.ts'
import { clock, duration, type Moment, weekday } from './time.ts'
import type { ChangeRow, HistoryQuery, HistoryRow } from './wire.ts'
import { list } from './words.ts'

type Status = ChangeRow['status']

export const STATUS_GROUPS = {
  open: { title: 'Open', statuses: ['evaluating', 'held', 'released', 'executing'] },
  applied: { title: 'Applied', statuses: ['applied'] },
  refused: { title: 'Denied or rejected', statuses: ['denied', 'rejected'] },
  failed: { title: 'Failed or unknown', statuses: ['failed', 'outcome_unknown'] },
  ended: {
    title: 'Expired, superseded, withdrawn',
    statuses: ['expired', 'superseded', 'withdrawn'],
  },
} as const satisfies { readonly [group: string]: StatusGroup }

interface StatusGroup {
  readonly title: string
  readonly statuses: readonly Status[]
}

export type GroupName = keyof typeof STATUS_GROUPS
export const GROUP_NAMES: readonly GroupName[] = ['open', 'applied', 'refused', 'failed', 'ended']

/** The settings of the address, in the order that they are offered in. */
export const HISTORY_SETTINGS = [
  ...['q', 'status', 'workspace', 'rule', 'requester', 'from', 'to', 'glass', 'agent'],
] as const

export function isNarrowed(query: URLSearchParams): boolean {
  return HISTORY_SETTINGS.some((name) => (query.get(name) ?? '') !== '')
}

export const GLASS_NAMES = ['broken', 'owed'] as const
export const GLASS_TITLES = {
  broken: 'Broken glass',
  owed: 'Review owed',
} as const satisfies { readonly [N in (typeof GLASS_NAMES)[number]]: string }

/** What the address asks of the server; a setting that says nothing is left out. */
export function historyQueryOf(query: URLSearchParams): HistoryQuery {
  const group = GROUP_NAMES.find((name) => name === query.get('status'))
  const glass = GLASS_NAMES.find((each) => each === query.get('glass'))
  const from = dayStart(query.get('from'), 0)
  const until = dayStart(query.get('to'), 1)
  const typed = (name: string, as: 'text' | 'workspace' | 'rule' | 'requester') => {
    const value = query.get(name)?.trim() ?? ''
    return value === '' ? {} : { [as]: value }
  }
  return {
    ...(group === undefined ? {} : { status: STATUS_GROUPS[group].statuses.join(',') }),
    ...typed('q', 'text'),
    ...typed('workspace', 'workspace'),
    ...typed('rule', 'rule'),
    ...typed('requester', 'requester'),
    ...(glass === undefined ? {} : { glass }),
    ...(query.get('agent') === '1' ? { agent: '1' as const } : {}),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  }
}

/** Midnight of a day as the reader's clock has it, so many days later; `null` for no day. */
function dayStart(day: string | null, later: number): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '')
  if (parts === null) return null
  const [year, month, date] = parts.slice(1).map(Number)
  if (year === undefined || month === undefined || date === undefined) return null
  const at = new Date(year, month - 1, date + later).getTime()
  return Number.isNaN(at) || at < 0 ? null : at
}

export interface HistoryDay {
  readonly title: string
  readonly rows: readonly InboxRow[]
}

/** Rows in the order they came, under the day that they were opened on. */
export function historyDays(rows: readonly HistoryRow[], when: Moment): readonly HistoryDay[] {
  const days: { title: string; rows: InboxRow[] }[] = []
  for (const row of rows) {
    const title = weekday(row.openedAt, when)
    const last = days.at(-1)
    if (last?.title === title) last.rows.push(historyRow(row, when))
    else days.push({ title, rows: [historyRow(row, when)] })
  }
  return days
}

function historyRow(row: HistoryRow, when: Moment): InboxRow {
  return {
    id: row.id,
    ...iconOf(row),
    breakGlass: row.glass !== null,
    headline: row.headline,
    sub: `${row.workspace.name}, ${byWhom(row)}`,
    counts: presentActions(row.summary),
    who: [becameOf(row), decidedBy(row)],
    left: clock(row.openedAt, when),
    soon: false,
    since: tookText(row),
    ended: true,
  }
}

const BECAME: { readonly [S in Status]: string } = {
  evaluating: 'Reading the plan',
  held: 'Held',
  released: 'Released',
  executing: 'Applying',
  applied: 'Applied',
  failed: 'Failed',
  outcome_unknown: 'Outcome unknown',
  denied: 'Denied',
  rejected: 'Rejected',
  expired: 'Expired',
  superseded: 'Superseded',
  withdrawn: 'Withdrawn',
}

function becameOf(row: HistoryRow): string {
  const { status, outcome, resolution } = row
  if (resolution !== null) return RESOLVED[resolution]
  if (status === 'held') return `Held, ${row.slotsFilled} of ${row.slotsTotal}`
  if ((status === 'applied' || status === 'failed') && outcome !== null)
    return `${BECAME[status]}, ${outcome.appliedCount} of ${outcome.totalCount}`
  return BECAME[status]
}

const RESOLVED = {
  applied: 'Applied, an owner says',
  not_applied: 'Not applied, an owner says',
  in_part: 'In part, an owner says',
} as const

function glassText({ by, review }: NonNullable<HistoryRow['glass']>): string {
  const owed = review === 'done' ? '' : ', review owed'
  return `break-glass by ${actorName(by)}${owed}`
}

function decidedBy(row: HistoryRow): string {
  if (row.glass !== null) return glassText(row.glass)
  const names = row.decided.map(({ person }) => actorName(person))
  if (names.length > 2) return `by ${names[0]} and ${names.length - 1} more`
  if (names.length > 0) return `by ${list(names, 'and')}`
  const rules = row.rules.slice(0, 2).join(', ')
  if (row.verdict === 'allow') return `allowed by ${rules || 'the default'}`
  return row.verdict === null ? '' : rules
}

function tookText({ decided, openedAt, status }: HistoryRow): string {
  const last = Math.max(...decided.map(({ at }) => at))
  return decided.length === 0 || status === 'held' ? '' : `decided in ${duration(last - openedAt)}`
}
