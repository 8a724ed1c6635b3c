/**
 * The key of an invitation: ECDSA P-256, made in the inviter's page. Its secret half travels in the
 * link's fragment, which no browser sends to a server, so that the server cannot enrol a key of its
 * own in the invited person's name.
 */
import { decodeBase64Url, encodeBase64, encodeBase64Url } from '@holdpoint/core'

export interface InviteSecret {
  /** SubjectPublicKeyInfo, base64. */
  readonly inviteKey: string
  readonly privateKey: CryptoKey
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const

export interface NewInvite {
  readonly inviteKey: string
  /** For the link's fragment: PKCS #8, base64url. */
  readonly fragment: string
}

export async function newInviteKey(): Promise<NewInvite> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
  return {
    inviteKey: encodeBase64(new Uint8Array(spki)),
    fragment: encodeBase64Url(new Uint8Array(pkcs8)),
  }
}

/** `null` where the fragment is none of ours, cut or mistyped. */
export async function readInviteKey(fragment: string): Promise<InviteSecret | null> {
  const bytes = decodeBase64Url(fragment)
  if (bytes === null || bytes.length === 0) return null
  try {
    const privateKey = await crypto.subtle.importKey(
      'pkcs8',
      new Uint8Array(bytes),
      ALGORITHM,
      true,
      ['sign'],
    )
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', privateKey)
    if (kty === undefined || crv === undefined || x === undefined || y === undefined) return null
    const open = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, ALGORITHM, true, [
      'verify',
    ])
    const spki = await crypto.subtle.exportKey('spki', open)
    return { inviteKey: encodeBase64(new Uint8Array(spki)), privateKey }
  } catch {
    return null
  }
}

/** r ‖ s, base64url. */
export async function signWithInvite(invite: InviteSecret, text: Uint8Array): Promise<string> {
  const hash = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(hash, invite.privateKey, new Uint8Array(text))
  return encodeBase64Url(new Uint8Array(signature))
}
