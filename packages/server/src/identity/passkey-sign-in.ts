/**
 * Signing in with a passkey. Which one it is comes with the answer; whose it is and whether it counts
 * is in the log alone.
 */
import type { identity } from '@holdpoint/api'
import { nodePasskeyVerifier, nodePrimitives } from '@holdpoint/api/node'
import {
  type Access,
  assertionProblem,
  challengeOf,
  liveKeys,
  type Passkey,
  type PersonId,
} from '@holdpoint/core'
import type { z } from 'zod'
import { done, type Result, refused } from '../http/handler.ts'
import { relyingParty } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { usedCredential } from '../store/credentials.ts'
import { begin, newNonce, takeBegun } from './enrol.ts'
import { credentialDigest } from './registration.ts'

const PURPOSE = 'sign-in'

export async function beginSignIn(
  services: Services,
): Promise<Result<z.input<typeof identity.SignInBegun>>> {
  const nonce = newNonce()
  const begun = await begin({ purpose: PURPOSE, owner: null, statement: {}, nonce }, services)
  if (!begun.ok) return begun
  const { id: rpId } = relyingParty(services.baseUrl())
  return done({ nonce, rpId, until: begun.value })
}

export async function signInWith(
  { nonce, credential, assertion }: z.output<typeof identity.PasskeySignIn>,
  services: Services,
): Promise<Result<PersonId>> {
  const begun = await takeBegun({ purpose: PURPOSE, nonce, owner: null }, services)
  if (begun === null)
    return refused({ code: 'sign_in_refused', because: 'it took too long, or was used before' })
  const key = keyOf(await services.gate.access(), credential)
  if (key === null)
    return refused({ code: 'sign_in_refused', because: 'that passkey does not count here' })
  const challenge = challengeOf('sign-in', { nonce }, nodePrimitives)
  const sources = { primitives: nodePrimitives, verifier: nodePasskeyVerifier }
  const problem = assertionProblem(assertion, { challenge, key }, sources)
  if (problem !== null) return refused({ code: 'sign_in_refused', because: problem })
  await usedCredential(services.database.kysely, key.id, services.clock.now())
  return done(key.person)
}

function keyOf(access: Access, credential: string): Passkey | null {
  const digest = credentialDigest(credential)
  const key = [...access.keys.values()].find((each) => each.credential === digest)
  if (key === undefined) return null
  return liveKeys(access, key.person).find((each) => each.id === key.id) ?? null
}
