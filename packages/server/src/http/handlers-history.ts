/**
 * Every change that one may see, newest first. What one may not see is never looked at, so it is
 * neither shown nor counted, and a cursor into it is not found.
 */
import { STATUSES, type Status } from '@holdpoint/core'
import type { ChangeRecord } from '../ports.ts'
import type { Services } from '../services.ts'
import { type ChangeFilter, EVERY_CHANGE, firstEntryAt, type Sight } from '../views-queries.ts'
import { type HistoryRowView, historyRowOf, type Viewer } from '../views-row.ts'
import { seenChange, sightOf, viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, refused, type Value } from './handler.ts'

export function historyHandlers(services: Services): Pick<Handlers, 'changes'> {
  return { changes: (ask) => changes(ask, services) }
}

type Query = Ask<'changes'>['query']

/** Looked at for one answer; where more is left, `next` says how to go on. */
const LOOKED_AT_MAX = 2_000
/** A headline is computed from its plan, which may be long. */
const HEADLINES_MAX = 400
const BATCH = 200

async function changes(
  { actor, query }: Ask<'changes'>,
  services: Services,
): ReturnType<Handlers['changes']> {
  const statuses = query.status === undefined ? null : statusesOf(query.status)
  if (statuses?.length === 0)
    return refused({
      code: 'invalid_input',
      problems: [`status: must be some of ${STATUSES.join(', ')}, separated by commas`],
    })
  const before = query.before === undefined ? null : await seenChange(actor, query.before, services)
  if (before?.ok === false) return before
  const viewer = await viewerFor(actor, services)
  const filter = {
    ...EVERY_CHANGE,
    sight: sightIn(query, viewer),
    statuses,
    requesters: query.requester === undefined ? null : requestersNamed(query.requester, viewer),
    glass: query.glass ?? null,
    ...(await places(query, before?.value.openedSeq ?? null, services)),
  }
  return done(await collect(query, filter, { viewer, services }))
}

function sightIn(query: Query, viewer: Viewer): Sight {
  const seen = sightOf(viewer.access, viewer.actor, viewer.now)
  if (query.workspace === undefined) return seen
  const named = [...viewer.access.workspaces.values()]
    .filter(({ name }) => name === query.workspace)
    .map(({ id }) => id)
  return seen === 'all' ? named : named.filter((id) => seen.includes(id))
}

/** Handle or id, or a part of the name. */
function requestersNamed(typed: string, { access, names }: Viewer): readonly string[] {
  const text = typed.toLowerCase()
  const people = [...access.people.keys()].filter(
    (id) =>
      id === typed ||
      names.profile(id)?.handle === text ||
      names.person(id).toLowerCase().includes(text),
  )
  const tokens = [...access.tokens.values()].filter(
    ({ id, name }) => id === typed || name.toLowerCase().includes(text),
  )
  return [...people, ...tokens.map(({ id }) => id)]
}

async function places(
  { from, until }: Query,
  before: number | null,
  { database }: Services,
): Promise<Pick<ChangeFilter, 'openedFrom' | 'openedBefore'>> {
  const { kysely } = database
  const openedFrom = from === undefined ? null : await firstEntryAt(kysely, from)
  const end = until === undefined ? null : await firstEntryAt(kysely, until)
  const ends = [before, end].filter((each) => each !== null)
  return { openedFrom, openedBefore: ends.length === 0 ? null : Math.min(...ends) }
}

interface Looking {
  readonly viewer: Viewer
  readonly services: Services
}

/** Reads on until the page is full, nothing is left, or enough was looked at. */
async function collect(
  query: Query,
  filter: ChangeFilter,
  { viewer, services }: Looking,
): Promise<Value<'changes'>> {
  const rows: HistoryRowView[] = []
  let { openedBefore } = filter
  const most = query.text === undefined ? LOOKED_AT_MAX : HEADLINES_MAX
  let lookedAt = 0
  while (lookedAt < most) {
    const batch = await services.gate.changes({ ...filter, openedBefore, limit: BATCH })
    for (const record of batch) {
      lookedAt += 1
      openedBefore = record.openedSeq
      const row = await matching(record, query, viewer)
      if (row !== null) rows.push(row)
      if (rows.length === query.limit) return { changes: rows, next: record.change.changeId }
    }
    const last = batch.at(-1)
    if (last === undefined) return { changes: rows, next: null }
    if (lookedAt >= most) return { changes: rows, next: last.change.changeId }
  }
  return { changes: rows, next: null }
}

async function matching({ change }: ChangeRecord, query: Query, viewer: Viewer) {
  if (query.agent === '1' && change.requester.kind !== 'agent') return null
  if (query.rule !== undefined && change.evaluation?.rules.includes(query.rule) !== true)
    return null
  const row = await historyRowOf(change, viewer)
  return query.text === undefined || says(row, query.text) ? row : null
}

function says(row: HistoryRowView, typed: string): boolean {
  const text = typed.toLowerCase()
  const said = [row.id, row.headline, row.workspace.name, row.requester.name, row.agentName]
  return said.some((each) => each?.toLowerCase().includes(text) === true)
}

/** Empty when one of the words is no status. */
function statusesOf(text: string): readonly Status[] {
  const words = text.split(',')
  const found = STATUSES.filter((status) => words.includes(status))
  return found.length === new Set(words).size ? found : []
}
