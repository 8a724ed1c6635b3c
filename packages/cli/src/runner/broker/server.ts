/**
 * The loopback listener of one phase of one run. It answers only who knows the bearer, only by its
 * literal address, and no page of a browser: what it keeps out is other users and web pages. What the
 * tool itself starts it does not keep out, and SECURITY.md says so.
 */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

/** The answer to a path that was asked for rightly; `null`: there is nothing to be had. */
export type Answer = (path: string) => Promise<object | null>

export async function listenOnLoopback(bearer: string, answer: Answer): Promise<Listening> {
  const server = createServer((request, response) => {
    const { port } = addressOf(server)
    respond(request, response, { bearer, answer, host: `127.0.0.1:${port}` }).catch(() => {
      send(response, 503, { message: 'The Holdpoint server could not be asked' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: addressOf(server).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function addressOf(server: Server): { readonly port: number } {
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0 }
}

interface Rules {
  readonly bearer: string
  readonly answer: Answer
  readonly host: string
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  rules: Rules,
): Promise<void> {
  const refusal = refusalOf(request, rules)
  if (refusal !== null) return send(response, refusal, { message: 'Not answered' })
  const path = (request.url ?? '').split('?')[0] ?? ''
  const body = await rules.answer(path)
  if (body !== null) return send(response, 200, body)
  send(response, 403, { code: 'GrantOver', message: 'This grant gives no credentials any more' })
}

/**
 * A page could only ask with one of these, or under a name that it made resolve to here. Not
 * `sec-fetch-mode`: Node's own fetch sends it, and so would every tool made with it, and ours.
 */
const BROWSER = ['origin', 'sec-fetch-site', 'sec-fetch-dest'] as const

function refusalOf(request: IncomingMessage, { bearer, host }: Rules): number | null {
  if (request.method !== 'GET') return 405
  if (request.headers.host !== host) return 421
  if (BROWSER.some((name) => request.headers[name] !== undefined)) return 403
  const given = (request.headers.authorization ?? '').replace(/^Bearer /, '')
  return isSame(given, bearer) ? null : 401
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
