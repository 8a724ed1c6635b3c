/** Streams of what moved: one change, or all that the one who listens may see. */
import type { Actor } from '@holdpoint/core'
import type { FastifyRequest } from 'fastify'
import type { ChangeRecord } from '../ports.ts'
import type { Services } from '../services.ts'
import { EVERY_CHANGE } from '../views-queries.ts'
import { seenChange, sees, sightOf, viewerFor } from './asked.ts'
import { done, type Handlers, STREAMING } from './handler.ts'
import type { Notice } from './stream.ts'

type EventHandlers = Pick<Handlers, 'changeEvents' | 'events'>

export function eventHandlers(services: Services): EventHandlers {
  const listen = (actor: Actor) => ({
    actorId: actor.kind === 'system' ? null : actor.id,
    sees: (notice: Notice) => sees(actor, notice.workspace, services),
  })
  return {
    changeEvents: async ({ actor, params, request, reply }) => {
      const seen = await seenChange(actor, params.change, services)
      if (!seen.ok) return seen
      const current = seen.value.lastSeq === lastEventId(request) ? [] : [noticeOf(seen.value)]
      services.streams.attach(reply, { ...listen(actor), change: params.change }, current)
      return done(STREAMING)
    },
    events: async ({ actor, request, reply }) => {
      const missed = await missedBy(actor, lastEventId(request), services)
      services.streams.attach(reply, { ...listen(actor), change: null }, missed)
      return done(STREAMING)
    },
  }
}

export function noticeOf({ change, lastSeq }: ChangeRecord): Notice {
  const { changeId, workspace, status } = change
  return { change: changeId, workspace, status, seq: lastSeq }
}

/** A client that comes back hears of what moved meanwhile; a new one asks for its page anyway. */
async function missedBy(
  actor: Actor,
  last: number | null,
  services: Services,
): Promise<readonly Notice[]> {
  if (last === null) return []
  const { access, now } = await viewerFor(actor, services)
  const filter = { ...EVERY_CHANGE, sight: sightOf(access, actor, now), movedAfter: last }
  const records = await services.gate.changes(filter)
  return records.map(noticeOf).toSorted((one, other) => one.seq - other.seq)
}

function lastEventId(request: FastifyRequest): number | null {
  const text = request.headers['last-event-id']
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : null
}
