/**
 * The door to passkeys: asks the browser's authenticator and gives plain values or one sentence. The
 * challenge is always computed here from the statement that was shown, never taken from a server,
 * so that a signature for one purpose is never one for another.
 */
import { challengeOf, encodeBase64Url, type Purpose, type Statements } from '@holdpoint/core'
import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser'
import type { Assertion, Credential, EnrolmentBegun, Registration } from '../model/wire.ts'
import { primitives } from '../platform.ts'

export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string }

const WAIT_MS = 120_000

export interface Signed {
  /** The credential's id, base64url. */
  readonly credential: string
  readonly assertion: Assertion
}

/** Without credentials the authenticator offers the ones it has for this site. */
export async function signStatement<P extends Purpose>(
  purpose: P,
  statement: Statements[P],
  by: { readonly rpId: string; readonly credentials: readonly Credential[] },
): Promise<Asked<Signed>> {
  const challenge = encodeBase64Url(challengeOf(purpose, statement, primitives))
  try {
    const { id, response } = await startAuthentication({
      optionsJSON: {
        challenge,
        rpId: by.rpId,
        allowCredentials: by.credentials.map(descriptorOf),
        userVerification: 'required',
        timeout: WAIT_MS,
      },
    })
    const { clientDataJSON, authenticatorData, signature } = response
    return {
      ok: true,
      value: { credential: id, assertion: { clientDataJSON, authenticatorData, signature } },
    }
  } catch (cause) {
    return { ok: false, why: whyNot(cause) }
  }
}

export interface Enrolled {
  readonly registration: Registration
  /** SubjectPublicKeyInfo, base64; `null` where the browser does not tell. */
  readonly publicKey: string | null
}

export async function makePasskey(begun: EnrolmentBegun): Promise<Asked<Enrolled>> {
  try {
    const { id, response } = await startRegistration({
      optionsJSON: {
        challenge: begun.challenge,
        rp: begun.rp,
        user: begun.user,
        pubKeyCredParams: begun.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: begun.exclude.map(descriptorOf),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: WAIT_MS,
      },
    })
    const { clientDataJSON, attestationObject, publicKey, transports } = response
    return {
      ok: true,
      value: {
        registration: { id, clientDataJSON, attestationObject, transports: transports ?? [] },
        publicKey: publicKey === undefined ? null : asBase64(publicKey),
      },
    }
  } catch (cause) {
    return { ok: false, why: whyNot(cause) }
  }
}

function descriptorOf({ id, transports }: Credential) {
  return { id, type: 'public-key' as const, transports: [...transports] }
}

function asBase64(url: string): string {
  const padding = '='.repeat((4 - (url.length % 4)) % 4)
  return url.replaceAll('-', '+').replaceAll('_', '/') + padding
}

/** Browsers say little on purpose: who cancelled and who had no passkey look the same. */
function whyNot(cause: unknown): string {
  if (cause instanceof WebAuthnError && cause.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return 'This authenticator has a passkey of yours here already. Use another one.'
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'SecurityError')
    return 'Passkeys work on this server’s own address only. Open the page there.'
  if (name === 'NotAllowedError' || name === 'AbortError')
    return 'No passkey was used: it was cancelled, took too long, or there is none for this site.'
  return 'This browser cannot use passkeys. Try another one.'
}
