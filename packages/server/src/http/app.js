/**
 * The HTTP surface: every row of the route table with its handler, and around them the checks that
 * hold for all. A row that is not `none` is refused before its body is read when nobody signed in.
 */
import fastifyCookie from '@fastify/cookie';
import { routes } from '@holdpoint/api';
import Fastify, {} from 'fastify';
import { z } from 'zod';
import { registerFaults } from './faults.ts';
import { registerGuard } from './guard.ts';
import { STREAMING } from './handler.ts';
import { registerHeaders } from './headers.ts';
import { registerPages } from './pages.ts';
import { sendRefusal } from './problems.ts';
import { registerStatus } from './status.ts';
/** Requests that carry JSON; a policy is at most 1 MiB of text. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const REQUEST_SECONDS_MAX = 300;
export async function createApp(options) {
    const app = Fastify({
        logger: false,
        bodyLimit: BODY_BYTES_MAX,
        requestTimeout: REQUEST_SECONDS_MAX * 1000,
        routerOptions: { maxParamLength: 300 },
        forceCloseConnections: 'idle',
    });
    app.setValidatorCompiler(({ schema }) => (value) => validate(schema, value));
    app.decorateRequest('actor', null);
    registerHeaders(app, { https: options.https });
    registerGuard(app, options.knownAs);
    registerFaults(app, options);
    registerAccessLog(app, options.logger);
    await app.register(fastifyCookie);
    // The bytes of an upload are read by its handler, which hashes them as they come.
    app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null));
    registerStatus(app, options.status);
    for (const name of routeNames())
        registerRoute(app, name, options);
    await registerPages(app, options.pages);
    return app;
}
export function routeNames() {
    return Object.keys(routes).filter((name) => Object.hasOwn(routes, name));
}
function registerRoute(app, name, options) {
    const row = routes[name];
    const handle = options.handlers[name];
    const actors = new WeakMap();
    app.route({
        method: row.method,
        url: row.path,
        schema: {
            ...(row.params === undefined ? {} : { params: row.params }),
            ...(row.query === undefined ? {} : { querystring: row.query }),
            ...(row.body === undefined ? {} : { body: row.body }),
        },
        onRequest: async (request, reply) => {
            if (row.access === 'none')
                return undefined;
            const known = await options.authenticate(request);
            if (!known.ok)
                return refuse(reply, known.refusal, options);
            actors.set(request, known.value);
            return undefined;
        },
        handler: async (request, reply) => {
            const { params, query, body } = request;
            const ask = { actor: actors.get(request) ?? null, params, query, body, request, reply };
            if (!isAsk(ask, row))
                throw new Error(`${name} was reached without an actor`);
            const result = await handle(ask);
            if (!result.ok)
                return refuse(reply, result.refusal, options);
            return sendValue(reply, result.value);
        },
    });
}
/** Fastify has read every part with the row's own schema; who asks is checked here. */
function isAsk(ask, row) {
    return row.access === 'none' || ask.actor !== null;
}
function refuse(reply, refusal, options) {
    options.metrics.refused(refusal.code);
    return sendRefusal(reply, refusal);
}
function sendValue(reply, value) {
    if (value === STREAMING)
        return reply;
    if (!isSent(value))
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(value));
    if (value.immutable)
        reply.header('cache-control', 'private, max-age=31536000, immutable');
    return reply.type(value.contentType).send(value.content);
}
function isSent(value) {
    return typeof value === 'object' && value !== null && 'contentType' in value && 'content' in value;
}
function validate(schema, value) {
    if (!(schema instanceof z.ZodType))
        throw new Error('a route schema is not a schema');
    const read = schema.safeParse(value);
    return read.success ? { value: read.data } : { error: read.error };
}
/** One line per request: the route, never its parameters, query, headers or body. */
function registerAccessLog(app, logger) {
    app.addHook('onResponse', async (request, reply) => {
        const route = request.routeOptions.url ?? 'none';
        const { method } = request;
        const ms = Math.round(reply.elapsedTime);
        logger.info({ method, route, status: reply.statusCode, ms }, 'request answered');
    });
}
