/**
 * A statement that was begun here and comes back signed with a passkey: taken out once, held against
 * what the log knows, and kept whole as evidence.
 */
import type { inputs } from '@holdpoint/api'
import { nodePasskeyVerifier, nodePrimitives } from '@holdpoint/api/node'
import {
  assertionProblem,
  challengeOf,
  type KeyId,
  liveKeys,
  type PersonId,
  type Purpose,
  type SignedStatement,
  type Statements,
} from '@holdpoint/core'
import type { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import type { Services } from '../services.ts'
import { credentialsOf, usedCredential } from '../store/credentials.ts'

export interface Proving<P extends Purpose> {
  readonly purpose: P
  readonly person: PersonId
  /** As it was begun. */
  readonly statement: Statements[P]
  readonly signed: z.output<typeof inputs.SignedWith>
}

export interface Proof<P extends Purpose> {
  readonly key: KeyId
  readonly signed: SignedStatement<P>
}

export async function proveStatement<P extends Purpose>(
  { purpose, person, statement, signed }: Proving<P>,
  services: Services,
): Promise<Result<Proof<P>>> {
  const access = await services.gate.access()
  const key = liveKeys(access, person).find((each) => each.id === signed.key)
  if (key === undefined)
    return refused({ code: 'signature_refused', because: 'that passkey is not enrolled for you' })
  const challenge = challengeOf(purpose, statement, nodePrimitives)
  const problem = assertionProblem(
    signed.assertion,
    { challenge, key },
    { primitives: nodePrimitives, verifier: nodePasskeyVerifier },
  )
  if (problem !== null) return refused({ code: 'signature_refused', because: problem })
  await usedCredential(services.database.kysely, key.id, services.clock.now())
  const { assertion } = signed
  return done({ key: key.id, signed: { v: 1, purpose, statement, assertion } })
}

/** The passkeys of a person that can sign now, as authenticators know them. */
export async function signingCredentials(person: PersonId, services: Services) {
  const live = new Set(liveKeys(await services.gate.access(), person).map((key) => key.id))
  const credentials = await credentialsOf(services.database.kysely, person)
  return credentials
    .filter(({ key }) => live.has(key))
    .map(({ key, id, transports }) => ({ key, id, transports }))
}
