/** What your decision causes: always one sentence, before you decide. */
import { whoApplies } from './actors.ts'
import { namesIn, slotTitle } from './slots.ts'
import type { ChangeView } from './wire.ts'
import { capital, list } from './words.ts'

export function causesText(change: ChangeView): string {
  if (change.you.approve !== null) return ''
  const filled = change.missing.length === 0
  if (filled) return 'It does not change anything: the slot is filled.'
  if (!change.lastForRelease) return `It counts; ${stillNeeded(change)} is needed after it.`
  const binds = change.bindsTarget ? ' It also binds the workspace to this place.' : ''
  return `Yours is the last approval. ${whatFollows(change)}${binds}`
}

/** The same for a phone's dock: one short line. */
export function causesShort(change: ChangeView): string {
  if (change.you.approve !== null) return ''
  if (change.missing.length === 0) return 'It does not change anything: the slot is filled.'
  if (!change.lastForRelease) return 'It counts; more approvals are needed after it.'
  return change.runner.waiting
    ? 'Last approval: it is released and applied at once.'
    : 'Last approval: it is released, and waits to be started.'
}

function whatFollows(change: ChangeView): string {
  if (change.runner.waiting) return `It is released, and ${whoApplies(change)} applies it at once.`
  return `${capital(whoApplies(change))} stopped waiting: released, it waits to be started again.`
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
