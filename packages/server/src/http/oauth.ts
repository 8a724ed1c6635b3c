/**
 * The door for programs that come to be known: terminals (RFC 8628), pipelines (RFC 8693), and what
 * ends a terminal's token (RFC 7009). Forms in, the RFCs' own errors out; no cookie is read here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  beginTerminal,
  type IssuedToken,
  pollTerminal,
  revokeSecret,
} from '../identity/terminals.ts'
import { exchangeWorkload } from '../identity/workloads.ts'
import type { Services } from '../services.ts'
import { addressOf, createAttempts } from './attempts.ts'

const FORM_BYTES_MAX = 64 * 1024
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:'
/** The one client there is: it has no secret, and is nothing but a name. */
const CLIENT = 'holdpoint-cli'

type Form = ReadonlyMap<string, string>

export async function registerOauth(app: FastifyInstance, services: Services): Promise<void> {
  // A scope of its own: a form is read nowhere else.
  await app.register((scope, _options, ready) => {
    addRoutes(scope, services)
    ready()
  })
}

/** Terminals that one address may begin to connect in ten minutes, confirmed or not. */
const BEGUN = { most: 30, within: 10 * 60 * 1000, addressesMax: 10_000 }

function addRoutes(scope: FastifyInstance, services: Services): void {
  const attempts = createAttempts(BEGUN)
  const options = { parseAs: 'string', bodyLimit: FORM_BYTES_MAX } as const
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    options,
    async (_request: FastifyRequest, body: string | Buffer) => formOf(String(body)),
  )
  scope.post('/oauth/device_authorization', async (request, reply) => {
    const address = addressOf(request, services.proxies)
    const wait = attempts.take(address, services.clock.now())
    return wait === null
      ? deviceAuthorization(formIn(request.body), reply, services)
      : tooMany(reply, wait)
  })
  scope.post('/oauth/token', async ({ body }, reply) => token(formIn(body), reply, services))
  scope.post('/oauth/revoke', async ({ body }, reply) => {
    const secret = formIn(body).get('token')
    if (secret === undefined) return failed(reply, 'invalid_request', 'token is missing')
    await revokeSecret(secret, services)
    return answered(reply, {})
  })
}

/** A field that is given twice is none (RFC 6749 §3.2). */
function formOf(text: string): Form {
  const fields = new URLSearchParams(text)
  const names = [...new Set(fields.keys())].filter((name) => fields.getAll(name).length === 1)
  return new Map(names.map((name) => [name, fields.get(name) ?? '']))
}

function formIn(body: unknown): Form {
  const entries = body instanceof Map ? [...body] : []
  return new Map(entries.map(([name, value]) => [String(name), String(value)]))
}

const NAME_CHARACTERS_MAX = 60

/** What a terminal calls itself is cut to what a token may be called. */
function nameOf(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return plain.slice(0, NAME_CHARACTERS_MAX) || 'terminal'
}

async function deviceAuthorization(
  form: Form,
  reply: FastifyReply,
  services: Services,
): Promise<FastifyReply> {
  if (form.get('client_id') !== CLIENT) return failed(reply, 'invalid_client', `must be ${CLIENT}`)
  const begun = await beginTerminal(nameOf(form.get('device_name') ?? ''), services)
  if (begun === null) return failed(reply, 'temporarily_unavailable', 'ask again')
  return answered(reply, begun)
}

async function token(form: Form, reply: FastifyReply, services: Services): Promise<FastifyReply> {
  const grant = form.get('grant_type')
  if (grant === EXCHANGE_GRANT) return exchange(form, reply, services)
  if (grant !== DEVICE_GRANT)
    return failed(reply, 'unsupported_grant_type', `must be ${DEVICE_GRANT} or ${EXCHANGE_GRANT}`)
  if (form.get('client_id') !== CLIENT) return failed(reply, 'invalid_client', `must be ${CLIENT}`)
  const code = form.get('device_code')
  if (code === undefined) return failed(reply, 'invalid_request', 'device_code is missing')
  const issued = await pollTerminal(code, services)
  return typeof issued === 'string' ? failed(reply, issued, WORDS[issued]) : bearer(reply, issued)
}

/** What a pipeline's platform signed for its job, for a short token of ours. */
async function exchange(
  form: Form,
  reply: FastifyReply,
  services: Services,
): Promise<FastifyReply> {
  const type = form.get('subject_token_type')
  if (type !== `${TOKEN_TYPE}jwt` && type !== `${TOKEN_TYPE}id_token`)
    return failed(reply, 'invalid_request', `subject_token_type must be ${TOKEN_TYPE}jwt`)
  const wanted = form.get('requested_token_type') ?? `${TOKEN_TYPE}access_token`
  if (wanted !== `${TOKEN_TYPE}access_token`)
    return failed(reply, 'invalid_request', `only ${TOKEN_TYPE}access_token is issued`)
  const exchanged = await exchangeWorkload(form.get('subject_token') ?? '', services)
  if (!exchanged.ok) return failed(reply, 'invalid_request', exchanged.problem)
  const { secret, seconds } = exchanged.issued
  return answered(reply, {
    access_token: secret,
    issued_token_type: `${TOKEN_TYPE}access_token`,
    token_type: 'Bearer',
    expires_in: seconds,
  })
}

const WORDS = {
  authorization_pending: 'nobody has confirmed the code yet',
  slow_down: 'wait longer between two questions',
  access_denied: 'the code was refused',
  expired_token: 'the code is too old: begin again',
  invalid_grant: 'this code is not known, or was used',
} as const

function bearer(reply: FastifyReply, { secret, seconds }: IssuedToken): FastifyReply {
  return answered(reply, { access_token: secret, token_type: 'Bearer', expires_in: seconds })
}

function answered(reply: FastifyReply, value: object): FastifyReply {
  return send(reply, 200, value)
}

function failed(reply: FastifyReply, error: string, description: string): FastifyReply {
  return send(reply, 400, { error, error_description: description })
}

function tooMany(reply: FastifyReply, seconds: number): FastifyReply {
  reply.header('retry-after', String(seconds))
  const error_description = `too many were begun from your address: ask again in ${seconds} s`
  return send(reply, 429, { error: 'temporarily_unavailable', error_description })
}

function send(reply: FastifyReply, status: number, value: object): FastifyReply {
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(value))
}
