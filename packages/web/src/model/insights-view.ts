/**
 * The figures in words: each chart's title is what it found. Nothing here names a person, and a
 * share of one team's busiest person says neither who that is nor how teams compare.
 */
import { duration } from './time.ts'
import type { InsightsView } from './wire.ts'
import { count, grouped } from './words.ts'

export interface Finding {
  readonly title: string
  readonly sub: string
}

type Figures = InsightsView['total']

export function verdictFinding({ allow, hold, deny }: Figures): Finding {
  const total = allow + hold + deny
  const sub = 'Changes per week, by verdict'
  if (total === 0) return { title: 'No change was evaluated in these weeks', sub }
  if (allow === total) return { title: 'Every change was allowed at once', sub }
  if (hold === total) return { title: 'Every change waited for people', sub }
  if (allow * 2 >= total) return { title: `${tenths(allow, total)} allowed at once`, sub }
  if (deny > hold) return { title: `${tenths(deny, total)} denied by a rule`, sub }
  return { title: `${tenths(hold, total)} held for people`, sub }
}

/** `9 of 10 changes were`; never 0 or 10 of 10 where that is not so. */
function tenths(part: number, total: number): string {
  if (total <= 10) return `${part} of ${count(total, 'change')} were`
  const share = Math.min(9, Math.max(1, Math.round((part * 10) / total)))
  return `${share} of 10 changes were`
}

export function timeFinding({ decided, medianMs }: Figures): Finding {
  const sub = 'From held to decided, by the week it was opened in'
  if (medianMs === null) return { title: 'No hold was decided in these weeks', sub }
  const within = medianMs < 1_000 ? 'a second' : duration(medianMs)
  if (decided === 1) return { title: `The one hold was decided within ${within}`, sub }
  return { title: `Half of all holds are decided within ${within}`, sub }
}

/** From so many decided holds on, never being rejected says something. */
export const OFTEN = 10

export function ruleFinding(rules: InsightsView['rules']): Finding {
  const sub = 'Holds by rule, and how many of them were rejected'
  if (rules.length === 0) return { title: 'No rule held anything', sub }
  const often = rules.filter(({ decided }) => decided >= OFTEN)
  const never = often.filter(({ rejected }) => rejected === 0)
  const [only, second] = never
  if (only !== undefined && second === undefined)
    return { title: `One rule has not been rejected once in ${count(only.holds, 'hold')}`, sub }
  if (only !== undefined)
    return { title: `${never.length} rules hold often and are never rejected`, sub }
  if (often.length > 0) return { title: 'Whatever holds often was also rejected', sub }
  return { title: 'No rule held often enough yet to tell', sub }
}

export function readingFinding({ decisions, fast }: InsightsView['reading']): Finding {
  const sub = 'Signals, not proof. Of everybody together; your own are below.'
  if (decisions === 0) return { title: 'Nobody decided in these weeks', sub }
  if (fast === 0) return { title: 'No decision took under five seconds', sub }
  return { title: `${outOf(fast, decisions)} decisions took under five seconds`, sub }
}

export function outOf(part: number, whole: number): string {
  return `${grouped(part)} of ${grouped(whole)}`
}

export interface Signal {
  readonly name: string
  readonly value: string
  readonly detail: string | null
}

type Reading = InsightsView['reading']
type Own = NonNullable<InsightsView['you']>

export function readingSignals(reading: Reading): readonly Signal[] {
  const { fastRule, busiest } = reading
  const [most] = busiest
  return [
    ...sharedSignals(
      reading,
      fastRule === null ? null : `${grouped(fastRule.fast)} of them on ${fastRule.rule}.`,
    ),
    ...(most === undefined
      ? []
      : [
          {
            name: 'Most decisions by one person',
            value: `${Math.round((most.most * 100) / most.decisions)} %`,
            detail: `In ${most.team}, where ${count(most.others, 'other')} decided too.`,
          },
        ]),
  ]
}

export function ownSignals(own: Own): readonly Signal[] {
  const took = own.medianMs === null ? null : `Half of them within ${duration(own.medianMs)}.`
  return [
    { name: 'You decided', value: grouped(own.decisions), detail: took },
    ...sharedSignals(own, null),
  ]
}

function sharedSignals(figures: Own | Reading, fast: string | null): readonly Signal[] {
  const { decisions, stated, unopened, night } = figures
  return [
    {
      name: 'Decided in under five seconds',
      value: outOf(figures.fast, decisions),
      detail: fast ?? 'Since it was asked for, since the decision before, or since it was shown.',
    },
    {
      name: 'Opened nothing beyond the first screen',
      value: stated === 0 ? 'not known' : outOf(unopened, stated),
      detail: stated < decisions ? 'Of those where the page said so.' : null,
    },
    { name: 'Decided between 23:00 and 06:00', value: outOf(night, decisions), detail: null },
  ]
}

/** Round steps for times, so that an axis has two or three lines. */
const STEPS_MS = [
  1_000, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  14_400_000, 28_800_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
]

export function timeTicks(most: number): readonly number[] {
  const step = STEPS_MS.find((each) => most / each <= 3) ?? most
  return ticksOf(step, most)
}

export function countTicks(most: number): readonly number[] {
  const rough = Math.max(1, most / 2.5)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough
  return ticksOf(Math.max(1, step), most)
}

/** From nothing to the first step that is not below the most. */
function ticksOf(step: number, most: number): readonly number[] {
  const steps = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: steps + 1 }, (_, at) => at * step)
}
