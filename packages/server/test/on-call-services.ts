/**
 * PagerDuty and Opsgenie as far as schedules go, over HTTP on this machine: each asks for its key,
 * knows its own addresses and parameters, and answers 401, 404 or pages as the real one does.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface FakeService {
  readonly url: string
  readonly close: () => Promise<void>
}

type Answer = (url: URL) => unknown

async function serve(
  isKey: (request: IncomingMessage) => boolean,
  answer: Answer,
): Promise<FakeService> {
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const found = isKey(request) ? answer(new URL(request.url ?? '/', 'http://fake')) : null
    if (found === null) send(401, { error: 'unauthorised' })
    else if (found === undefined) send(404, { error: 'not found' })
    else send(200, found)
  }
  const server: Server = createServer(respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export interface OnCallEntry {
  readonly user: string
  readonly level: number
  readonly end: string | null
}

/** `PAY` is the only schedule; pages of two, to be turned. */
export async function startPagerDuty(key: string, entries: OnCallEntry[]): Promise<FakeService> {
  const isKey = ({ headers }: IncomingMessage): boolean =>
    headers.authorization === `Token token=${key}` &&
    headers.accept === 'application/vnd.pagerduty+json;version=2'
  return serve(isKey, (url) => {
    if (url.pathname !== '/oncalls' || url.searchParams.get('schedule_ids[]') !== 'PAY')
      return undefined
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const from = offset === 0 ? 0 : 2
    const page = entries.slice(from, from === 0 ? 2 : undefined)
    return {
      oncalls: page.map(({ user, level, end }) => ({
        escalation_level: level,
        start: '2026-01-01T00:00:00Z',
        end,
        user: { id: user, type: 'user_reference', summary: user },
        schedule: { id: 'PAY', type: 'schedule_reference' },
      })),
      limit: 100,
      offset,
      more: from === 0 && entries.length > 2,
      total: null,
    }
  })
}

export async function startOpsgenie(key: string, participants: unknown[]): Promise<FakeService> {
  const isKey = ({ headers }: IncomingMessage): boolean =>
    headers.authorization === `GenieKey ${key}`
  return serve(isKey, (url) => {
    const { searchParams: query } = url
    const isAsked = query.get('flat') === 'false' && query.get('scheduleIdentifierType') === 'id'
    if (url.pathname !== '/v2/schedules/s-1/on-calls' || !isAsked) return undefined
    return {
      data: {
        _parent: { id: 's-1', name: 'payments', enabled: true },
        onCallParticipants: participants,
      },
      took: 0.01,
      requestId: 'r',
    }
  })
}
