/**
 * The typed client: used by the CLI and the page. It knows the route table and nothing else; how
 * to reach the server (fetch, headers) is handed in.
 */
import type { z } from 'zod'
import { paths, type RouteName } from './paths.ts'
import type { Routes } from './routes.ts'
import type { Problem } from './views.ts'

export type ApiProblem = z.output<typeof Problem>

type Part<N extends RouteName, K extends 'params' | 'query' | 'body'> = Routes[N] extends {
  readonly [P in K]: infer S extends z.ZodType
}
  ? { readonly [P in K]: z.input<S> }
  : unknown

export type Ask<N extends RouteName> = object &
  Part<N, 'params'> &
  Part<N, 'query'> &
  Part<N, 'body'>

export type Reply<N extends RouteName> = Routes[N]['reply'] extends z.ZodType
  ? z.output<Routes[N]['reply']>
  : never

/** A refusal is an answer, not an exception; an unreachable server is (fetch rejects). */
export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly problem: ApiProblem }

export interface Client {
  readonly call: <N extends RouteName>(name: N, ask: Ask<N>) => Promise<Answer<Reply<N>>>
  /** For bytes, text and event streams; `body` is sent as it is. */
  readonly raw: (name: RouteName, ask: RawAsk) => Promise<Response>
}

export interface RawAsk {
  readonly params?: { readonly [name: string]: string }
  readonly query?: { readonly [name: string]: string }
  readonly body?: Uint8Array<ArrayBuffer>
  readonly headers?: { readonly [name: string]: string }
  readonly signal?: AbortSignal
}

export interface ClientOptions {
  /** Without a trailing slash; empty in a page, which asks its own origin. */
  readonly baseUrl: string
  readonly fetch: typeof fetch
  readonly headers: () => { readonly [name: string]: string }
}

export function createClient(options: ClientOptions): Client {
  const send = (route: { method: string; path: string }, ask: object, init: RequestInit) =>
    options.fetch(`${options.baseUrl}${addressOf(route.path, ask)}`, {
      method: route.method,
      ...init,
      headers: { ...options.headers(), ...init.headers },
    })
  return {
    call: async <N extends RouteName>(name: N, ask: Ask<N>): Promise<Answer<Reply<N>>> => {
      const body: unknown = Reflect.get(ask, 'body')
      const json = body === undefined ? {} : jsonBody(body)
      return answerOf<Reply<N>>(await send(paths[name], ask, json))
    },
    raw: (name, ask) =>
      send(paths[name], ask, {
        ...(ask.body === undefined
          ? {}
          : { body: ask.body, headers: { 'content-type': 'application/octet-stream' } }),
        ...(ask.headers === undefined ? {} : { headers: ask.headers }),
        ...(ask.signal === undefined ? {} : { signal: ask.signal }),
      }),
  }
}

function jsonBody(body: unknown): RequestInit {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const body: unknown = await response.json().catch(() => null)
  if (response.ok && isReply<T>(body)) return { ok: true, status: response.status, value: body }
  return { ok: false, status: response.status, problem: problemOf(body, response.status) }
}

/** The server is taken at its word about its own contract; tests parse every reply. */
function isReply<T>(body: unknown): body is T {
  return typeof body === 'object' && body !== null
}

/** An answer that is not ours (a proxy's page, say) still becomes a sentence. */
export function problemOf(body: unknown, status: number): ApiProblem {
  if (isProblem(body)) return body
  return {
    code: 'fault',
    title: 'The server did not answer as expected',
    detail: `It answered with status ${status} and no explanation.`,
    remedy: 'Check the address, and that nothing between you and it changes answers.',
  }
}

function isProblem(body: unknown): body is ApiProblem {
  if (typeof body !== 'object' || body === null) return false
  return ['code', 'title', 'detail', 'remedy'].every(
    (key) => typeof Reflect.get(body, key) === 'string',
  )
}

function addressOf(path: string, ask: object): string {
  return pathOf(path, Reflect.get(ask, 'params')) + queryOf(Reflect.get(ask, 'query'))
}

function pathOf(path: string, params: unknown): string {
  return path.replaceAll(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(field(params, name)))
}

function queryOf(query: unknown): string {
  if (typeof query !== 'object' || query === null) return ''
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  const texts = Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]))
  const text = new URLSearchParams(texts).toString()
  return text === '' ? '' : `?${text}`
}

function field(params: unknown, name: string): string {
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
