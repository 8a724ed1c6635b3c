/**
 * Performs effects and reports their outcome as the system's commands. Each looks at what is there
 * first, so that performing one twice is performing it once (I10); a refusal that says "already so"
 * is an outcome, not a failure.
 */
import {
  type Access,
  type AccessEvent,
  type Change,
  type ChangeCommand,
  type ChangeId,
  canonicalText,
  decide,
  type Effect,
  type Evaluated,
  evolve,
  type Instant,
  isOpen,
  isSameSource,
  NO_GLASS,
  pendingEffects,
  type RefusalCode,
  refOf,
  STATUSES,
  type Status,
  SYSTEM,
  type UnknownCause,
} from '@holdpoint/core'
import type { Evaluation } from './evaluation.ts'
import { Fault } from './io/fault.ts'
import type { ChangeRecord, EffectQueue, Gate, GateCommand } from './ports.ts'
import { type Database, databaseNow } from './store/db.ts'
import { notify } from './store/entries.ts'
import { EVERY_CHANGE, findHeartbeat } from './views-queries.ts'

export interface PerformSources {
  readonly database: Database
  readonly gate: Gate
  readonly evaluation: Evaluation
  readonly queue: EffectQueue
  /** How long a runner may be silent before its outcome is unknown; core's unless a test says so. */
  readonly heartbeatLostMs: number
}

export async function perform(effect: Effect, sources: PerformSources): Promise<void> {
  switch (effect.type) {
    case 'evaluate':
      return evaluate(effect.change, sources)
    case 'expire':
      return report(effect.change, { type: 'expire' }, sources)
    case 'wake':
      return wake(effect.change, sources)
    case 'supersede_others':
      return supersedeOthers(effect.change, sources)
    case 'pin_lineage': {
      const { workspace, lineage } = effect
      return pinned({ type: 'lineage_pinned', workspace, lineage }, sources)
    }
    case 'watch_execution':
      return watchExecution(effect.change, sources)
    case 'reevaluate_open':
      return reevaluateOpen(sources)
  }
}

/** The change moved on meanwhile, or it is already so: nothing is left to do. */
const SETTLED: readonly RefusalCode[] = [
  'wrong_state',
  'not_due',
  'expired',
  'already_exists',
  'not_found',
]

async function settled(command: GateCommand, sources: PerformSources): Promise<RefusalCode | null> {
  const answer = await sources.gate.handle(SYSTEM, command)
  if (answer.ok || SETTLED.includes(answer.refusal.code)) return null
  return answer.refusal.code
}

async function report(
  change: ChangeId,
  command: ChangeCommand,
  sources: PerformSources,
): Promise<void> {
  const refused = await settled({ on: 'change', change, workspace: null, command }, sources)
  if (refused !== null) throw notDone(command.type, refused)
}

/** Reads only, or rules that keep moving: tried again later. */
function notDone(what: string, code: RefusalCode): Fault {
  return new Fault('reads_only', `${what} was refused with ${code}`, { retryable: true })
}

type Pin = Extract<AccessEvent, { type: 'lineage_pinned' }>

async function pinned(event: Pin, sources: PerformSources): Promise<void> {
  if (!(await restsOnLog(event, sources)))
    throw new Fault('database_failed', `nothing in the log calls for this ${event.type}`)
  const command = { type: 'change_access', event } as const
  const refused = await settled({ on: 'access', command }, sources)
  if (refused !== null) throw notDone(event.type, refused)
}

/** A job is only a row of the database: whoever can write there must not choose where plans act. */
async function restsOnLog(event: Pin, { gate }: PerformSources): Promise<boolean> {
  const { workspace, lineage } = event
  const records = await gate.changes({ ...EVERY_CHANGE, sight: [workspace] })
  return records.some(
    ({ change }) => change.workspace === workspace && change.outcome?.lineage === lineage,
  )
}

async function evaluate(id: ChangeId, sources: PerformSources): Promise<void> {
  const found = await sources.gate.change(id)
  if (found === null || found.change.status !== 'evaluating') return
  await recordEvaluation(found.change, sources)
}

const EVALUATIONS_MAX = 3

/** A policy that moved while it was evaluated is evaluated again. */
async function recordEvaluation(change: Change, sources: PerformSources): Promise<void> {
  for (let attempt = 0; attempt < EVALUATIONS_MAX; attempt += 1) {
    const now = await databaseNow(sources.database.kysely)
    const evaluated = await sources.evaluation.evaluateChange(change.changeId, now)
    if (changesNothing(change, evaluated, { now, access: await sources.gate.access() })) return
    const command = { type: 'record_evaluation', evaluated } as const
    const sent = { on: 'change', change: change.changeId, workspace: null, command } as const
    const refused = await settled(sent, sources)
    if (refused === null) return
    if (refused !== 'evaluation_stale') throw notDone(command.type, refused)
  }
  throw notDone('record_evaluation', 'evaluation_stale')
}

/**
 * Nothing new is no entry: the same answer under the same revision, and the change would stay what
 * it is. Who left since may have taken a release with them, so core is asked what it would do.
 */
function changesNothing(
  change: Change,
  evaluated: Evaluated,
  { now, access }: { readonly now: Instant; readonly access: Access },
): boolean {
  if (change.evaluation === null || !saysTheSame(change.evaluation, evaluated)) return false
  const actor = refOf(SYSTEM)
  const { policyRevision } = evaluated
  const context = {
    now,
    actor,
    access,
    policyRevision,
    executing: null,
    openCount: 0,
    glass: NO_GLASS,
  }
  const { events } = decide(change, { type: 'record_evaluation', evaluated }, context)
  const after = events.reduce<Change | null>(
    (state, event) => evolve(state, { event, at: now, actor }),
    change,
  )
  return after?.status === change.status
}

function saysTheSame(before: Evaluated, now: Evaluated): boolean {
  const said = ({ verdict, allowedBy, rules, requirement, policyRevision, scope }: Evaluated) =>
    canonicalText(
      JSON.parse(
        JSON.stringify([verdict, allowedBy, rules, requirement, policyRevision, scope ?? null]),
      ),
    )
  return said(before) === said(now)
}

/** A hint, as for an entry: pages and terminals ask again, and see by the time what is new. */
async function wake(id: ChangeId, { database, gate }: PerformSources): Promise<void> {
  if ((await gate.change(id))?.change.status === 'held') await notify(database.kysely, id)
}

async function supersedeOthers(id: ChangeId, sources: PerformSources): Promise<void> {
  const newer = await sources.gate.change(id)
  if (newer === null) return
  const { workspace } = newer.change
  for (const older of await openChanges({ sight: [workspace] }, sources)) {
    const isOlder = older.openedSeq < newer.openedSeq
    if (!isOlder || !isSameSource(newer.change, older.change)) continue
    await report(older.change.changeId, { type: 'supersede', by: id }, sources)
  }
}

const PAGE = 200

async function openChanges(
  filter: Pick<typeof EVERY_CHANGE, 'sight'>,
  sources: Pick<PerformSources, 'gate'>,
  statuses: readonly Status[] = STATUSES.filter(isOpen),
): Promise<readonly ChangeRecord[]> {
  const found: ChangeRecord[] = []
  let openedBefore: number | null = null
  while (true) {
    const page: readonly ChangeRecord[] = await sources.gate.changes({
      ...EVERY_CHANGE,
      ...filter,
      statuses,
      openedBefore,
      limit: PAGE,
    })
    found.push(...page)
    // A page may be short: what moved on while it was read is left out of it.
    const next: number | null = page.at(-1)?.openedSeq ?? null
    if (next === null || (openedBefore !== null && next >= openedBefore)) return found
    openedBefore = next
  }
}

/**
 * What unfinished changes still wait for, asked for again at every start: a job that failed too
 * often, or was lost with the queue, would leave a timer that never rings.
 */
export async function enqueuePending(
  sources: Pick<PerformSources, 'database' | 'gate' | 'queue'>,
): Promise<void> {
  const { kysely } = sources.database
  const statuses = STATUSES.filter((status) => isOpen(status) || status === 'executing')
  const now = await databaseNow(kysely)
  const unfinished = await openChanges({ sight: 'all' }, sources, statuses)
  const effects = unfinished.flatMap(({ change }) => pendingEffects(change, now))
  if (effects.length === 0) return
  await kysely.transaction().execute((tx) => sources.queue.enqueue(tx, effects))
}

async function reevaluateOpen(sources: PerformSources): Promise<void> {
  for (const { change } of await openChanges({ sight: 'all' }, sources))
    await recordEvaluation(change, sources)
}

async function watchExecution(id: ChangeId, sources: PerformSources): Promise<void> {
  const { kysely } = sources.database
  const found = await sources.gate.change(id)
  if (found === null || found.change.status !== 'executing') return
  const { change } = found
  const now = await databaseNow(kysely)
  const beat = (await findHeartbeat(kysely, id))?.at ?? null
  const silentFromMs = sources.heartbeatLostMs
  const lost = lostBecause(change, { now, beat, silentFromMs })
  if (lost !== null) return report(id, { type: 'lose', because: lost }, sources)
  const at = nextLook(change, { now, beat, silentFromMs })
  await kysely
    .transaction()
    .execute((tx) => sources.queue.enqueue(tx, [{ type: 'watch_execution', change: id, at }]))
}

interface Watched {
  readonly now: Instant
  readonly beat: Instant | null
  readonly silentFromMs: number
}

/** Pipelines that run the tool themselves send no heartbeat: only the grant's end says anything. */
function lostBecause({ execution, door }: Change, watched: Watched): UnknownCause | null {
  const { now, beat, silentFromMs } = watched
  if (execution === null || now >= execution.until) return 'grant_ended'
  if (door === 'gate') return null
  return now - (beat ?? execution.startedAt) >= silentFromMs ? 'heartbeat_lost' : null
}

function nextLook({ door, execution }: Change, { beat, silentFromMs }: Watched): Instant {
  const until = execution?.until ?? 0
  if (door === 'gate') return until
  return Math.min(until, (beat ?? execution?.startedAt ?? 0) + silentFromMs)
}
