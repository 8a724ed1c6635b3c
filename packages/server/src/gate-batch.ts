/**
 * One batch of commands inside one transaction: load under the head's lock, then permit and decide
 * each in order on what the ones before it left, then write everything at once. Nothing here
 * outlives the transaction but what it returns.
 */
import {
  ACTION_OF,
  type AccessAction,
  type AccessCommand,
  type AccessEvent,
  type Actor,
  type ActorRef,
  type AnyEvent,
  accessActionOf,
  type Change,
  type ChangeCommand,
  type ChangeEvent,
  type ChangeId,
  decide,
  decideAccess,
  decidePolicy,
  type Effect,
  type Entry,
  evolveAccess,
  evolvePolicy,
  follow,
  followInstallation,
  type PushPolicy,
  pinOfRelease,
  type Refusal,
  refOf,
  type Stream,
  SYSTEM,
  type WorkspaceId,
} from '@holdpoint/core'
import { extend, rowOf } from './gate-changes.ts'
import { Neighbours } from './gate-context.ts'
import { type Histories, type History, NO_HISTORY } from './gate-histories.ts'
import {
  type Installation,
  type InstallationSources,
  loadInstallation,
} from './gate-installation.ts'
import {
  type ChangeSent,
  type Desk,
  glassOf,
  loadChanges,
  remember,
  workspacesAsking,
} from './gate-load.ts'
import { Bug, invariant } from './io/fault.ts'
import { storedEntry, Tampered } from './log/stored-entry.ts'
import { isOwnName, permissionProblem } from './permissions.ts'
import type { EffectQueue, GateAnswer, GateCommand } from './ports.ts'
import { append, type LockedHead, lockHead } from './store/entries.ts'
import type { EntryTable, Tx } from './store/tables.ts'

export interface Sent {
  readonly actor: Actor
  readonly command: GateCommand
}

/** What the process remembers between batches. */
export interface Remembered {
  readonly installation: Installation | null
  /** The head is never before this: a shorter log has lost entries. */
  readonly size: number
  /** What is left of the batch before; `null` when it failed. */
  readonly desk: Desk | null
}

export interface BatchSources extends InstallationSources {
  readonly histories: Histories
  readonly queue: EffectQueue
}

export interface BatchResult {
  readonly answers: readonly GateAnswer[]
  readonly remembered: Remembered
  /** What became of the changes that were written, once it is committed. */
  readonly histories: ReadonlyMap<ChangeId, History>
}

interface Batch {
  readonly head: LockedHead
  readonly sources: BatchSources
  readonly neighbours: Neighbours
  readonly written: Map<ChangeId, History>
  readonly changes: Map<ChangeId, History>
  readonly touched: Map<ChangeId, History>
  readonly entries: EntryTable[]
  readonly effects: Effect[]
  installation: Installation
}

export async function runBatch(
  tx: Tx,
  given: { readonly sent: readonly Sent[]; readonly remembered: Remembered },
  sources: BatchSources,
): Promise<BatchResult> {
  const batch = await loadBatch(tx, given, sources)
  const answers = given.sent.map((each) => answer(batch, each))
  await write(tx, batch)
  const size = batch.head.size + batch.entries.length
  const { installation, neighbours, written, touched } = batch
  remember(written, touched)
  const remembered = { installation, size, desk: { size, neighbours, written } }
  return { answers, remembered, histories: touched }
}

async function loadBatch(
  tx: Tx,
  given: { readonly sent: readonly Sent[]; readonly remembered: Remembered },
  sources: BatchSources,
): Promise<Batch> {
  const { remembered } = given
  const head = await lockHead(tx)
  if (head.size < remembered.size)
    throw new Tampered(`the log has lost entries ${head.size} to ${remembered.size - 1}`)
  const known = remembered.installation
  const installation = await loadInstallation(tx, { known, head }, sources)
  const commands = given.sent.flatMap(({ command }) => (command.on === 'change' ? [command] : []))
  const desk = remembered.desk?.size === head.size ? remembered.desk : null
  const changes = await loadChanges(tx, { commands, head, desk }, sources.histories)
  const neighbours = desk?.neighbours ?? new Neighbours()
  await neighbours.load(tx, workspacesAsking(commands, changes))
  return {
    head,
    sources,
    neighbours,
    written: desk?.written ?? new Map(),
    changes,
    touched: new Map(),
    entries: [],
    effects: [],
    installation,
  }
}

async function write(tx: Tx, batch: Batch): Promise<void> {
  const last = batch.entries.at(-1)
  if (last === undefined) return
  const { installation } = batch
  const rows = [...batch.touched.values()].map(({ held }) => rowOf(held))
  await append(tx, {
    entries: batch.entries,
    changes: rows.flatMap((row) => (row === null ? [] : [row])),
    head: {
      size: batch.head.size + batch.entries.length,
      lastAt: batch.head.now,
      accessSeq: installation.accessSeq,
      policyRevision: installation.policy.revision,
      policyDocument: installation.policy.revision === 0 ? null : installation.policy.document,
    },
  })
  if (batch.effects.length > 0) await batch.sources.queue.enqueue(tx, batch.effects)
}

function answer(batch: Batch, { actor, command }: Sent): GateAnswer {
  try {
    switch (command.on) {
      case 'change':
        return answerChange(batch, actor, command)
      case 'policy':
        return answerPolicy(batch, actor, command.command)
      case 'access':
        return answerAccess(batch, actor, command.command)
    }
  } catch (cause) {
    if (cause instanceof Tampered) throw cause
    throw new Bug(`answering a command on ${command.on} failed`, { cause })
  }
}

function refused(refusal: Refusal, change: Change | null = null): GateAnswer {
  return { ok: false, refusal, seqs: [], change }
}

function answerChange(batch: Batch, actor: Actor, sent: ChangeSent): GateAnswer {
  const { command } = sent
  const history = batch.changes.get(sent.change) ?? NO_HISTORY
  const before = history.held.change
  const workspace = workspaceOf(sent, before)
  if (workspace === null) return refused({ code: 'not_found', what: 'change' })
  const found = permitted(batch, actor, { command, workspace })
  if (found !== null) return refused(found, found.code === 'not_found' ? null : before)
  const { access, policy } = batch.installation
  const decided = decide(before, command, {
    now: batch.head.now,
    actor: refOf(actor),
    access,
    policyRevision: policy.revision,
    executing: batch.neighbours.executing(workspace),
    openCount: actor.kind === 'system' ? 0 : batch.neighbours.openCount(workspace, actor.id),
    glass: glassOf(batch.changes, { command, workspace, now: batch.head.now }),
  })
  const recorded = recordChange(
    batch,
    { id: sent.change, actor: refOf(actor), history },
    decided.events,
  )
  if (!recorded.ok) return refused(recorded.refusal, before)
  const { seqs, change } = recorded
  return decided.ok
    ? { ok: true, seqs, change }
    : { ok: false, refusal: decided.refusal, seqs, change }
}

function workspaceOf(sent: ChangeSent, change: Change | null): WorkspaceId | null {
  if (sent.command.type !== 'open') return change?.workspace ?? null
  const { opened } = sent.command
  invariant(opened.changeId === sent.change, 'a change is opened under its own id')
  invariant(
    sent.workspace === null || sent.workspace === opened.workspace,
    'a change is opened in the workspace it names',
  )
  return opened.workspace
}

function permitted(
  batch: Batch,
  actor: Actor,
  asked: { readonly command: ChangeCommand; readonly workspace: WorkspaceId },
): Refusal | null {
  const { command, workspace } = asked
  const action = ACTION_OF[command.type]
  const ask = { action, on: { workspace }, now: batch.head.now }
  const { access } = batch.installation
  const hidden = command.type === 'open' ? 'workspace' : 'change'
  const problem = permissionProblem({ access, actor, ask }, hidden)
  if (problem !== null || isOwnName(actor, command)) return problem
  return { code: 'not_permitted', action, needs: 'the very person or token it names' }
}

type RecordedChange =
  | { readonly ok: true; readonly seqs: readonly number[]; readonly change: Change | null }
  | { readonly ok: false; readonly refusal: Refusal }

function recordChange(
  batch: Batch,
  place: { readonly id: ChangeId; readonly actor: ActorRef; readonly history: History },
  events: readonly ChangeEvent[],
): RecordedChange {
  const written = compose(batch, { stream: place.id, actor: place.actor }, events)
  if (!written.ok) return written
  let { held } = place.history
  const effects: Effect[] = []
  for (const { entry, event } of written.recorded) {
    const next = extend(held, entry)
    invariant(next !== null && next.change !== null, 'a decided event follows its change')
    batch.neighbours.moved(held.change, next.change)
    effects.push(...follow(event, { before: held.change, after: next.change, at: entry.at }))
    held = next
  }
  if (written.rows.length > 0) {
    const history = { held, rows: [...place.history.rows, ...written.rows] }
    batch.changes.set(place.id, history)
    batch.touched.set(place.id, history)
  }
  batch.entries.push(...written.rows)
  batch.effects.push(...effects)
  const pins = written.recorded.flatMap(({ event }) => {
    const pin = held.change === null ? null : pinOfRelease(event, held.change)
    return pin === null ? [] : [pin]
  })
  for (const event of pins) recordAccess(batch, SYSTEM, event)
  return { ok: true, seqs: written.rows.map((row) => row.seq), change: held.change }
}

function answerPolicy(batch: Batch, actor: Actor, command: PushPolicy): GateAnswer {
  const problem = permissionProblem(askHere(batch, actor, 'change_policy'), null)
  if (problem !== null) return refused(problem)
  const decided = decidePolicy(batch.installation.policy, command)
  if (!decided.ok) return refused(decided.refusal)
  const written = compose(batch, { stream: 'policy', actor: refOf(actor) }, decided.events)
  if (!written.ok) return refused(written.refusal)
  for (const { event } of written.recorded) {
    const policy = evolvePolicy(batch.installation.policy, event)
    invariant(policy !== null, 'a decided policy follows the one in force')
    batch.installation = { ...batch.installation, policy }
  }
  return take(batch, written)
}

function answerAccess(batch: Batch, actor: Actor, command: AccessCommand): GateAnswer {
  const action = accessActionOf(batch.installation.access, command.event, actor)
  const problem = permissionProblem(askHere(batch, actor, action), null)
  return problem === null ? recordAccess(batch, actor, command.event) : refused(problem)
}

function recordAccess(batch: Batch, actor: Actor, event: AccessEvent): GateAnswer {
  const { now } = batch.head
  const command = { type: 'change_access', event } as const
  const decided = decideAccess(batch.installation.access, command, { now, actor })
  if (!decided.ok) return refused(decided.refusal)
  const written = compose(batch, { stream: 'access', actor: refOf(actor) }, decided.events)
  if (!written.ok) return refused(written.refusal)
  for (const { entry, event: recorded } of written.recorded) {
    const access = evolveAccess(batch.installation.access, recorded, now)
    batch.installation = { ...batch.installation, access, accessSeq: entry.seq }
  }
  return take(batch, written)
}

function askHere(batch: Batch, actor: Actor, action: AccessAction) {
  const { access } = batch.installation
  return { access, actor, ask: { action, on: 'installation', now: batch.head.now } } as const
}

type Composed<E> =
  | {
      readonly ok: true
      readonly rows: readonly EntryTable[]
      readonly recorded: readonly { readonly entry: Entry; readonly event: E }[]
    }
  | { readonly ok: false; readonly refusal: Refusal }

/** The entries of these events; all or none, because one that no reader takes back is refused. */
function compose<E extends AnyEvent>(
  batch: Batch,
  place: { readonly stream: Stream; readonly actor: ActorRef },
  events: readonly E[],
): Composed<E> {
  const rows: EntryTable[] = []
  const recorded: { entry: Entry; event: E }[] = []
  for (const event of events) {
    const seq = batch.head.size + batch.entries.length + rows.length
    const entry: Entry = { v: 1, seq, at: batch.head.now, ...place, event }
    const written = storedEntry(entry, batch.sources.macKey)
    if (!written.ok) {
      const problems = [`${event.type} cannot be recorded: ${written.problem}`]
      return { ok: false, refusal: { code: 'invalid_input', problems } }
    }
    rows.push(written.row)
    recorded.push({ entry: written.entry, event })
  }
  return { ok: true, rows, recorded }
}

function take<E extends Parameters<typeof followInstallation>[0]>(
  batch: Batch,
  written: Extract<Composed<E>, { ok: true }>,
): GateAnswer {
  batch.entries.push(...written.rows)
  batch.effects.push(...written.recorded.flatMap(({ event }) => followInstallation(event)))
  return { ok: true, seqs: written.rows.map((row) => row.seq), change: null }
}
