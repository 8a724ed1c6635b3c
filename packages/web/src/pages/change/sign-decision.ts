/** A decision of this page: signed with the person's passkey where they have one, else plain. */
import type { Answer, ApiProblem } from '@holdpoint/api/client'
import {
  type Digest,
  digestText,
  type ShownRows,
  type SignedDecision,
  statementDifference,
} from '@holdpoint/core'
import { client } from '../../api.ts'
import { signStatement } from '../../identity/authenticator.ts'
import type { ChangeView, SignedWith, Whoami } from '../../model/wire.ts'
import { primitives } from '../../platform.ts'

export interface Deciding {
  readonly change: ChangeView
  readonly me: Whoami
  readonly decision: 'approve' | 'reject'
  readonly fingerprint: Digest
  readonly reason: string | null
  readonly shown: ShownRows | null
}

/** Whether a decision of this person is signed: development people have nothing to sign with. */
export function signs(me: Whoami): boolean {
  return me.passkeys > 0 && me.assurance === 'session'
}

export async function decide(deciding: Deciding): Promise<Answer<unknown>> {
  const { change, me, decision, fingerprint, reason, shown } = deciding
  const params = { change: change.id }
  if (!signs(me)) return client.call(decision, { params, body: { fingerprint, reason, shown } })
  const signed = await sign(deciding)
  if (!signed.ok) return signed
  const body = { fingerprint, reason: null, shown: null, signed: signed.value }
  return client.call(decision, { params, body })
}

/** Always with the passkey: nothing plain stands in for it. */
export async function breakGlass(deciding: {
  readonly change: ChangeView
  readonly me: Whoami
  readonly fingerprint: Digest
  readonly reason: string
}): Promise<Answer<unknown>> {
  const { change, fingerprint } = deciding
  const signed = await sign({ ...deciding, decision: 'break_glass', shown: null })
  if (!signed.ok) return signed
  const body = { fingerprint, signed: signed.value }
  return client.call('breakGlass', { params: { change: change.id }, body })
}

/** What was found is in what is signed. */
export async function reviewGlass(deciding: {
  readonly change: ChangeView
  readonly me: Whoami
  readonly decision: 'review_justified' | 'review_not_justified'
  readonly reason: string
}): Promise<Answer<unknown>> {
  const { change, me, decision, reason } = deciding
  const params = { change: change.id }
  const finding = decision === 'review_justified' ? 'justified' : 'not_justified'
  if (!signs(me))
    return client.call('reviewGlass', { params, body: { finding, reason, signed: null } })
  const { fingerprint } = change.binding
  const signed = await sign({ ...deciding, fingerprint, shown: null })
  if (!signed.ok) return signed
  const body = { finding, reason: null, signed: signed.value } as const
  return client.call('reviewGlass', { params, body })
}

interface Signing extends Omit<Deciding, 'decision'> {
  readonly decision: SignedDecision
}

async function sign(deciding: Signing): Promise<Answer<SignedWith>> {
  const { change, me, decision, fingerprint, reason, shown } = deciding
  const begun = await client.call('beginDecision', {
    params: { change: change.id },
    body: { decision, fingerprint, reason, shown, client: 'page' },
  })
  if (!begun.ok) return begun
  const { statement, rpId, credentials } = begun.value
  const decided = {
    decision,
    change: change.id,
    person: me.actor.id,
    fingerprint,
    artifact: change.binding.artifact,
    policyRevision: change.evaluation?.policyRevision ?? 0,
    requirement: change.evaluation?.requirement ?? null,
    scope: scopeOf(change),
    reason,
    shown,
    client: 'page',
  } as const
  const other = statementDifference(begun.value, decided, primitives)
  if (other !== null) return refused(disagrees(other))
  const answer = await signStatement('decision', statement, { rpId, credentials })
  if (!answer.ok) return refused(unsigned(answer.why))
  const { credential, assertion } = answer.value
  const key = credentials.find(({ id }) => id === credential)?.key
  if (key === undefined) return refused(unsigned('That passkey is not one of yours here.'))
  return { ok: true, status: 200, value: { nonce: statement.nonce, key, assertion } }
}

/** Of the document that the page shows, and never the server's own word for it. */
function scopeOf({ evaluation }: Signing['change']): string | null {
  const document = evaluation?.scope ?? null
  return document === null ? null : digestText(primitives, document)
}

function refused(problem: ApiProblem): Answer<never> {
  return { ok: false, status: 0, problem }
}

function disagrees(what: string): ApiProblem {
  return {
    code: 'statement_differs',
    title: 'Nothing was signed',
    detail: `The server asked for a signature over something else than this page shows: ${what}.`,
    remedy: 'Reload. If it stays so, do not decide, and tell the operator.',
  }
}

function unsigned(why: string): ApiProblem {
  return {
    code: 'not_signed',
    title: 'Nothing was decided',
    detail: why,
    remedy: 'Try again when you are ready.',
  }
}
