/**
 * A whole story as a log, in several endings, and a knife: edit, drop or insert one entry, number
 * the rest anew, and see which law says so.
 */
import type { Actor } from '../src/actor.ts'
import { SYSTEM } from '../src/actor.ts'
import type { Opened } from '../src/change.ts'
import type { ChangeCommand } from '../src/change-commands.ts'
import type { AnyEvent, Entry } from '../src/entry.ts'
import type { ChangeId } from '../src/ids.ts'
import { checkEntry } from '../src/laws.ts'
import { pinnedFrom } from '../src/target.ts'
import { startWorld } from '../src/world.ts'
import type { Gatehouse } from './gatehouse.ts'
import {
  ALICE,
  BOB,
  ERIN,
  givenChangeId,
  givenDecide,
  givenDigest,
  givenEvaluated,
  givenOpened,
  givenOutcome,
  givenStart,
  givenTarget,
  HOUR,
  MINUTE,
  NOW,
  RUNNER_KEY,
  SECOND,
} from './given.ts'
import { ADMIN, asPerson, givenInstallation, PINNED } from './installation.ts'

const ID = givenChangeId()
const reason = givenDigest('reason')

/** How a lawful story ends. */
const ENDINGS = {
  applied: (house: Gatehouse) => finish(begin(release(house))),
  rejected: (house: Gatehouse) =>
    ask(hold(house), asPerson(BOB), { type: 'reject', ...givenDecide(BOB, { reason }) }),
  taken_back: (house: Gatehouse) =>
    ask(release(house), asPerson(BOB), { type: 'take_back', person: BOB }),
  withdrawn: (house: Gatehouse) => ask(hold(house), asPerson(ALICE), { type: 'withdraw' }),
  superseded: (house: Gatehouse) =>
    ask(open(hold(house), { changeId: givenChangeId('two') }), SYSTEM, {
      type: 'supersede',
      by: givenChangeId('two'),
    }),
  expired: (house: Gatehouse) => ask(wait(hold(house), 4 * HOUR), SYSTEM, { type: 'expire' }),
  lost: (house: Gatehouse) => lose(begin(release(house))),
  late: (house: Gatehouse) => finish(lose(begin(release(house)))),
  resolved: (house: Gatehouse) =>
    ask(lose(begin(release(house))), asPerson(ERIN), {
      type: 'resolve_outcome',
      person: ERIN,
      resolution: 'applied',
      reason,
    }),
  refused: (house: Gatehouse) =>
    ask(release(house), asPerson(ALICE), {
      type: 'refuse_start',
      runnerKey: RUNNER_KEY,
      refused: { differences: [{ part: 'source', approved: reason, now: reason }], names: null },
    }),
} as const

/** Stories in which the gate was asked to start what it could not have started. */
const UNLAWFUL = {
  policy_moved: (house: Gatehouse) => {
    house.pushPolicy(ADMIN)
  },
  approver_removed: (house: Gatehouse) => {
    house.changeAccess(ADMIN, { type: 'person_removed', person: BOB })
  },
  pin_moved: (house: Gatehouse) => {
    const pin = pinnedFrom(givenTarget({ toolWorkspace: 'blue' }))
    house.changeAccess(ADMIN, { type: 'target_pinned', workspace: PINNED, pin })
  },
} as const

export type Ending = keyof typeof ENDINGS | keyof typeof UNLAWFUL | 'two_started'

export const story = () => storyOf('applied')

export function storyOf(ending: Ending): readonly Entry[] {
  if (ending === 'two_started') return twoStarted()
  const house = givenInstallation()
  if (isUnlawful(ending)) return unlawful(house, ending)
  ENDINGS[ending](house)
  return house.entries
}

function isUnlawful(ending: Ending): ending is keyof typeof UNLAWFUL {
  return Object.hasOwn(UNLAWFUL, ending)
}

/** What happened before the start, put in after the release of a story that went well. */
function unlawful(house: Gatehouse, ending: keyof typeof UNLAWFUL): readonly Entry[] {
  release(house)
  const size = house.entries.length
  UNLAWFUL[ending](house)
  const start = story().find((entry) => entry.event.type === 'execution_started')
  if (start === undefined || house.entries.length !== size + 1)
    throw new Error(`the story of ${ending} went otherwise`)
  return numbered([...house.entries, start])
}

/** The second of two released changes starts while the first one executes. */
function twoStarted(): readonly Entry[] {
  const second = givenChangeId('two')
  const house = release(release(givenInstallation()), second)
  begin(house)
  const start = house.entries.at(-1)
  if (start?.event.type !== 'execution_started') throw new Error('the first change starts')
  const binding = givenOpened({ changeId: second }).binding
  return numbered([
    ...house.entries,
    { ...start, stream: second, event: { ...start.event, binding } },
  ])
}

type Ask = (house: Gatehouse, actor: Actor, command: ChangeCommand) => Gatehouse

function askOf(id: ChangeId): Ask {
  return (house, actor, command) => {
    const { refusal } = house.handle(actor, id, command)
    if (refusal !== null) throw new Error(`${command.type} was refused: ${refusal.code}`)
    return house
  }
}

function ask(house: Gatehouse, actor: Actor, command: ChangeCommand): Gatehouse {
  return askOf(ID)(house, actor, command)
}

function wait(house: Gatehouse, ms: number): Gatehouse {
  house.now += ms
  return house
}

function open(house: Gatehouse, about: Partial<Opened> = {}): Gatehouse {
  const opened = givenOpened(about)
  return askOf(opened.changeId)(house, asPerson(ALICE), { type: 'open', opened })
}

function hold(house: Gatehouse, id = ID): Gatehouse {
  open(house, { changeId: id })
  wait(house, SECOND)
  const evaluated = givenEvaluated({ evaluatedAt: house.now })
  return askOf(id)(house, SYSTEM, { type: 'record_evaluation', evaluated })
}

function release(house: Gatehouse, id = ID): Gatehouse {
  hold(house, id)
  return askOf(id)(house, asPerson(BOB), { type: 'approve', ...givenDecide(BOB) })
}

function begin(house: Gatehouse): Gatehouse {
  wait(house, MINUTE)
  const evaluated = givenEvaluated({ evaluatedAt: house.now })
  return ask(house, asPerson(ALICE), givenStart({ evaluated }))
}

function lose(house: Gatehouse): Gatehouse {
  return ask(house, SYSTEM, { type: 'lose', because: 'heartbeat_lost' })
}

function finish(house: Gatehouse): Gatehouse {
  const command = { type: 'finish', runnerKey: RUNNER_KEY, outcome: givenOutcome() } as const
  return ask(house, asPerson(ALICE), command)
}

type EventType = AnyEvent['type']
export type Edit = (entries: readonly Entry[]) => readonly Entry[]

/** The last entry of this type, changed. Positions are kept, so that only the change shows. */
export function edit(type: EventType, change: (entry: Entry) => Entry): Edit {
  return (entries) => {
    const at = lastOf(entries, type)
    return entries.map((entry, index) => (index === at ? change(entry) : entry))
  }
}

export function without(type: EventType): Edit {
  return (entries) => {
    const at = lastOf(entries, type)
    return numbered(entries.filter((_, index) => index !== at))
  }
}

export function insertAfter(type: EventType, entry: Entry): Edit {
  return (entries) => {
    const at = lastOf(entries, type)
    const time = Math.max(entry.at, entries[at]?.at ?? NOW)
    const moved = entries.slice(at + 1).map((each) => ({ ...each, at: Math.max(each.at, time) }))
    return numbered([...entries.slice(0, at + 1), { ...entry, at: time }, ...moved])
  }
}

function lastOf(entries: readonly Entry[], type: EventType): number {
  const at = entries.findLastIndex((entry) => entry.event.type === type)
  if (at === -1) throw new Error(`the story has no ${type}`)
  return at
}

export function numbered(entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry, seq) => ({ ...entry, seq }))
}

/** The number of the first law that the entries break, `null` when they break none. */
export function lawOf(entries: readonly Entry[], edits: readonly Edit[]): string | null {
  const edited = edits.reduce((before, apply) => apply(before), entries)
  let world = startWorld()
  for (const entry of edited) {
    const answer = checkEntry(world, entry)
    if (!answer.ok) return answer.broken.law
    world = answer.world
  }
  return null
}

/** The law that a story breaks when its last event of this type says something else. */
export function lawWith(ending: Ending, type: EventType, about: object): string | null {
  const forged = (entry: Entry) => ({ ...entry, event: { ...entry.event, ...about } }) as Entry
  return lawOf(storyOf(ending), [edit(type, forged)])
}
