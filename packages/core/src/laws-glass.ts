/** The laws of broken glass: who may, when, how often, and who reviews it. */
import type { Change, ChangeEvent } from './change.ts'
import { glassFacts, glassProblem, reviewProblem } from './change-glass.ts'
import type { Instant } from './instant.ts'
import { law } from './laws-words.ts'
import { dueAt } from './release.ts'
import type { BrokenLaw, World } from './world.ts'

interface Said<T extends ChangeEvent['type']> {
  readonly event: Extract<ChangeEvent, { type: T }>
  readonly at: Instant
}

export function brokenProblem(
  world: World,
  before: Change,
  { event, at }: Said<'glass_broken'>,
): BrokenLaw | null {
  if (before.evaluation?.verdict !== 'hold')
    return law('I1', 'its glass was broken where no rule holds it')
  if (at >= dueAt(before)) return law('I11', 'its glass was broken after its hold had ended')
  const { workspace } = before
  const glass = glassFacts(world.glass.values(), { person: event.person, workspace, now: at })
  const refusal = glassProblem(before, event, { access: world.access, now: at, glass })
  if (refusal === null) return null
  const number = refusal.code === 'other_fingerprint' ? 'I3' : 'I1'
  return law(number, `this broken glass does not count: ${refusal.code.replaceAll('_', ' ')}`)
}

export function reviewedProblem(
  world: World,
  before: Change,
  { event, at }: Said<'glass_reviewed'>,
): BrokenLaw | null {
  const refusal = reviewProblem(before, event, { access: world.access, now: at })
  return refusal === null
    ? null
    : law('I2', `this review does not count: ${refusal.code.replaceAll('_', ' ')}`)
}
