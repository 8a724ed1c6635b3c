/**
 * Figures about rules and teams, counted from recorded events. They show where holds teach people to
 * say yes. A figure about one person goes to that person only, and there is never a ranking: what
 * this answers names rules and teams, and the one who asks.
 */
import type { PersonId } from './ids.ts'
import type { ChangeFacts, DecisionFact } from './insight-facts.ts'
import type { Instant } from './instant.ts'

export interface InsightQuestion {
  /** Changes opened at this time or later, and before `until`. */
  readonly from: Instant
  readonly until: Instant
  /** Minutes that the reader's clock is ahead of UTC: what is a week, and what is night. */
  readonly offsetMinutes: number
  readonly teams: ReadonlyMap<string, readonly PersonId[]>
  readonly you: PersonId | null
}

export interface VerdictFigures {
  readonly allow: number
  readonly hold: number
  readonly deny: number
  /** Holds that people decided, and how long that took from being held. */
  readonly decided: number
  readonly medianMs: number | null
  readonly p90Ms: number | null
}

export interface RuleFigures {
  readonly rule: string
  readonly holds: number
  readonly decided: number
  readonly rejected: number
}

export interface ReadingFigures {
  readonly decisions: number
  readonly fast: number
  /** Decisions whose page stated whether anything was opened; of those, nothing was. */
  readonly stated: number
  readonly unopened: number
  readonly night: number
}

export interface TeamShare {
  readonly team: string
  readonly decisions: number
  /** Of whoever decided most. */
  readonly most: number
  /** How many others decided. */
  readonly others: number
}

export interface Insights {
  readonly weeks: readonly (VerdictFigures & { readonly start: Instant })[]
  readonly total: VerdictFigures
  /** Most holds first. */
  readonly rules: readonly RuleFigures[]
  readonly reading: ReadingFigures & {
    readonly fastRule: { readonly rule: string; readonly fast: number } | null
    readonly busiest: readonly TeamShare[]
  }
  readonly you: (ReadingFigures & { readonly medianMs: number | null }) | null
}

export const FAST_MS = 5_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
/** 1 January 1970 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS
const NIGHT_FROM_HOUR = 23
const NIGHT_UNTIL_HOUR = 6
const RULES_MAX = 50
/** A team's share says something from so many decisions on, and in a smaller team it names one. */
const SHARE_FROM = 5
const TEAM_FROM = 3

export function insightsOf(facts: readonly ChangeFacts[], asked: InsightQuestion): Insights {
  const within = facts.filter(({ openedAt }) => asked.from <= openedAt && openedAt < asked.until)
  const told = tell(within)
  const mine = told.filter(({ person }) => person === asked.you)
  return {
    weeks: weeksOf(within, asked),
    total: verdictsOf(within),
    rules: rulesOf(within),
    reading: {
      ...readingOf(told, asked),
      fastRule: fastRuleOf(told),
      busiest: busiestOf(told, asked),
    },
    you:
      asked.you === null
        ? null
        : { ...readingOf(mine, asked), medianMs: quantile(mine.map(tookMs), 0.5) },
  }
}

/** The Monday that a week began with, in the reader's time. */
export function weekStart(at: Instant, offsetMinutes: number): Instant {
  const shift = offsetMinutes * MINUTE_MS - FIRST_MONDAY_MS
  return Math.floor((at + shift) / WEEK_MS) * WEEK_MS - shift
}

function weeksOf(facts: readonly ChangeFacts[], asked: InsightQuestion): Insights['weeks'] {
  const first = weekStart(asked.from, asked.offsetMinutes)
  const count = Math.max(1, Math.ceil((asked.until - first) / WEEK_MS))
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * WEEK_MS
    const here = facts.filter(({ openedAt }) => start <= openedAt && openedAt < start + WEEK_MS)
    return { start, ...verdictsOf(here) }
  })
}

function verdictsOf(facts: readonly ChangeFacts[]): VerdictFigures {
  const times = facts.flatMap(({ heldAt, decidedAt }) =>
    heldAt === null || decidedAt === null ? [] : [decidedAt - heldAt],
  )
  return {
    allow: countOf(facts, ({ verdict }) => verdict === 'allow'),
    hold: countOf(facts, ({ verdict }) => verdict === 'hold'),
    deny: countOf(facts, ({ verdict }) => verdict === 'deny'),
    decided: times.length,
    medianMs: quantile(times, 0.5),
    p90Ms: quantile(times, 0.9),
  }
}

function countOf<T>(all: readonly T[], is: (each: T) => boolean): number {
  return all.filter(is).length
}

/** The smallest value that this share of all does not exceed; `null` of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}

function rulesOf(facts: readonly ChangeFacts[]): readonly RuleFigures[] {
  const found = new Map<string, RuleFigures>()
  for (const { verdict, rules, rejected, decidedAt } of facts) {
    if (verdict !== 'hold') continue
    for (const rule of rules) {
      const before = found.get(rule) ?? { rule, holds: 0, decided: 0, rejected: 0 }
      found.set(rule, {
        rule,
        holds: before.holds + 1,
        decided: before.decided + (decidedAt === null ? 0 : 1),
        rejected: before.rejected + (rejected ? 1 : 0),
      })
    }
  }
  return [...found.values()]
    .toSorted((one, other) => other.holds - one.holds || (one.rule < other.rule ? -1 : 1))
    .slice(0, RULES_MAX)
}

/** A decision with when its person was last free to look at something else. */
interface Told extends DecisionFact {
  readonly rules: readonly string[]
  readonly freeAt: Instant
}

function tell(facts: readonly ChangeFacts[]): readonly Told[] {
  const all = facts
    .flatMap(({ decisions, rules }) => decisions.map((each) => ({ ...each, rules })))
    .toSorted((one, other) => one.at - other.at)
  const last = new Map<PersonId, Instant>()
  return all.map((decision) => {
    const freeAt = Math.max(decision.askedAt, last.get(decision.person) ?? decision.askedAt)
    last.set(decision.person, decision.at)
    return { ...decision, freeAt }
  })
}

function tookMs({ at, askedAt }: Told): number {
  return at - askedAt
}

/**
 * Nobody reads a plan in five seconds: since it asked for people, since the same person's decision
 * before, or since their page showed it, where the page stated that.
 */
function isFast({ at, freeAt, shown }: Told): boolean {
  const seconds = shown?.seconds
  return at - freeAt < FAST_MS || (seconds !== undefined && seconds * 1000 < FAST_MS)
}

function isAtNight(at: Instant, offsetMinutes: number): boolean {
  const local = at + offsetMinutes * MINUTE_MS
  const hour = Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS)
  return hour >= NIGHT_FROM_HOUR || hour < NIGHT_UNTIL_HOUR
}

function readingOf(told: readonly Told[], asked: InsightQuestion): ReadingFigures {
  return {
    decisions: told.length,
    fast: countOf(told, isFast),
    stated: countOf(told, ({ shown }) => shown?.opened !== undefined),
    unopened: countOf(told, ({ shown }) => shown?.opened === false),
    night: countOf(told, ({ at }) => isAtNight(at, asked.offsetMinutes)),
  }
}

function fastRuleOf(
  told: readonly Told[],
): { readonly rule: string; readonly fast: number } | null {
  const counts = new Map<string, number>()
  for (const rule of told.filter(isFast).flatMap(({ rules }) => rules))
    counts.set(rule, (counts.get(rule) ?? 0) + 1)
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one)
  return most === undefined ? null : { rule: most[0], fast: most[1] }
}

function busiestOf(told: readonly Told[], { teams }: InsightQuestion): readonly TeamShare[] {
  const byPerson = new Map<PersonId, number>()
  for (const { person } of told) byPerson.set(person, (byPerson.get(person) ?? 0) + 1)
  const large = [...teams].filter(([, members]) => members.length >= TEAM_FROM)
  const shares = large.map(([team, members]) => {
    const counts = members.flatMap((person) => byPerson.get(person) ?? [])
    const decisions = counts.reduce((sum, count) => sum + count, 0)
    return { team, decisions, most: Math.max(0, ...counts), others: Math.max(0, counts.length - 1) }
  })
  return shares
    .filter(({ decisions }) => decisions >= SHARE_FROM)
    .toSorted((one, other) => other.most / other.decisions - one.most / one.decisions)
}
