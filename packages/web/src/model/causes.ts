/** What your decision causes: always one sentence, before you decide. */
import { actorName, whoApplies } from './actors.ts'
import { namesIn, slotTitle } from './slots.ts'
import { clock, type Moment } from './time.ts'
import type { ChangeView } from './wire.ts'
import { list } from './words.ts'

export function causesText(change: ChangeView, when: Moment): string {
  if (change.you.approve !== null) return ''
  const filled = change.missing.length === 0
  if (filled) return 'It does not change anything: the slot is filled.'
  if (!change.lastForRelease) return `It counts; ${stillNeeded(change)} is needed after it.`
  const binds = change.bindsTarget ? ' It binds the workspace to where this plan acts.' : ''
  return `Yours is the last approval. ${whatFollows(change, when)}${binds}`
}

function whatFollows(change: ChangeView, when: Moment): string {
  if (change.runner.waiting) return `It is released, and ${whoApplies(change)} applies it at once.`
  const name = change.requester.kind === 'person' ? actorName(change.requester) : 'the requester'
  const until = change.dueAt === null ? '' : ` until ${clock(change.dueAt, when)} at the latest`
  return `${capitalWho(change)} stopped waiting. Released, it waits for ${name}${until}.`
}

function capitalWho(change: ChangeView): string {
  const who = whoApplies(change)
  return who.charAt(0).toUpperCase() + who.slice(1)
}

/** Slots missing beyond the one this reader fills. */
function stillNeeded(change: ChangeView): string {
  const names = namesIn(change.slots)
  const mine = change.slots.find(
    (view) => view.filledBy.length < view.slot.count && view.candidates.some((each) => each.you),
  )
  const left = change.missing.flatMap((slot) => {
    const isMine = mine !== undefined && same(mine.slot.from, slot.from)
    const amount = slot.count - (isMine ? 1 : 0)
    const title = slotTitle(slot.from, names)
    return amount <= 0 ? [] : [`${amount === 1 ? 'one' : amount} more from ${title}`]
  })
  return left.length === 0 ? 'one more approval' : list(left, 'and')
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at])
}
