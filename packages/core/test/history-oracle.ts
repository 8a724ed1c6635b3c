/**
 * The laws said a second time, slowly and from the log alone: who approved is collected from the
 * entries, and slots are filled by trying every order of people. It shares no code with decide.
 */
import assert from 'node:assert/strict'
import type { Played } from '../../../test/fixtures/histories.ts'
import type { ChangeEvent, Evaluated } from '../src/change.ts'
import type { Entry } from '../src/entry.ts'
import type { ChangeId, PersonId, WorkspaceId } from '../src/ids.ts'
import type { Slot } from '../src/verdict.ts'
import type { Gatehouse } from './gatehouse.ts'

type Of<T extends ChangeEvent['type']> = Extract<ChangeEvent, { type: T }>

interface Seen {
  readonly opened: Of<'change_opened'>
  readonly openedAt: number
  readonly openedBy: Entry['actor']
  /** As opened, with the artifact and the key of the newest run. */
  binding: Of<'change_opened'>['binding']
  runnerKey: string
  readonly approvals: Map<PersonId, Of<'approved' | 'rejected'>>
  evaluated: Evaluated | null
  release: Of<'released'> | null
  /** Set while an evaluation re-examines a release, until somebody new approves. */
  bound: number | null
  startedAt: number | null
}

export interface Oracle {
  readonly changes: Map<ChangeId, Seen>
  readonly executing: Map<WorkspaceId, ChangeId>
  readonly count: (name: string) => void
}

export function startOracle(count: (name: string) => void): Oracle {
  return { changes: new Map(), executing: new Map(), count }
}

export function watch(oracle: Oracle, house: Gatehouse, played: Played): void {
  watchAnswer(house, played)
  for (const entry of played.handled.entries) {
    const { stream } = entry
    if (stream === 'log' || stream === 'policy' || stream === 'access') continue
    watchEntry(oracle, house, { entry, stream, played })
  }
}

/** I13, I14: whatever an erring engine gives, nothing comes of it. */
function watchAnswer(house: Gatehouse, { command, handled }: Played): void {
  if (command?.type !== 'record_evaluation' && command?.type !== 'start') return
  const { evaluated } = command
  const slots = evaluated.requirement?.slots ?? []
  const asksNobody = slots.length === 0 || slots.some((slot) => slot.count < 1)
  const isBroken =
    (evaluated.verdict === 'hold' && asksNobody) ||
    (evaluated.verdict !== 'hold' && evaluated.requirement !== null) ||
    !Number.isSafeInteger(evaluated.evaluatedAt + evaluated.allowForSeconds) ||
    evaluated.evaluatedAt > house.now ||
    evaluated.policyRevision !== house.revision
  if (!isBroken) return
  assert.notEqual(handled.refusal, null)
  const made = handled.entries.map((entry) => entry.event.type)
  assert.deepEqual(
    made.filter((type) => type !== 'execution_refused'),
    [],
  )
}

interface Watched {
  readonly entry: Entry
  readonly stream: ChangeId
  readonly played: Played
}

function watchEntry(oracle: Oracle, house: Gatehouse, watched: Watched): void {
  const { entry, stream } = watched
  const event = entry.event as ChangeEvent
  if (event.type === 'change_opened') {
    oracle.changes.set(stream, newSeen(event, entry))
    return
  }
  const seen = oracle.changes.get(stream)
  assert.ok(seen !== undefined, 'nothing happens to a change that was not opened')
  switch (event.type) {
    case 'evaluated':
      watchEvaluated(oracle, house, { seen, event })
      return
    case 'approved':
      // I3: an approval is of this very plan. I2: never of who stands behind it.
      assert.equal(event.fingerprint, seen.opened.binding.fingerprint)
      assert.equal(entry.actor.id, event.person)
      assert.ok(!seen.opened.requester.excluded.includes(event.person))
      seen.approvals.set(event.person, event)
      seen.bound = null
      return
    case 'replanned':
      watchReplanned(seen, event, watched)
      return
    case 'approval_taken_back':
      seen.approvals.delete(event.person)
      return
    case 'released':
      watchReleased(house, seen, { event, at: entry.at })
      return
    case 'returned_to_hold':
      seen.release = null
      return
    case 'execution_started':
      watchStarted(oracle, house, { ...watched, seen, event })
      return
    case 'execution_finished':
    case 'outcome_unknown':
      assert.notEqual(seen.startedAt, null)
      oracle.executing.delete(seen.opened.workspace)
      return
    default:
      return
  }
}

function newSeen(opened: Of<'change_opened'>, { at, actor }: Entry): Seen {
  const nothing = { evaluated: null, release: null, bound: null, startedAt: null }
  const run = { binding: opened.binding, runnerKey: opened.runner.publicKey }
  return { opened, openedAt: at, openedBy: actor, approvals: new Map(), ...run, ...nothing }
}

/** The same person, the same plan, before the start: only file and key of the run are new. */
function watchReplanned(seen: Seen, event: Of<'replanned'>, watched: Watched): void {
  const { command } = watched.played
  assert.ok(command?.type === 'adopt')
  assert.equal(command.fingerprint, seen.opened.binding.fingerprint, 'I3: the same plan')
  assert.deepEqual(watched.entry.actor, seen.openedBy, 'the same requester')
  assert.equal(watched.entry.actor.kind, 'person')
  assert.equal(seen.startedAt, null)
  seen.binding = { ...seen.binding, artifact: event.artifact }
  seen.runnerKey = event.publicKey
}

function watchEvaluated(
  oracle: Oracle,
  house: Gatehouse,
  { seen, event }: { readonly seen: Seen; readonly event: Of<'evaluated'> },
): void {
  assert.equal(event.policyRevision, house.revision)
  assert.equal(seen.startedAt, null)
  if (seen.release !== null) oracle.count('release re-evaluated')
  seen.bound = seen.release?.until ?? null
  seen.release = null
  seen.evaluated = event
}

function watchReleased(
  house: Gatehouse,
  seen: Seen,
  { event, at }: { readonly event: Of<'released'>; readonly at: number },
): void {
  const { evaluated } = seen
  assert.ok(evaluated !== null)
  assert.ok(isSatisfied(house, seen), 'I1: a release needs allow or its people')
  const seconds =
    evaluated.verdict === 'allow' ? evaluated.allowForSeconds : evaluated.releaseForSeconds
  const from = evaluated.verdict === 'allow' ? evaluated.evaluatedAt : at
  assert.ok(event.until <= from + seconds * 1_000, 'I11: a release ends in time')
  assert.ok(event.until <= seen.opened.expiresAt, 'I11: a release ends with its plan')
  assert.ok(event.until <= (seen.bound ?? event.until), 'I11: a re-evaluation lengthens nothing')
  seen.release = event
}

function watchStarted(
  oracle: Oracle,
  house: Gatehouse,
  watched: Watched & { readonly seen: Seen; readonly event: Of<'execution_started'> },
): void {
  const { seen, event, entry, stream, played } = watched
  const { workspace } = seen.opened
  assert.equal(seen.startedAt, null, 'I4: one execution per change')
  assert.equal(oracle.executing.get(workspace), undefined, 'I4: one execution per workspace')
  assert.deepEqual(event.binding, seen.binding, 'I3: what starts is what was approved')
  assert.equal(event.runnerKey, seen.runnerKey, 'by the newest run')
  assert.ok(seen.release !== null && entry.at < seen.release.until, 'I11: within its release')
  assert.ok(entry.at < seen.opened.expiresAt, 'I11: within its plan')
  assert.ok(event.until > entry.at && event.until <= entry.at + 3_600_000, 'I5: the ceiling')
  assert.ok(isSatisfied(house, seen), 'I1: allow or its people, now')
  assert.equal(event.policyRevision, house.revision, 'I11: the policy in force')
  const { command } = played
  assert.ok(command?.type === 'start')
  const age = entry.at - command.evaluated.evaluatedAt
  assert.ok(age >= 0 && age <= 5_000, 'I11: evaluated again, now')
  assert.equal(command.evaluated.verdict, event.verdict)
  oracle.executing.set(workspace, stream)
  seen.startedAt = entry.at
  oracle.count(event.verdict === 'allow' ? 'started by allow' : 'started by approvals')
  const made = played.handled.entries.map((each) => each.event.type)
  if (seen.runnerKey !== seen.opened.runner.publicKey)
    oracle.count('started by a run that planned again')
  if (made.includes('evaluated')) oracle.count('started after a stricter evaluation')
}

/** Whether the verdict is allow, or every seat can be filled by somebody else. */
function isSatisfied(house: Gatehouse, seen: Seen): boolean {
  const { evaluated } = seen
  if (evaluated === null || evaluated.verdict === 'deny') return false
  if (evaluated.verdict === 'allow') return evaluated.requirement === null
  const slots = evaluated.requirement?.slots ?? []
  const seats = slots.flatMap((slot) => Array.from({ length: slot.count }, () => slot))
  const people = [...seen.approvals.values()].filter(
    ({ assurance }) => evaluated.requirement?.assurance !== 'passkey' || assurance === 'passkey',
  )
  return seats.length > 0 && canSeat(house, seen, { seats, people: people.map((p) => p.person) })
}

function canSeat(
  house: Gatehouse,
  seen: Seen,
  { seats, people }: { readonly seats: readonly Slot[]; readonly people: readonly PersonId[] },
): boolean {
  const [seat, ...rest] = seats
  if (seat === undefined) return true
  return people.some(
    (person) =>
      fills(house, seen, { person, slot: seat }) &&
      canSeat(house, seen, { seats: rest, people: people.filter((each) => each !== person) }),
  )
}

function fills(
  house: Gatehouse,
  seen: Seen,
  { person, slot }: { readonly person: PersonId; readonly slot: Slot },
): boolean {
  const { access } = house
  const added = access.people.get(person)
  if (added?.active !== true) return false
  if (seen.opened.requester.excluded.includes(person)) return false
  return slot.from.some((from) => {
    const [kind, name = ''] = from.split(':')
    if (kind === 'person') return name === person && added.since < seen.openedAt
    const members = access.teams.get(name) ?? []
    return members.some((each) => each.person === person && each.since < seen.openedAt)
  })
}
