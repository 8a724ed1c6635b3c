/**
 * Opsgenie: `GET /v2/schedules/{id}/on-calls`, not flattened. Who is called at once is the first
 * tier; whoever an escalation calls later is a later one.
 */
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

const Config = z.strictObject({
  kind: z.literal('opsgenie'),
  ...SCHEDULE,
  id: z.string().min(1).describe('Id of the schedule.'),
  token,
  url: address.default('https://api.opsgenie.com').describe('EU: https://api.eu.opsgenie.com'),
})
type Config = z.output<typeof Config>

interface Participant {
  readonly id?: string | undefined
  readonly type: string
  readonly escalationTime?: number | null | undefined
  readonly onCallParticipants?: readonly Participant[] | undefined
}
const Participant: z.ZodType<Participant> = z.lazy(() =>
  z.object({
    id: z.string().optional(),
    type: z.string(),
    /** Minutes until this one is called. */
    escalationTime: z.number().nullish(),
    onCallParticipants: z.array(Participant).optional(),
  }),
)
const Answer = z.object({
  data: z.object({
    _parent: z.object({ enabled: z.boolean() }),
    onCallParticipants: z.array(Participant).default([]),
  }),
})

export const opsgenie = sourceKind({
  kind: 'opsgenie',
  summary: 'Opsgenie, by its REST API; who is called later is a later tier.',
  config: Config,
  create: (config, secret, io) => ({ read: () => read(config, secret, io) }),
})

async function read(config: Config, secret: Secret | null, io: SourceIo): Promise<Reading> {
  const url = new URL(`/v2/schedules/${encodeURIComponent(config.id)}/on-calls`, config.url)
  url.searchParams.set('scheduleIdentifierType', 'id')
  url.searchParams.set('flat', 'false')
  const headers = { authorization: `GenieKey ${secret?.reveal() ?? ''}` }
  const { data } = Answer.parse(answerOf(await io.fetchText(url, { headers }), 'Opsgenie'))
  const called = data._parent.enabled ? calledIn(data.onCallParticipants, 0) : []
  const minutes = [...new Set(called.map((each) => each.after))].toSorted((a, b) => a - b)
  const tiers = minutes.slice(0, TIERS_MAX).map((after) => [
    ...new Set(
      called
        .filter((each) => each.after === after)
        .map(({ id }) => id)
        .toSorted(),
    ),
  ])
  return { tiers, endsAt: null, nextAt: null }
}

interface Called {
  readonly id: string
  /** Minutes from the alert. */
  readonly after: number
}

function calledIn(participants: readonly Participant[], from: number): readonly Called[] {
  return participants.flatMap((each): readonly Called[] => {
    const after = from + (each.escalationTime ?? 0)
    if (each.type === 'user') return each.id === undefined ? [] : [{ id: each.id, after }]
    return calledIn(each.onCallParticipants ?? [], after)
  })
}
