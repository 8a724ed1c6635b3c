/**
 * Leaving for the identity provider and coming back. What was begun waits in the database under a
 * cookie of its own, which comes along from another site and opens nothing but this; the session's
 * cookie never does, so the way ends on a page of ours that goes on from here.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText, type SignInProblem } from '@holdpoint/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { begin, takeBegun } from '../identity/enrol.ts'
import { type Oidc, OidcTransaction } from '../identity/oidc.ts'
import { followGroups, personOfIdentity } from '../identity/people.ts'
import { randomSecretText } from '../io/random-ids.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { isHttps, startSession } from './session-cookie.ts'

const COOKIE = 'holdpoint_oidc'
const START = '/sign-in/oidc'
const CALLBACK = '/sign-in/oidc/callback'
const PURPOSE = 'oidc'

export function registerOidc(app: FastifyInstance, services: Services): void {
  const { oidc } = services
  if (oidc === null) return
  app.get(START, async (request, reply) => {
    const site = relyingParty(services.baseUrl())
    // The cookies of this way belong to the host that people use; passkeys know no other either.
    if (request.headers.host !== new URL(site.origin).host)
      return reply.redirect(`${site.origin}${request.url}`)
    return leave(oidc, { request, reply }, services)
  })
  app.get(CALLBACK, async (request, reply) => {
    const came = await arrive(oidc, { request, reply }, services)
    reply.clearCookie(COOKIE, cookieOptions(services))
    if (came.problem === null) return goOn(reply, came.next)
    services.metrics.refused('sign_in_refused')
    return goOn(reply, `/sign-in?problem=${came.problem}`)
  })
}

function cookieOptions(services: Services) {
  const secure = isHttps(services.baseUrl())
  return { path: CALLBACK, httpOnly: true, sameSite: 'lax', secure } as const
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function leave(
  oidc: Oidc,
  { request, reply }: Exchange,
  services: Services,
): Promise<FastifyReply> {
  const redirectUri = `${relyingParty(services.baseUrl()).origin}${CALLBACK}`
  const begun = await oidc.begin(redirectUri, nextOf(request)).catch((error: unknown) => {
    services.log.warn({ err: error }, 'the identity provider does not answer')
    return null
  })
  if (begun === null) return reply.redirect('/sign-in?problem=provider_silent')
  const secret = randomSecretText()
  const nonce = digestText(nodePrimitives, secret)
  const statement = begun.transaction
  await begin({ purpose: PURPOSE, owner: null, statement, nonce }, services)
  reply.setCookie(COOKIE, secret, { ...cookieOptions(services), maxAge: 300 })
  return reply.redirect(begun.url.href)
}

/** A place on this server, never an address elsewhere. */
function nextOf(request: FastifyRequest): string {
  const asked = new URL(request.url, 'http://here.invalid').searchParams.get('next') ?? '/'
  return /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(asked) ? asked : '/'
}

type Arrived =
  | { readonly problem: null; readonly next: string }
  | { readonly problem: SignInProblem }

async function arrive(
  oidc: Oidc,
  { request, reply }: Exchange,
  services: Services,
): Promise<Arrived> {
  const secret = request.cookies[COOKIE] ?? ''
  const asked = { purpose: PURPOSE, nonce: digestText(nodePrimitives, secret), owner: null }
  const transaction = OidcTransaction.safeParse(await takeBegun(asked, services))
  if (!transaction.success) return { problem: 'too_late' }
  const callback = new URL(request.url, relyingParty(services.baseUrl()).origin)
  const told = await oidc.complete(callback, transaction.data).catch((error: unknown) => {
    services.log.warn({ err: error }, 'a sign-in by the identity provider was not accepted')
    return null
  })
  if (told === null) return { problem: 'provider_answer' }
  const found = await personOfIdentity(told, oidc, services)
  if ('problem' in found) return found
  const { person } = found
  const { issuer, groups } = told
  const failed =
    groups === null ? null : await followGroups(person, { issuer, ids: groups }, services)
  if (failed !== null) return { problem: 'failed' }
  await startSession({ person, method: 'oidc', request, reply }, services)
  return { problem: null, next: transaction.data.next }
}

/** A redirect would still be the other site's: the browser would leave the session's cookie out. */
function goOn(reply: FastifyReply, to: string): FastifyReply {
  const address = to.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Holdpoint</title>` +
        `<meta http-equiv="refresh" content="0;url=${address}">` +
        `<p><a href="${address}">Go on</a></p></html>\n`,
    )
}
