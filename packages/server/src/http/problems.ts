/**
 * What a refusal or a fault looks like on the wire: the one table from refusal to status, and the
 * body that carries the three sentences. A fault never says what is inside the server.
 */
import type { ApiProblem } from '@holdpoint/api'
import { describe, type Refusal, type RefusalCode } from '@holdpoint/core'
import type { FastifyReply } from 'fastify'

/** Chosen by what the reader does next: sign in, ask for rights, look again, mend, wait. */
export const STATUS_OF: { readonly [C in RefusalCode]: number } = {
  not_signed_in: 401,
  unknown_person: 401,
  not_found: 404,
  not_permitted: 403,
  invalid_input: 400,
  wrong_state: 409,
  not_evaluated: 409,
  other_fingerprint: 409,
  evidence_differs: 422,
  in_requester_set: 403,
  not_eligible: 403,
  assurance_too_low: 403,
  signature_refused: 403,
  glass_refused: 409,
  glass_review_overdue: 403,
  not_a_reviewer: 403,
  grant_not_live: 409,
  asked_before: 409,
  connection_changed: 409,
  no_plan_credentials: 422,
  grant_too_short: 409,
  cloud_refused: 502,
  too_large_for_cloud: 422,
  terminal_never_decides: 403,
  not_from_a_terminal: 403,
  already_decided: 409,
  nothing_to_take_back: 409,
  reason_required: 422,
  not_the_requester: 403,
  not_an_owner: 403,
  approvals_missing: 409,
  denied_now: 403,
  differs: 409,
  target_differs: 409,
  other_runner: 403,
  expired: 409,
  not_due: 409,
  grant_used: 409,
  workspace_busy: 409,
  evaluation_stale: 409,
  too_many_open: 429,
  already_exists: 409,
  policy_invalid: 422,
  policy_moved: 409,
  sign_in_refused: 403,
  passkey_refused: 422,
  fresh_sign_in_needed: 403,
  link_used_up: 409,
  unknown_code: 404,
  last_admin: 409,
  too_many_tries: 429,
  development_only: 403,
  reads_only: 503,
}

export function problemOf(refusal: Refusal): ApiProblem {
  return { code: refusal.code, ...describe(refusal), refusal }
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.code === 'not_signed_in') reply.header('www-authenticate', 'Bearer')
  return sendProblem(reply, STATUS_OF[refusal.code], problemOf(refusal))
}

export function sendProblem(reply: FastifyReply, status: number, body: ApiProblem): FastifyReply {
  return reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/** The request was refused before it reached a route: too large, wrong type, not HTTP we speak. */
export function requestProblem(status: number, title: string, detail: string): ApiProblem {
  return {
    code: status === 413 ? 'too_large' : 'bad_request',
    title,
    detail,
    remedy: 'Mend what is named and send it again.',
  }
}

export const FAULT: ApiProblem = {
  code: 'fault',
  title: 'The server could not do this',
  detail: 'Something it depends on did not answer, or it has a bug.',
  remedy: 'Look at what is there, then try again; the operator finds the cause in the log.',
}
