/**
 * How the requirements of several rules become one. It may only ever add: a slot that one rule
 * demands is never dropped, and one person never stands for two rules that ask for different
 * people (DESIGN §6).
 */
import { ASSURANCES, type Assurance, type Requirement, type Slot } from '../verdict.ts'

/** Slots with the same `from` merge to the greatest count; earliest expiry, highest assurance. */
export function uniteRequirements(
  first: Requirement,
  ...more: readonly Requirement[]
): Requirement {
  return more.reduce(unitePair, normalise(first))
}

/**
 * One more person than the rules ask for, from anyone they name: for a change that no verified
 * human stands behind.
 */
export function addPerson(requirement: Requirement): Requirement {
  const everyone = sortedUnique(requirement.slots.flatMap((slot) => slot.from))
  const same = requirement.slots.findIndex((slot) => keyOf(slot) === everyone.join(' '))
  const slots = requirement.slots.map((slot, index) =>
    index === same ? { ...slot, count: slot.count + 1 } : slot,
  )
  const reminders = remindersOf(requirement.slots)
  return same === -1
    ? { ...requirement, slots: [...slots, { from: everyone, count: 1, ...reminders }] }
    : { ...requirement, slots }
}

/** The `from` of a slot as `Slot` promises it: sorted, without duplicates. */
export function sortedUnique(refs: readonly string[]): readonly string[] {
  return [...new Set(refs)].toSorted()
}

function unitePair(left: Requirement, right: Requirement): Requirement {
  const slots = new Map<string, Slot>()
  for (const slot of [...left.slots, ...normalise(right).slots]) {
    const known = slots.get(keyOf(slot))
    slots.set(keyOf(slot), known === undefined ? slot : stricter(known, slot))
  }
  return {
    slots: [...slots.values()],
    assurance: strongest(left.assurance, right.assurance),
    expiresSeconds: Math.min(left.expiresSeconds, right.expiresSeconds),
  }
}

function normalise(requirement: Requirement): Requirement {
  return {
    ...requirement,
    slots: requirement.slots.map((slot) => ({ ...slot, from: sortedUnique(slot.from) })),
  }
}

/** Every time that any of the slots reminds. */
function remindersOf(slots: readonly Slot[]): Pick<Slot, 'remindSeconds'> {
  const times = new Set(slots.flatMap(({ remindSeconds }) => remindSeconds ?? []))
  return times.size === 0 ? {} : { remindSeconds: [...times].toSorted((one, other) => one - other) }
}

/**
 * The same people asked by two rules: the greater count, only whom both escalate to, and whenever
 * either reminds.
 */
function stricter(one: Slot, other: Slot): Slot {
  const from = one.from
  const count = Math.max(one.count, other.count)
  const reminders = remindersOf([one, other])
  const [first, second] = [one.escalate, other.escalate]
  const to = first?.to.filter((ref) => second?.to.includes(ref) === true) ?? []
  if (first === undefined || second === undefined || to.length === 0)
    return { from, count, ...reminders }
  const afterSeconds = Math.max(first.afterSeconds, second.afterSeconds)
  return { from, count, escalate: { afterSeconds, to }, ...reminders }
}

function keyOf(slot: Slot): string {
  return slot.from.join(' ')
}

function strongest(left: Assurance, right: Assurance): Assurance {
  return ASSURANCES.indexOf(left) >= ASSURANCES.indexOf(right) ? left : right
}
