/** The inbox: three groups, the worst and the most urgent first, one line each. */
import type { Reply } from '@holdpoint/api/client'
import type { Ink } from './render.ts'
import { askedBy, clock, cutEnd, left as leftText, safe, shortId } from './render-text.ts'

type Row = Reply<'inbox'>['needsYou'][number]

export interface InboxManner {
  readonly ink: Ink
  readonly columns: number
  readonly now: number
}

const HOUR = 3_600_000

export function renderInbox(inbox: Reply<'inbox'>, manner: InboxManner): readonly string[] {
  const groups = [
    ...group('Needs you', inbox.needsYou, manner),
    ...group('Waiting for others', inbox.waitingForOthers, manner),
    ...group('Yours', inbox.yours, manner),
  ]
  if (inbox.needsYou.length > 0) return groups
  return [...groups, 'Nothing needs you']
}

function group(title: string, rows: readonly Row[], manner: InboxManner): readonly string[] {
  if (rows.length === 0) return []
  const sorted = rows.toSorted(
    (a, b) => danger(b) - danger(a) || reminded(b) - reminded(a) || due(a) - due(b),
  )
  return [manner.ink('bold', title), ...sorted.flatMap((row) => oneRow(row, manner))]
}

function danger(row: Row): number {
  if (row.status === 'outcome_unknown') return 3
  const destroyed = (row.summary['delete'] ?? 0) + (row.summary['replace'] ?? 0)
  return destroyed > 0 ? 2 : 1
}

function reminded(row: Row): number {
  return row.remindedAt === null ? 0 : 1
}

function due(row: Row): number {
  return row.dueAt ?? Number.POSITIVE_INFINITY
}

function oneRow(row: Row, { ink, columns, now }: InboxManner): readonly string[] {
  const destroys = danger(row) === 2
  const glyph = row.status === 'outcome_unknown' ? '!' : destroys ? '-' : '~'
  const head = `${shortId(row.id)}  ${safe(row.workspace.name)}`
  const left = row.dueAt === null ? '' : `${leftText(row.dueAt - now)} left`
  const urgent = row.dueAt !== null && row.dueAt - now < HOUR
  const facts = [
    row.status.replaceAll('_', ' '),
    row.slotsTotal === 0 ? '' : `${row.slotsFilled} of ${row.slotsTotal}`,
    row.remindedAt === null ? '' : ink('amber', `reminded ${clock(row.remindedAt, now)}`),
    `by ${askedBy(row)}`,
    row.glass === null ? '' : `break-glass, review ${row.glass.review}`,
  ].filter((text) => text !== '')
  const time = left === '' ? '' : `   ${urgent ? ink('amber', left) : left}`
  const title = cutEnd(`${head}  ${safe(row.headline)}`, columns - 4)
  return [`  ${ink(destroys ? 'red' : 'blue', glyph)} ${title}`, `    ${facts.join('   ')}${time}`]
}
