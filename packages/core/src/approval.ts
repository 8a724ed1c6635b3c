/**
 * Who counts, for which fingerprint, and what is missing. Approvals are about people: a
 * requirement is satisfied when distinct eligible people can be matched to distinct slots.
 * I2: no one in the requester set ever counts. I3: an approval never transfers to another plan.
 * I13: an empty requirement releases nothing.
 */
import type { Access, Delegation } from './access.ts'
import { liveKeys } from './access-people.ts'
import type { Digest, KeyId, PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import { ASSURANCES, type Assurance, type Requirement, type Slot } from './verdict.ts'

export interface Decision {
  readonly person: PersonId
  readonly decision: 'approve' | 'reject'
  readonly fingerprint: Digest
  readonly assurance: Assurance
  readonly at: Instant
  /** Salted digest of the typed reason, `null` where none was given. */
  readonly reason: Digest | null
  /** The passkey that signed it; `null` where it rests on the server's word. */
  readonly key: KeyId | null
  /** On-call references that the person filled at that moment: a shift that ends later keeps them. */
  readonly onCall: readonly string[]
}

/** What a decision is held against. */
export interface Question {
  readonly fingerprint: Digest
  readonly requirement: Requirement
  /** People who stand behind the request: they never count. */
  readonly excluded: readonly PersonId[]
  /** A membership or person that came after this does not count for the change. */
  readonly openedAt: Instant
  /** When it is asked: delegations and shifts end. */
  readonly now: Instant
}

export interface SlotState {
  readonly slot: Slot
  readonly filledBy: readonly PersonId[]
  /** People who could fill what is open, now. */
  readonly candidates: readonly PersonId[]
}

export interface Standing {
  readonly satisfied: boolean
  readonly slots: readonly SlotState[]
  /** Slots with the count that is still missing. */
  readonly missing: readonly Slot[]
}

export function meets(has: Assurance, needs: Assurance): boolean {
  return ASSURANCES.indexOf(has) >= ASSURANCES.indexOf(needs)
}

type Why = 'in_requester_set' | 'not_active' | 'joined_later' | 'no_slot'

/** Why a person cannot fill a slot, or `null` when they can. */
export function ineligibility(access: Access, question: Question, person: PersonId): Why | null {
  return uncounted(access, question, { person, decision: null })
}

function uncounted(
  access: Access,
  question: Question,
  by: Pick<Pair, 'person' | 'decision'>,
): Why | null {
  if (access.people.get(by.person)?.active !== true) return 'not_active'
  if (question.excluded.includes(by.person)) return 'in_requester_set'
  const answers = question.requirement.slots.map((slot) =>
    fits(access, question, { ...by, slot, present: [] }),
  )
  if (answers.includes('yes')) return null
  return answers.includes('joined_later') ? 'joined_later' : 'no_slot'
}

interface Pair {
  readonly slot: Slot
  readonly person: PersonId
  /** What they decided; `null` while they only could. */
  readonly decision: Decision | null
  /** Whoever decided themselves has no one standing in for them. */
  readonly present: readonly PersonId[]
}

function fits(access: Access, question: Question, pair: Pair): 'yes' | 'no' | 'joined_later' {
  const { slot, person, present } = pair
  const refs = refsOf(slot, question)
  if (refs.some((from) => isOnCall(access, question, { from, ...pair }))) return 'yes'
  const joined = refs.flatMap((from) => [
    ...joinedAt(access, from, person),
    ...standsInSince(access, question, { from, person, present }),
  ])
  // Several entries can share one millisecond, so the same instant counts as later.
  if (joined.some((since) => since < question.openedAt)) return 'yes'
  return joined.length > 0 ? 'joined_later' : 'no'
}

/** Whom a slot names now: those whom it escalates to are added when it stood open for so long. */
export function refsOf(
  { from, escalate }: Slot,
  { openedAt, now }: Pick<Question, 'openedAt' | 'now'>,
): readonly string[] {
  if (escalate === undefined || now < openedAt + escalate.afterSeconds * 1000) return from
  return [...from, ...escalate.to]
}

/** Since when a person is what a slot names: themselves, or a member of the team. */
export function joinedAt(access: Access, from: string, person: PersonId): readonly Instant[] {
  if (from === `person:${person}`) {
    const since = access.people.get(person)?.since
    return since === undefined ? [] : [since]
  }
  if (!from.startsWith('team:')) return []
  const members = access.teams.get(from.slice('team:'.length)) ?? []
  return members.filter((member) => member.person === person).map((member) => member.since)
}

/** Nobody stands in for a requester: they could not have decided themselves. */
function standsInSince(
  access: Access,
  question: Question,
  asked: {
    readonly from: string
    readonly person: PersonId
    readonly present: readonly PersonId[]
  },
): readonly Instant[] {
  if (!asked.from.startsWith('team:')) return []
  const team = asked.from.slice('team:'.length)
  return (access.teams.get(team) ?? []).flatMap(({ person: absent, since }) => {
    const lent = standIn(access, absent, team)
    if (lent === null || lent.to !== asked.person || lent.until <= question.now) return []
    if (asked.present.includes(absent) || question.excluded.includes(absent)) return []
    return access.people.get(absent)?.active === true ? [Math.max(since, lent.since)] : []
  })
}

/** At most one stands in for a person in a team: what is said of the team goes before the rest. */
export function standIn(access: Access, absent: PersonId, team: string): Delegation | null {
  const lent = access.delegations.filter(({ from }) => from === absent)
  return lent.find((each) => each.team === team) ?? lent.find((each) => each.team === null) ?? null
}

/** A shift counts whenever it began; the person must have been here when the change was opened. */
function isOnCall(
  access: Access,
  question: Question,
  asked: {
    readonly from: string
    readonly person: PersonId
    readonly decision: Decision | null
  },
): boolean {
  const person = access.people.get(asked.person)
  if (person === undefined || person.since >= question.openedAt) return false
  const at = asked.decision?.onCall ?? onCallOf(access, asked.person, question.now)
  return at.includes(asked.from)
}

/** The references that a person fills by being on call: `oncall:<schedule>` is its first tier. */
export function onCallOf(access: Access, person: PersonId, now: Instant): readonly string[] {
  return [...access.onCall].flatMap(([schedule, { tiers, until }]) =>
    now >= until
      ? []
      : tiers.flatMap((people, tier) => {
          if (!people.includes(person)) return []
          const named = `oncall:${schedule}/${tier + 1}`
          return tier === 0 ? [`oncall:${schedule}`, named] : [named]
        }),
  )
}

/** The decisions that count now: the newest per person, of this fingerprint, still eligible. */
export function countedApprovals(
  access: Access,
  question: Question,
  decisions: readonly Decision[],
): readonly PersonId[] {
  return counted(access, question, decisions).map((decision) => decision.person)
}

function counted(
  access: Access,
  question: Question,
  decisions: readonly Decision[],
): readonly Decision[] {
  const newest = new Map(decisions.map((decision) => [decision.person, decision]))
  return [...newest.values()].filter(
    (decision) =>
      decision.decision === 'approve' &&
      decision.fingerprint === question.fingerprint &&
      meets(decision.assurance, question.requirement.assurance) &&
      isStillSigned(access, decision) &&
      uncounted(access, question, { person: decision.person, decision }) === null,
  )
}

/** A key that was taken from its person has signed nothing that counts. */
function isStillSigned(access: Access, { person, key }: Decision): boolean {
  return key === null || liveKeys(access, person).some((each) => each.id === key)
}

export function standing(
  access: Access,
  question: Question,
  decisions: readonly Decision[],
): Standing {
  const approvals = counted(access, question, decisions)
  const present = approvals.map((decision) => decision.person)
  const seats = seatsOf(question.requirement.slots, present.length)
  const seated = match(seats, present, (seat, person) => {
    const decision = approvals.find((each) => each.person === person) ?? null
    return fits(access, question, { slot: seat.slot, person, decision, present }) === 'yes'
  })
  const slots = question.requirement.slots.map((slot, index) => {
    const filledBy = seated.flatMap((person, seat) =>
      person !== null && seats[seat]?.index === index ? [person] : [],
    )
    return { slot, filledBy, candidates: candidates(access, question, { slot, present }) }
  })
  const missing = slots.flatMap(({ slot, filledBy }) => {
    const count = askedBy(slot) - filledBy.length
    return count > 0 ? [{ from: slot.from, count }] : []
  })
  // An empty requirement has no seat to fill and still satisfies nothing (I13).
  return {
    satisfied: seats.length > 0 && seated.every((person) => person !== null),
    slots,
    missing,
  }
}

function candidates(
  access: Access,
  question: Question,
  open: { readonly slot: Slot; readonly present: readonly PersonId[] },
): readonly PersonId[] {
  return [...access.people.keys()].filter(
    (person) =>
      !open.present.includes(person) &&
      ineligibility(access, question, person) === null &&
      fits(access, question, { ...open, person, decision: null }) === 'yes',
  )
}

interface Seat {
  readonly slot: Slot
  readonly index: number
}

/** A count below one still asks for one person. */
function askedBy(slot: Slot): number {
  return Math.max(1, slot.count)
}

/**
 * One seat per person that a slot asks for, and never more than one beyond the people at hand:
 * that seat stays empty, so a slot of a billion is missing and costs nothing.
 */
function seatsOf(slots: readonly Slot[], peopleCount: number): readonly Seat[] {
  return slots.flatMap((slot, index) =>
    Array.from({ length: Math.min(askedBy(slot), peopleCount + 1) }, () => ({ slot, index })),
  )
}

/**
 * Maximum bipartite matching by augmenting paths: who sits where, `null` for an empty seat.
 * Distinct people to distinct seats by construction.
 */
export function match<S>(
  seats: readonly S[],
  people: readonly PersonId[],
  canSit: (seat: S, person: PersonId) => boolean,
): readonly (PersonId | null)[] {
  const seatOf = new Map<PersonId, number>()
  const holder: (PersonId | null)[] = seats.map(() => null)

  const place = (index: number, tried: Set<PersonId>): boolean => {
    const seat = seats[index]
    if (seat === undefined) return false
    for (const person of people) {
      if (tried.has(person) || !canSit(seat, person)) continue
      tried.add(person)
      const current = seatOf.get(person)
      if (current === undefined || place(current, tried)) {
        seatOf.set(person, index)
        holder[index] = person
        return true
      }
    }
    return false
  }

  for (let index = 0; index < seats.length; index += 1) place(index, new Set())
  return holder
}
