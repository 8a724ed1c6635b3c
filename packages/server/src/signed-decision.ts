/**
 * A decision signed with the decider's own passkey: the statement that is to be signed, and the check
 * of what comes back. The statement is made here, kept until it is signed, and taken out once; what
 * the signature is checked with comes from the log alone. A server that lies about the change is
 * found by the page, which computes the fingerprint itself.
 */
import { inputs, views } from '@holdpoint/api'
import { nodePasskeyVerifier, nodePrimitives } from '@holdpoint/api/node'
import {
  assertionProblem,
  type Change,
  challengeOf,
  type DecisionStatement,
  type Digest,
  digestText,
  encodeBase64,
  liveKeys,
  type PersonId,
  requirementDigest,
  type SignedDecision,
  type SignedStatement,
  signedStatementText,
  type Vouch,
} from '@holdpoint/core'
import type { z } from 'zod'
import { done, type Result, refused } from './http/handler.ts'
import { randomSalt, randomSecretText } from './io/random-ids.ts'
import { keepEvidence } from './kept.ts'
import { relyingParty } from './relying-party.ts'
import type { Services } from './services.ts'
import {
  addCeremony,
  answerCeremony,
  CEREMONY_MS,
  findCeremony,
  hasRoom,
  takeCeremony,
} from './store/ceremonies.ts'
import { credentialsOf, usedCredential } from './store/credentials.ts'
import { addText } from './store/texts.ts'

type Begun = z.input<typeof views.DecisionBegun>

/** Apart, so that what a stolen terminal begins keeps nobody from deciding in the page. */
const PURPOSES = { page: 'decision', cli: 'terminal-decision' } as const
const TOO_MANY = { code: 'signature_refused', because: 'too many are begun at once' } as const

export interface Beginning {
  readonly person: PersonId
  readonly change: Change
  readonly body: z.output<typeof inputs.BeginDecision>
}

export async function beginDecision(
  { person, change, body }: Beginning,
  services: Services,
): Promise<Result<Begun>> {
  const { kysely } = services.database
  const credentials = await liveCredentials(person, services)
  if (credentials.length === 0)
    return refused({ code: 'signature_refused', because: 'you have no passkey here yet' })
  const purpose = PURPOSES[body.client]
  const now = services.clock.now()
  if (!(await hasRoom(kysely, { person, purpose }, now))) return refused(TOO_MANY)
  const typed = await keepReason(body.reason, services)
  const statement: DecisionStatement = {
    decision: body.decision,
    change: change.changeId,
    person,
    fingerprint: change.binding.fingerprint,
    artifact: change.binding.artifact,
    policyRevision: change.evaluation?.policyRevision ?? 0,
    requirement: requirementDigest(change.evaluation?.requirement ?? null, nodePrimitives),
    sessionPolicy: change.evaluation?.scope ?? null,
    reason: typed?.digest ?? null,
    shown: isOfPlan(body.decision) ? body.shown : null,
    client: body.client,
    nonce: digestText(nodePrimitives, randomSecretText()),
  }
  const ceremony = {
    nonce: statement.nonce,
    purpose,
    person,
    statement: JSON.stringify(statement),
    expiresAt: now + CEREMONY_MS,
  }
  if (!(await addCeremony(kysely, ceremony, now))) return refused(TOO_MANY)
  return done({
    statement,
    reasonSalt: typed === null ? null : encodeBase64(typed.salt),
    rpId: relyingParty(services.baseUrl()).id,
    credentials: credentials.map(({ key, id, transports }) => ({ key, id, transports })),
    url: signingUrl(statement.nonce, services),
  })
}

/** What was on the screen is a statement about deciding on the plan, and about nothing else. */
function isOfPlan(decision: SignedDecision): boolean {
  return decision === 'approve' || decision === 'reject'
}

async function liveCredentials(person: PersonId, services: Services) {
  const access = await services.gate.access()
  const live = new Set(liveKeys(access, person).map((key) => key.id))
  const all = await credentialsOf(services.database.kysely, person)
  return all.filter(({ key }) => live.has(key))
}

function signingUrl(nonce: Digest, services: Services): string {
  return `${relyingParty(services.baseUrl()).origin}/sign/${nonce}`
}

type Signature = z.input<typeof views.SignatureView>

/** What a terminal of this person began; nobody else's is there. */
export async function signatureOf(
  person: PersonId,
  nonce: Digest,
  services: Services,
): Promise<Result<Signature>> {
  const { kysely } = services.database
  const asked = { nonce, purpose: PURPOSES.cli }
  const ceremony = await findCeremony(kysely, asked, services.clock.now())
  if (ceremony === null || ceremony.person !== person)
    return refused({ code: 'not_found', what: 'signature' })
  const credentials = await liveCredentials(person, services)
  const { answer } = ceremony
  return done({
    statement: views.DecisionStatement.parse(JSON.parse(ceremony.statement)),
    rpId: relyingParty(services.baseUrl()).id,
    credentials: credentials.map(({ key, id, transports }) => ({ key, id, transports })),
    signed: answer === null ? null : inputs.Sign.parse(JSON.parse(answer)),
    url: signingUrl(nonce, services),
  })
}

/** Kept for the terminal, which checks it and decides with it; what it is worth is asked then. */
export async function keepSignature(
  person: PersonId,
  signed: { readonly nonce: Digest; readonly with: z.output<typeof inputs.Sign> },
  services: Services,
): Promise<Result<Record<string, never>>> {
  const begun = await signatureOf(person, signed.nonce, services)
  if (!begun.ok) return begun
  const isNew = await answerCeremony(
    services.database.kysely,
    signed.nonce,
    JSON.stringify(signed.with),
  )
  return isNew ? done({}) : refused({ code: 'signature_refused', because: 'it was signed before' })
}

async function keepReason(text: string | null, services: Services) {
  if (text === null || text.trim() === '') return null
  const salt = randomSalt()
  return { salt, digest: await addText(services.database.kysely, { text, salt }) }
}

export interface Proving {
  readonly person: PersonId
  readonly type: SignedDecision
  readonly change: Change
  /** As whoever decides saw it. */
  readonly fingerprint: Digest
  readonly client: DecisionStatement['client']
  readonly signed: z.output<typeof inputs.SignedWith> | null
}

export interface Proved {
  readonly statement: DecisionStatement
  readonly vouch: Vouch
}

/** How strong what was signed is: by where it was signed. */
export function assuranceOf({ client }: DecisionStatement): 'passkey' | 'passkey+cli' {
  return client === 'cli' ? 'passkey+cli' : 'passkey'
}

/** Refused in words when anything of it is not as it was begun; nothing is decided then. */
export async function proveDecision(proving: Proving, services: Services): Promise<Result<Proved>> {
  const { signed, person, change } = proving
  if (signed === null) return refused({ code: 'signature_refused', because: 'it is not signed' })
  const { kysely } = services.database
  const ceremony = await takeBegun(signed.nonce, services)
  if (ceremony === null)
    return refused({ code: 'signature_refused', because: 'it was used before, or took too long' })
  const statement = views.DecisionStatement.parse(JSON.parse(ceremony.statement))
  const other = statementProblem(statement, proving)
  if (other !== null) return refused({ code: 'signature_refused', because: other })
  const access = await services.gate.access()
  const key = liveKeys(access, person).find((each) => each.id === signed.key)
  if (key === undefined)
    return refused({ code: 'signature_refused', because: 'that passkey is not enrolled for you' })
  const challenge = challengeOf('decision', statement, nodePrimitives)
  const problem = assertionProblem(
    signed.assertion,
    { challenge, key },
    { primitives: nodePrimitives, verifier: nodePasskeyVerifier },
  )
  if (problem !== null) return refused({ code: 'signature_refused', because: problem })
  const proof = { v: 1, purpose: 'decision', statement, assertion: signed.assertion } as const
  const vouch = { key: key.id, proof: await keepProof(proof, change, services) }
  await usedCredential(kysely, key.id, services.clock.now())
  return done({ statement, vouch })
}

async function takeBegun(nonce: Digest, services: Services) {
  const { kysely } = services.database
  const now = services.clock.now()
  const byPage = await takeCeremony(kysely, { nonce, purpose: PURPOSES.page }, now)
  return byPage ?? takeCeremony(kysely, { nonce, purpose: PURPOSES.cli }, now)
}

function statementProblem(statement: DecisionStatement, proving: Proving): string | null {
  const { change, person, type, fingerprint, client } = proving
  if (statement.person !== person) return 'it was begun by somebody else'
  if (statement.change !== change.changeId) return 'it was begun for another change'
  if (statement.decision !== type) return 'it was begun for another decision'
  if (statement.fingerprint !== fingerprint) return 'what was shown has another fingerprint'
  return statement.client === client ? null : NOT_ITS_CLIENT
}

/** What a page signs never counts as signed through a terminal, and the other way round. */
export const NOT_ITS_CLIENT =
  'a page signs for itself, and only a connected terminal for a terminal'

async function keepProof(
  proof: SignedStatement<'decision'>,
  change: Change,
  services: Services,
): Promise<Digest> {
  const text = signedStatementText(proof)
  return keepEvidence(services.database, { workspace: change.workspace, text })
}
