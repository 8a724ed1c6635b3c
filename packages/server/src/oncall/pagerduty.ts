/**
 * PagerDuty: `GET /oncalls` of one schedule or escalation policy. An escalation level is a tier, so
 * that a rule which asks the first tier never gets everybody down the line.
 */
import type { Instant } from '@holdpoint/core'
import { z } from 'zod'
import type { Secret } from '../io/secret.ts'
import {
  address,
  answerOf,
  type Reading,
  SCHEDULE,
  type SourceIo,
  sourceKind,
  TIERS_MAX,
  token,
} from './source.ts'

const PAGE = 100
const PAGES_MAX = 10

const Config = z.strictObject({
  kind: z.literal('pagerduty'),
  ...SCHEDULE,
  id: z.string().min(1).describe('Id of the schedule or of the escalation policy.'),
  of: z.enum(['schedule', 'escalation_policy']).default('schedule'),
  token,
  url: address.default('https://api.pagerduty.com'),
})
type Config = z.output<typeof Config>

const Answer = z.object({
  oncalls: z.array(
    z.object({
      escalation_level: z.number().int().min(1),
      end: z.iso.datetime({ offset: true }).nullable(),
      user: z.object({ id: z.string() }),
    }),
  ),
  more: z.boolean().default(false),
})
type OnCalls = z.output<typeof Answer>['oncalls']

export const pagerduty = sourceKind({
  kind: 'pagerduty',
  summary: 'PagerDuty, by its REST API; escalation levels are tiers.',
  config: Config,
  create: (config, secret, io) => ({ read: () => read(config, secret, io) }),
})

async function read(config: Config, secret: Secret | null, io: SourceIo): Promise<Reading> {
  const all: OnCalls = []
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const url = new URL('/oncalls', config.url)
    url.searchParams.set(
      config.of === 'schedule' ? 'schedule_ids[]' : 'escalation_policy_ids[]',
      config.id,
    )
    url.searchParams.set('limit', String(PAGE))
    url.searchParams.set('offset', String(page * PAGE))
    const headers = {
      authorization: `Token token=${secret?.reveal() ?? ''}`,
      accept: 'application/vnd.pagerduty+json;version=2',
    }
    const answer = Answer.parse(answerOf(await io.fetchText(url, { headers }), 'PagerDuty'))
    all.push(...answer.oncalls)
    if (!answer.more) return readingOf(all)
  }
  throw new Error('PagerDuty names more people on call than can be read')
}

function readingOf(oncalls: OnCalls): Reading {
  const deepest = Math.min(TIERS_MAX, Math.max(0, ...oncalls.map((each) => each.escalation_level)))
  const tiers = Array.from({ length: deepest }, (_, tier) => [
    ...new Set(
      oncalls
        .filter((each) => each.escalation_level === tier + 1)
        .map(({ user }) => user.id)
        .toSorted(),
    ),
  ])
  const ends = oncalls.flatMap(({ end }): Instant[] => (end === null ? [] : [Date.parse(end)]))
  const endsAt = ends.length === 0 ? null : Math.min(...ends)
  return { tiers, endsAt, nextAt: endsAt }
}
