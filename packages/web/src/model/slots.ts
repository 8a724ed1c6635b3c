/** Who is needed: slots filled and open, with the people who can fill them now, yours marked. */
import { reminderOf } from '@holdpoint/core'
import { clock, type Moment, moment } from './time.ts'
import type { ChangeView, SlotView } from './wire.ts'
import { approverName, list } from './words.ts'

export interface SlotLine {
  readonly key: string
  readonly filled: boolean
  readonly needsYou: boolean
  /** `dba`. */
  readonly name: string
  /** `Jonas Weber approved at 02:29, development` or `Or Tomás Silva`. */
  readonly detail: string
}

export function slotLines(change: ChangeView, when: Moment): readonly SlotLine[] {
  const names = namesIn(change.slots)
  return change.slots.flatMap((view) => linesOf(view, { names, when, openedAt: change.openedAt }))
}

function linesOf(
  view: SlotView,
  about: {
    readonly names: ReadonlyMap<string, string>
    readonly when: Moment
    readonly openedAt: number
  },
): readonly SlotLine[] {
  const { names, when, openedAt } = about
  const name = slotTitle(view.slot.from, names)
  const filled = view.filledBy.map((each, at) => ({
    key: `${name} ${at}`,
    filled: true,
    needsYou: false,
    name,
    detail: `${each.name} approved at ${clock(each.at, when)}, ${assuranceWord(each.assurance)}`,
  }))
  const open = Math.max(0, view.slot.count - view.filledBy.length)
  if (open === 0) return filled
  const needsYou = view.candidates.some((each) => each.you)
  return [
    ...filled,
    {
      key: `${name} open`,
      filled: false,
      needsYou,
      name: open === 1 ? name : `${open} of ${name}`,
      detail: `${candidatesText(view, needsYou, when)}${escalationText(view, { names, when, openedAt })}${reminderText(view, { names, when, openedAt })}`,
    },
  ]
}

/** In development nothing is signed, and that is the word a reader needs. */
function assuranceWord(assurance: SlotView['filledBy'][number]['assurance']): string {
  return assurance === 'development' ? 'unsigned' : assurance
}

function candidatesText(view: SlotView, needsYou: boolean, when: Moment): string {
  const others = view.candidates.filter((each) => !each.you).map((each) => candidate(each, when))
  if (others.length === 0) {
    const { nextTurnAt } = view
    if (needsYou) return 'Nobody else can fill it'
    return nextTurnAt === null
      ? 'Nobody can fill it now'
      : `Nobody can fill it now; the next turn begins ${moment(nextTurnAt, when)}`
  }
  const shown = others.length > 4 ? [...others.slice(0, 3), `${others.length - 3} others`] : others
  return `${needsYou ? 'Or ' : ''}${list(shown, 'or')}`
}

/** Said as long as the slot is open: whom it is given to as well, and since or from when. */
function escalationText(
  { slot }: SlotView,
  { names, when, openedAt }: Parameters<typeof linesOf>[1],
): string {
  const { escalate } = slot
  if (escalate === undefined) return ''
  const at = openedAt + escalate.afterSeconds * 1000
  const word = when.now < at ? 'from' : 'since'
  return `; ${slotTitle(escalate.to, names)} too ${word} ${clock(at, when)}`
}

/** When they were last told again, or else when they will be. */
function reminderText(
  { slot }: SlotView,
  { when, openedAt }: Parameters<typeof linesOf>[1],
): string {
  const reminder = reminderOf(slot, { openedAt, now: when.now })
  if (reminder === null) return ''
  return `; ${reminder.isDue ? 'reminded' : 'a reminder at'} ${clock(reminder.at, when)}`
}

/** Who they are, and in what part: on call until then, or for somebody else. */
function candidate(each: SlotView['candidates'][number], when: Moment): string {
  if (each.onCallUntil !== null)
    return `${each.name} (on call until ${moment(each.onCallUntil, when)})`
  return each.for === null ? each.name : `${each.name} (for ${each.for})`
}

/** Names of the people a change's slots speak of. */
export function namesIn(slots: readonly SlotView[]): ReadonlyMap<string, string> {
  const people = slots.flatMap((view) => [...view.filledBy, ...view.candidates])
  return new Map(people.map((each) => [each.person, each.name]))
}

export function slotTitle(from: readonly string[], names: ReadonlyMap<string, string>): string {
  const one = (ref: string) => {
    const id = approverName(ref)
    return ref.startsWith('person:') ? (names.get(id) ?? 'a named person') : id
  }
  return list(from.map(one), 'or')
}

/** `dba: Jonas Weber or Ada Lund`, for everything that is still open. */
export function waitingFor(change: ChangeView): string {
  const names = namesIn(change.slots)
  const open = change.slots.filter((view) => view.filledBy.length < view.slot.count)
  const parts = open.map((view) => {
    const people = view.candidates.map((each) => (each.you ? 'you' : each.name))
    const title = slotTitle(view.slot.from, names)
    return people.length === 0 ? `${title}: nobody` : `${title}: ${list(people, 'or')}`
  })
  return list(parts, 'and')
}

export function nobodyCan(change: ChangeView): readonly string[] {
  const names = namesIn(change.slots)
  return change.slots
    .filter((view) => view.filledBy.length < view.slot.count && view.candidates.length === 0)
    .map((view) => slotTitle(view.slot.from, names))
}
