/**
 * The HTTP surface: every row of the route table with its handler, and around them the checks that
 * hold for all. A row that is not `none` is refused before its body is read when nobody signed in.
 */

import fastifyCookie from '@fastify/cookie'
import { type Route, type RouteName, routes } from '@holdpoint/api'
import type { Actor } from '@holdpoint/core'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Logger } from '../io/log.ts'
import type { Metrics } from '../metrics.ts'
import type { Authenticate } from './auth.ts'
import { registerFaults } from './faults.ts'
import { type KnownAs, registerGuard } from './guard.ts'
import { type Ask, type Handler, type Handlers, type Sent, STREAMING } from './handler.ts'
import { registerHeaders } from './headers.ts'
import { registerPages } from './pages.ts'
import { sendRefusal } from './problems.ts'
import { registerStatus, type StatusPages } from './status.ts'

export interface AppOptions {
  readonly handlers: Handlers
  readonly authenticate: Authenticate
  readonly knownAs: () => KnownAs
  readonly https: boolean
  readonly pages: string
  readonly status: StatusPages
  /** What is wrong with the log, `null` while nothing is. */
  readonly readsOnly: () => string | null
  readonly metrics: Metrics
  readonly logger: Logger
  /** What answers by other contracts than the route table. */
  readonly doors: (app: FastifyInstance) => Promise<void>
}

/** Requests that carry JSON; a policy is at most 1 MiB of text. */
const BODY_BYTES_MAX = 4 * 1024 * 1024
const REQUEST_SECONDS_MAX = 300

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_SECONDS_MAX * 1000,
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: 'idle',
  })
  app.setValidatorCompiler(
    ({ schema }) =>
      (value: unknown) =>
        validate(schema, value),
  )
  app.decorateRequest('actor', null)
  registerHeaders(app, { https: options.https })
  registerGuard(app, options.knownAs)
  registerFaults(app, options)
  registerAccessLog(app, options.logger)
  await app.register(fastifyCookie)
  // The bytes of an upload are read by its handler, which hashes them as they come.
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null))
  registerStatus(app, options.status)
  for (const name of routeNames()) registerRoute(app, name, options)
  await options.doors(app)
  await registerPages(app, options.pages)
  return app
}

export function routeNames(): readonly RouteName[] {
  return Object.keys(routes).filter((name): name is RouteName => Object.hasOwn(routes, name))
}

function registerRoute<N extends RouteName>(
  app: FastifyInstance,
  name: N,
  options: AppOptions,
): void {
  const row: Route = routes[name]
  const handle: Handler<N> = options.handlers[name]
  const actors = new WeakMap<FastifyRequest, Actor>()
  app.route({
    method: row.method,
    url: row.path,
    schema: {
      ...(row.params === undefined ? {} : { params: row.params }),
      ...(row.query === undefined ? {} : { querystring: row.query }),
      ...(row.body === undefined ? {} : { body: row.body }),
    },
    onRequest: async (request, reply) => {
      if (row.access === 'none') return undefined
      const known = await options.authenticate(request)
      if (!known.ok) return refuse(reply, known.refusal, options)
      actors.set(request, known.value)
      return undefined
    },
    handler: async (request, reply) => {
      const { params, query, body } = request
      const ask = { actor: actors.get(request) ?? null, params, query, body, request, reply }
      if (!isAsk<N>(ask, row)) throw new Error(`${name} was reached without an actor`)
      const result = await handle(ask)
      if (!result.ok) return refuse(reply, result.refusal, options)
      return sendValue(reply, result.value)
    },
  })
}

/** Fastify has read every part with the row's own schema; who asks is checked here. */
function isAsk<N extends RouteName>(
  ask: { readonly [K in keyof Ask<N>]: unknown },
  row: Route,
): ask is Ask<N> {
  return row.access === 'none' || ask.actor !== null
}

function refuse(
  reply: FastifyReply,
  refusal: Parameters<typeof sendRefusal>[1],
  options: AppOptions,
): FastifyReply {
  options.metrics.refused(refusal.code)
  return sendRefusal(reply, refusal)
}

function sendValue(reply: FastifyReply, value: unknown): FastifyReply {
  if (value === STREAMING) return reply
  if (!isSent(value))
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(value))
  if (value.immutable) reply.header('cache-control', 'private, max-age=31536000, immutable')
  return reply.type(value.contentType).send(value.content)
}

function isSent(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && 'contentType' in value && 'content' in value
}

function validate(schema: unknown, value: unknown): { value: unknown } | { error: Error } {
  if (!(schema instanceof z.ZodType)) throw new Error('a route schema is not a schema')
  const read = schema.safeParse(value)
  return read.success ? { value: read.data } : { error: read.error }
}

/** One line per request: the route, never its parameters, query, headers or body. */
function registerAccessLog(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const { method } = request
    const ms = Math.round(reply.elapsedTime)
    logger.info({ method, route, status: reply.statusCode, ms }, 'request answered')
  })
}
