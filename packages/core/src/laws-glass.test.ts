import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Gatehouse } from '../test/gatehouse.ts'
import {
  ALICE,
  BOB,
  DAVE,
  DAY,
  ERIN,
  FRANK,
  givenChangeId,
  givenDigest,
  givenEvaluated,
  givenOpened,
  HOUR,
  MINUTE,
  SECOND,
} from '../test/given.ts'
import { givenBreak, givenReview } from '../test/given-glass.ts'
import { ADMIN, asPerson, givenInstallation } from '../test/installation.ts'
import { edit, lawOf, numbered, without } from '../test/log-story.ts'
import { SYSTEM } from './actor.ts'
import type { Entry } from './entry.ts'
import type { ChangeId, PersonId } from './ids.ts'

const LISTED = [ALICE, DAVE] as const

function house(): Gatehouse {
  const made = givenInstallation()
  for (const person of LISTED) made.changeAccess(ADMIN, { type: 'break_glass_granted', person })
  return made
}

function ask(made: Gatehouse, ...asked: Parameters<Gatehouse['handle']>): string | null {
  return made.handle(...asked)?.refusal?.code ?? null
}

function hold(made: Gatehouse, id: ChangeId): void {
  const expiresAt = made.now + DAY
  const opened = givenOpened({ changeId: id, expiresAt })
  assert.equal(ask(made, asPerson(ALICE), id, { type: 'open', opened }), null)
  made.now += SECOND
  const evaluated = givenEvaluated({ evaluatedAt: made.now })
  assert.equal(ask(made, SYSTEM, id, { type: 'record_evaluation', evaluated }), null)
}

function breakIt(made: Gatehouse, id: ChangeId, person: PersonId = ALICE): string | null {
  return ask(made, asPerson(person), id, { type: 'break_glass', ...givenBreak(person) })
}

/** Held, broken, never started, and over. */
function brokenAndOver(made: Gatehouse, id: ChangeId): void {
  hold(made, id)
  assert.equal(breakIt(made, id), null)
  made.now += HOUR
  assert.equal(ask(made, SYSTEM, id, { type: 'expire' }), null)
}

const id = givenChangeId()
const reviewed = () => {
  const made = house()
  brokenAndOver(made, id)
  const review = { type: 'review_glass', ...givenReview(ERIN) } as const
  assert.equal(ask(made, asPerson(ERIN), id, review), null)
  return made.entries
}
const forged = (entry: Entry, about: object, actor = entry.actor) =>
  ({ ...entry, actor, event: { ...entry.event, ...about } }) as Entry
const as = (person: PersonId) => ({ kind: 'person', id: person }) as const

test('glass that was broken and reviewed as it may be breaks no law', () => {
  assert.equal(lawOf(reviewed(), []), null)
})

test('I1, I3: glass is broken by who is listed, for this plan, with their own passkey', () => {
  const breaks = (about: object, person: PersonId | null = null) =>
    lawOf(reviewed(), [
      edit('glass_broken', (entry) =>
        forged(entry, about, person === null ? entry.actor : as(person)),
      ),
    ])

  assert.equal(breaks({ person: BOB, signed: givenBreak(BOB).signed }, BOB), 'L4')
  assert.equal(breaks({ person: DAVE }), 'I2')
  assert.equal(breaks({ fingerprint: givenDigest('another plan') }), 'I3')
  assert.equal(breaks({ assurance: 'session' }), 'I1')
  assert.equal(breaks({ signed: givenBreak(BOB).signed }), 'I1')
  assert.equal(
    lawOf(reviewed(), [without('break_glass_granted'), without('break_glass_granted')]),
    'L4',
  )
})

test('I11: a release by broken glass lasts minutes, and is not said to be by approvals', () => {
  const about = (said: object) =>
    lawOf(reviewed(), [edit('released', (entry) => forged(entry, said))])
  const release = reviewed().find(({ event }) => event.type === 'released')
  assert.ok(release?.event.type === 'released')

  assert.equal(about({ until: release.event.until + 1 }), 'I11')
  assert.equal(about({ by: 'approvals' }), 'I11')
})

test('I2: it is reviewed by an owner or who was asked, never by who broke it', () => {
  const by = (person: PersonId) =>
    lawOf(reviewed(), [edit('glass_reviewed', (entry) => forged(entry, { person }, as(person)))])

  assert.equal(by(BOB), null)
  assert.equal(by(ALICE), 'L4')
  assert.equal(by(FRANK), 'L4')
  assert.equal(by(DAVE), 'I2')
})

test('I1: while a review is overdue that person breaks no other, and may again after it', () => {
  const made = house()
  brokenAndOver(made, id)
  const second = givenChangeId('two')
  made.now += 72 * HOUR
  hold(made, second)
  assert.equal(breakIt(made, second), 'glass_review_overdue')
  const unreviewed = made.entries.length
  const review = { type: 'review_glass', ...givenReview(ERIN) } as const
  assert.equal(ask(made, asPerson(ERIN), id, review), null)
  assert.equal(breakIt(made, second), null)

  const forbidden = made.entries.filter((_, at) => at !== unreviewed)
  assert.equal(lawOf(numbered(made.entries), []), null)
  assert.equal(lawOf(numbered(forbidden), []), 'I1')
})

test('I1: a fourth glass of a day in one workspace breaks it, whoever does it', () => {
  const made = house()
  const ids = ['one', 'two', 'three', 'four'].map(givenChangeId)
  for (const each of ids) hold(made, each)
  for (const each of ids.slice(0, 3)) assert.equal(breakIt(made, each), null)
  const [, , third, fourth] = ids
  assert.ok(third !== undefined && fourth !== undefined)
  assert.equal(breakIt(made, fourth, DAVE), 'glass_refused')

  const broken = made.entries.find(
    (each) => each.stream === third && each.event.type === 'glass_broken',
  )
  assert.ok(broken !== undefined)
  const moved = { ...broken, stream: fourth, at: made.now } as Entry
  const { fingerprint } = givenOpened({ changeId: fourth }).binding
  const forbidden = [...made.entries, forged(moved, { fingerprint })]
  assert.equal(lawOf(numbered(forbidden), []), 'I1')
})

test('I11: a hold that has ended has no glass to break', () => {
  const made = house()
  hold(made, id)
  assert.equal(breakIt(made, id), null)

  const late = made.entries.map((entry) =>
    entry.event.type === 'glass_broken' || entry.event.type === 'released'
      ? { ...entry, at: made.now + 4 * HOUR + MINUTE }
      : entry,
  )
  assert.equal(lawOf(numbered(late), []), 'I11')
})
