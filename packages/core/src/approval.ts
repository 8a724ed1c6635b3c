/**
 * Who counts, for which fingerprint, and what is missing. Approvals are about people: a
 * requirement is satisfied when distinct eligible people can be matched to distinct slots.
 * I2: no one in the requester set ever counts. I3: an approval never transfers to another plan.
 * I13: an empty requirement releases nothing.
 */
import type { Access } from './access.ts'
import type { Digest, PersonId } from './ids.ts'
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
}

/** What a decision is held against. */
export interface Question {
  readonly fingerprint: Digest
  readonly requirement: Requirement
  /** People who stand behind the request: they never count. */
  readonly excluded: readonly PersonId[]
  /** A membership or person that came after this does not count for the change. */
  readonly openedAt: Instant
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

/** Why a person cannot fill a slot, or `null` when they can. */
export function ineligibility(
  access: Access,
  question: Question,
  person: PersonId,
): 'in_requester_set' | 'not_active' | 'joined_later' | 'no_slot' | null {
  if (access.people.get(person)?.active !== true) return 'not_active'
  if (question.excluded.includes(person)) return 'in_requester_set'
  const answers = question.requirement.slots.map((slot) => fits(access, question, { slot, person }))
  if (answers.includes('yes')) return null
  return answers.includes('joined_later') ? 'joined_later' : 'no_slot'
}

function fits(
  access: Access,
  question: Question,
  pair: { slot: Slot; person: PersonId },
): 'yes' | 'no' | 'joined_later' {
  const joined = pair.slot.from.flatMap((from) => joinedAt(access, from, pair.person) ?? [])
  // Several entries can share one millisecond, so the same instant counts as later.
  if (joined.some((since) => since < question.openedAt)) return 'yes'
  return joined.length > 0 ? 'joined_later' : 'no'
}

/** Since when a person is what a slot names: themselves, or a member of the team. */
function joinedAt(access: Access, from: string, person: PersonId): Instant | null {
  if (from === `person:${person}`) return access.people.get(person)?.since ?? null
  if (!from.startsWith('team:')) return null
  const members = access.teams.get(from.slice('team:'.length)) ?? []
  return members.find((member) => member.person === person)?.since ?? null
}

/** The decisions that count now: the newest per person, of this fingerprint, still eligible. */
export function countedApprovals(
  access: Access,
  question: Question,
  decisions: readonly Decision[],
): readonly PersonId[] {
  const newest = new Map(decisions.map((decision) => [decision.person, decision]))
  return [...newest.values()]
    .filter(
      (decision) =>
        decision.decision === 'approve' &&
        decision.fingerprint === question.fingerprint &&
        meets(decision.assurance, question.requirement.assurance) &&
        ineligibility(access, question, decision.person) === null,
    )
    .map((decision) => decision.person)
}

export function standing(
  access: Access,
  question: Question,
  decisions: readonly Decision[],
): Standing {
  const approvers = countedApprovals(access, question, decisions)
  const seats = seatsOf(question.requirement.slots, approvers.length)
  const seated = match(
    seats,
    approvers,
    (seat, person) => fits(access, question, { slot: seat.slot, person }) === 'yes',
  )
  const slots = question.requirement.slots.map((slot, index) => {
    const filledBy = seated.flatMap((person, seat) =>
      person !== null && seats[seat]?.index === index ? [person] : [],
    )
    return { slot, filledBy, candidates: candidates(access, question, { slot, approvers }) }
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
  open: { slot: Slot; approvers: readonly PersonId[] },
): readonly PersonId[] {
  return [...access.people.keys()].filter(
    (person) =>
      !open.approvers.includes(person) &&
      ineligibility(access, question, person) === null &&
      fits(access, question, { slot: open.slot, person }) === 'yes',
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
