/**
 * A decision begun in the terminal and signed on the page (`passkey+cli`): the statement is held
 * against what this terminal showed, the page signs it with the person's passkey, and what comes
 * back is held against the challenge computed here. The token alone decides nothing.
 */
import type { Client, Reply } from '@holdpoint/api/client'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  challengeOf,
  challengeWords,
  decodeBase64Url,
  digestText,
  encodeBase64Url,
  statementDifference,
} from '@holdpoint/core'
import { now, sleep } from '../io/clock.ts'
import { safe } from '../render-text.ts'
import { take } from './connection.ts'
import { refused } from './ended.ts'
import type { LoadedChange } from './load-change.ts'
import type { Call } from './row.ts'

export interface Signing {
  readonly loaded: LoadedChange
  readonly person: string
  readonly decision: 'approve' | 'reject'
  readonly reason: string | null
}

const ASK_AGAIN_MS = 1_000
const SIGN_WITHIN_MS = 5 * 60 * 1_000

type Begun = Reply<'beginDecision'>

export async function signOnPage(call: Call, client: Client, signing: Signing) {
  const { loaded, decision, reason } = signing
  const { view } = loaded
  const { fingerprint } = view.binding
  const body = { decision, fingerprint, reason, shown: null, client: 'cli' } as const
  const begun = take(await client.call('beginDecision', { params: { change: view.id }, body }))
  const other = differenceOf(begun, signing)
  if (other !== null) throw differs(other)
  const challenge = challengeOf('decision', begun.statement, nodePrimitives)
  call.screen.note(`Sign it with your passkey at  ${safe(begun.url)}`)
  call.screen.note(`The page shows this too  ${challengeWords(challenge)}`)
  const signed = await untilSigned(client, begun)
  if (signedOver(signed.assertion.clientDataJSON) !== encodeBase64Url(challenge))
    throw differs('what the passkey signed')
  return { nonce: begun.statement.nonce, ...signed }
}

/** Of what was shown, and never the server's own word for it. */
function scopeDigest(document: string | null): string | null {
  return document === null ? null : digestText(nodePrimitives, document)
}

function differenceOf(begun: Begun, signing: Signing): string | null {
  const { view } = signing.loaded
  const decided = {
    decision: signing.decision,
    change: view.id,
    person: signing.person,
    fingerprint: view.binding.fingerprint,
    artifact: view.binding.artifact,
    policyRevision: view.evaluation?.policyRevision ?? 0,
    requirement: view.evaluation?.requirement ?? null,
    scope: scopeDigest(view.evaluation?.scope ?? null),
    reason: signing.reason,
    shown: null,
    client: 'cli',
  } as const
  return statementDifference(begun, decided, nodePrimitives)
}

async function untilSigned(client: Client, { statement }: Begun) {
  const until = now() + SIGN_WITHIN_MS
  while (now() < until) {
    const params = { nonce: statement.nonce }
    const { signed } = take(await client.call('signature', { params }))
    if (signed !== null) return signed
    await sleep(ASK_AGAIN_MS, AbortSignal.timeout(SIGN_WITHIN_MS))
  }
  throw refused({
    code: 'not_signed',
    title: 'Nothing was decided',
    detail: 'It was not signed within five minutes.',
    remedy: 'Run the command again when your passkey is at hand.',
  })
}

/** The challenge in the client data; `null` where it cannot be read. */
function signedOver(clientData: string): unknown {
  const bytes = decodeBase64Url(clientData)
  if (bytes === null) return null
  try {
    const client: unknown = JSON.parse(nodePrimitives.text(bytes))
    return typeof client === 'object' && client !== null ? Reflect.get(client, 'challenge') : null
  } catch {
    return null
  }
}

function differs(what: string) {
  return refused({
    code: 'statement_differs',
    title: 'Nothing was decided',
    detail: `The server asked for a signature over something else than this terminal shows: ${what}.`,
    remedy: 'Do not decide it. Try again, and tell the operator if it stays so.',
  })
}
