/**
 * The figures of the insights page, counted from the entries of the log. What was read once is kept
 * as facts, so that an answer costs the entries since the last one; answers are kept for as long as
 * the log has not grown.
 */
import { setImmediate } from 'node:timers/promises'
import type { inputs, overview } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Access,
  type ChangeFacts,
  type ChangeId,
  insightsOf,
  noteRecorded,
  type PersonId,
  parseChangeId,
  parseEntry,
  type WorkspaceId,
  weekStart,
} from '@holdpoint/core'
import type { z } from 'zod'
import { isChangeEvent } from './gate-changes.ts'
import type { Services } from './services.ts'
import type { LeafRow, Sight } from './views-queries.ts'
import { leavesBetween, logSize } from './views-queries.ts'
import type { Viewer } from './views-row.ts'

type InsightsValue = z.input<typeof overview.InsightsView>
type Query = z.output<typeof inputs.InsightsQuery>
type AskInsights = (query: Query, sight: Sight, viewer: Viewer) => Promise<InsightsValue>

const WEEK_MS = 7 * 24 * 60 * 60 * 1000
const ANSWERS_MAX = 200

export function createInsights(services: Services): AskInsights {
  const fold = new InsightFold(services)
  let size = -1
  let answers = new Map<string, InsightsValue>()
  return async (query, sight, viewer) => {
    await fold.advance()
    if (fold.size !== size || answers.size > ANSWERS_MAX) answers = new Map()
    size = fold.size
    const key = keyOf(query, sight, viewer)
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = figuresOf(fold, { query, sight, viewer })
    answers.set(key, answer)
    return answer
  }
}

interface Asked {
  readonly query: Query
  readonly sight: Sight
  readonly viewer: Viewer
}

/** The time goes in by its week: figures of this one grow with the log, not with the clock. */
function keyOf(query: Query, sight: Sight, { actor, now }: Viewer): string {
  const who = actor.kind === 'system' ? null : actor.id
  const week = weekStart(now, query.offset)
  const { weeks, workspace = null, offset } = query
  return JSON.stringify([who, week, weeks, workspace, offset, sight])
}

function figuresOf(fold: InsightFold, { query, sight, viewer }: Asked): InsightsValue {
  const { access, actor, now } = viewer
  const seen = [...access.workspaces.values()].filter(
    ({ id }) => sight === 'all' || sight.includes(id),
  )
  const wanted = seen.filter(
    ({ name }) => query.workspace === undefined || name === query.workspace,
  )
  const ids = new Set<WorkspaceId>(wanted.map(({ id }) => id))
  const from = weekStart(now, query.offset) - (query.weeks - 1) * WEEK_MS
  const until = weekStart(now, query.offset) + WEEK_MS
  const figures = insightsOf(
    [...fold.facts.values()].filter(({ workspace }) => ids.has(workspace)),
    {
      from,
      until,
      offsetMinutes: query.offset,
      teams: teamsOf(access),
      you: actor.kind === 'person' ? actor.id : null,
    },
  )
  return { from, until, workspaces: seen.map(({ name }) => name).toSorted(), ...figures }
}

function teamsOf(access: Access): ReadonlyMap<string, readonly PersonId[]> {
  return new Map(
    [...access.teams].map(([name, members]) => [name, members.map(({ person }) => person)]),
  )
}

const PAGE = 500

/** Facts of every change, read on from where it stopped; one reader at a time. */
class InsightFold {
  readonly #services: Services
  readonly #facts = new Map<ChangeId, ChangeFacts>()
  #size = 0
  #reading: Promise<void> = Promise.resolve()

  constructor(services: Services) {
    this.#services = services
  }

  get facts(): ReadonlyMap<ChangeId, ChangeFacts> {
    return this.#facts
  }

  get size(): number {
    return this.#size
  }

  advance(): Promise<void> {
    const next = this.#reading.then(() => this.#read())
    this.#reading = next.catch(() => undefined)
    return next
  }

  async #read(): Promise<void> {
    const { kysely } = this.#services.database
    const end = await logSize(kysely)
    while (this.#size < end) {
      const leaves = await leavesBetween(kysely, { start: this.#size, end: this.#size + PAGE })
      if (leaves.length === 0) return
      for (const leaf of leaves) this.#take(leaf)
      // A long log is read in pieces, so that others are answered in between.
      await setImmediate()
    }
  }

  #take({ seq, data }: LeafRow): void {
    const parsed = parseEntry(data, nodePrimitives)
    if (!parsed.ok) throw new Error(`entry ${seq} cannot be read: ${parsed.problem}`)
    this.#size = seq + 1
    const { stream, event, at } = parsed.entry
    const change = parseChangeId(stream)
    if (change === null || !isChangeEvent(event)) return
    const facts = noteRecorded(this.#facts.get(change) ?? null, { event, at })
    if (facts !== null) this.#facts.set(change, facts)
  }
}
