/** What core needs of the browser: hashing by a library, UTF-8 by the platform. */
import { hex, type Primitives } from '@holdpoint/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { messageKey, type SignedMessage, type Verified } from './model/log-check.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const primitives: Primitives = {
  sha256: (data) => sha256(data),
  sha256Hex: (text) => hex(sha256(encoder.encode(text))),
  utf8: (text) => encoder.encode(text),
  text: (data) => decoder.decode(data),
}

/** Ed25519 by the browser; `null` where it cannot (an older one, or no secure context). */
export async function verifyAll(messages: readonly SignedMessage[]): Promise<Verified> {
  const answers = new Map<string, boolean | null>()
  for (const each of messages) answers.set(messageKey(each), await verify(each))
  return answers
}

async function verify(signed: SignedMessage): Promise<boolean | null> {
  if (!window.isSecureContext) return null
  try {
    const key = await crypto.subtle.importKey('raw', copy(signed.publicKey), 'Ed25519', false, [
      'verify',
    ])
    return await crypto.subtle.verify('Ed25519', key, copy(signed.signature), copy(signed.message))
  } catch (cause) {
    // NotSupportedError is the browser's own "no"; anything else is a bad key or signature.
    return cause instanceof DOMException && cause.name === 'NotSupportedError' ? null : false
  }
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

/** What this browser remembers; a browser that keeps nothing is a browser that saw nothing. */
export function remember(name: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(`holdpoint.${name}`)
    else localStorage.setItem(`holdpoint.${name}`, text)
    return true
  } catch {
    return false
  }
}

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`holdpoint.${name}`)
  } catch {
    return null
  }
}
