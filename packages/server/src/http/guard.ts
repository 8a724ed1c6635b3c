/**
 * Who may talk to the server at all: only under the names it is known by (a page elsewhere cannot
 * rebind its own name to us), and no other site may write. Runs before authentication, on every
 * request; the probes of a cluster, which carry its addresses, are the only exception.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../config.ts'
import { requestProblem, sendProblem } from './problems.ts'
import { SESSION_COOKIES } from './session-cookie.ts'

export interface KnownAs {
  /** `host:port` texts, lower case, as a Host header carries them. */
  readonly hosts: readonly string[]
  /** Origins of pages that may write. */
  readonly origins: readonly string[]
}

export interface KnownAsOptions {
  readonly listen: { readonly host: string; readonly port: number }
  readonly publicUrl: string | null
}

/** The names a server answers to: its public one, and on a loopback address the loopback names. */
export function knownAs(options: KnownAsOptions): KnownAs {
  const { host, port } = options.listen
  const loopback = ['localhost', '127.0.0.1', '[::1]']
  const names = isLoopback(host) ? [...loopback, bracketed(host)] : [bracketed(host), ...loopback]
  const local = [...new Set(names)].map((name) => `${name}:${port}`)
  const url = options.publicUrl === null ? null : new URL(options.publicUrl)
  return {
    hosts: [...local, ...(url === null ? [] : hostTexts(url))],
    origins: [...local.map((each) => `http://${each}`), ...(url === null ? [] : [url.origin])],
  }
}

function hostTexts(url: URL): readonly string[] {
  const port = url.protocol === 'https:' ? '443' : '80'
  return url.port === '' ? [url.host, `${url.host}:${port}`] : [url.host]
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host.toLowerCase()
}

const PROBES = ['/healthz', '/readyz', '/metrics']
const READS = ['GET', 'HEAD', 'OPTIONS']

export function registerGuard(app: FastifyInstance, names: () => KnownAs): void {
  app.addHook('onRequest', async (request, reply) => {
    const known = names()
    if (!PROBES.includes(request.url) && !known.hosts.includes(hostOf(request)))
      return sendProblem(
        reply,
        421,
        requestProblem(
          421,
          'Asked under another name',
          'The Host of this request is not a name of this server.',
        ),
      )
    if (!READS.includes(request.method) && isForeign(request, known))
      return sendProblem(
        reply,
        403,
        requestProblem(
          403,
          'Asked by another site',
          'A page of another origin may not write here.',
        ),
      )
    return undefined
  })
}

function hostOf(request: FastifyRequest): string {
  return (request.headers.host ?? '').toLowerCase()
}

/**
 * A browser names the page's origin on every write; the CLI sends neither header. Who comes with the
 * cookie of a sign-in is a browser, and has to name it.
 */
function isForeign(request: FastifyRequest, known: KnownAs): boolean {
  const { origin, cookie } = request.headers
  if (origin !== undefined) return !known.origins.includes(origin)
  if (cookie !== undefined && SESSION_COOKIES.some((name) => cookie.includes(`${name}=`)))
    return true
  const site = request.headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
