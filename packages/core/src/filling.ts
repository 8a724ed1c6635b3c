/**
 * In what part somebody fills a slot: by themselves, by a shift that ends, or for somebody else. Only
 * for people to read; whether it counts is asked of approval.ts.
 */
import type { Access } from './access.ts'
import { joinedAt, onCallOf, refsOf, standIn } from './approval.ts'
import type { PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Slot } from './verdict.ts'

export interface Filling {
  /** `null`: not by a shift. */
  readonly onCallUntil: Instant | null
  /** Whom they stand in for; `null`: for nobody. */
  readonly for: PersonId | null
}

export function fillingOf(
  access: Access,
  slot: Slot,
  by: { readonly person: PersonId; readonly openedAt: Instant; readonly now: Instant },
): Filling {
  const { person, now } = by
  const refs = refsOf(slot, by)
  const shifts = onCallOf(access, person, now).filter((each) => refs.includes(each))
  const until = shifts.flatMap((each) => access.onCall.get(scheduleNamed(each) ?? '')?.until ?? [])
  const onCallUntil = until.length === 0 ? null : Math.max(...until)
  const isOwn = refs.some((from) => joinedAt(access, from, person).length > 0)
  return {
    onCallUntil,
    for: isOwn || onCallUntil !== null ? null : lentBy(access, refs, { person, now }),
  }
}

/** The schedule that a reference of a slot names, whatever its tier; `null` for a team or person. */
export function scheduleNamed(ref: string): string | null {
  return /^oncall:([^/]+)/.exec(ref)?.[1] ?? null
}

function lentBy(
  access: Access,
  refs: readonly string[],
  { person, now }: { readonly person: PersonId; readonly now: Instant },
): PersonId | null {
  for (const from of refs) {
    if (!from.startsWith('team:')) continue
    const team = from.slice('team:'.length)
    const absent = (access.teams.get(team) ?? []).find((member) => {
      const lent = standIn(access, member.person, team)
      return lent !== null && lent.to === person && now < lent.until
    })
    if (absent !== undefined) return absent.person
  }
  return null
}
