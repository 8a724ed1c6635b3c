/** The door to randomness: ids, salts and secrets, all from the system's generator. */
import { randomBytes, randomInt } from 'node:crypto'

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'
const ID_CHARACTERS = 16
/** Bytes from here on would favour the first letters: they are drawn again. */
const FAIR_BELOW = Math.floor(256 / ALPHABET.length) * ALPHABET.length

/** 16 characters of `[0-9a-z]`, each equally likely: 82 bits, for `composeId`. */
export function randomIdText(): string {
  let text = ''
  while (text.length < ID_CHARACTERS) {
    for (const byte of randomBytes(ID_CHARACTERS * 2)) {
      if (byte < FAIR_BELOW && text.length < ID_CHARACTERS)
        text += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return text
}

/** 128 bits: as many as keep a salted digest silent once its salt is gone. */
export function randomSalt(): Uint8Array {
  return randomBytes(16)
}

/** 256 bits, base64url without padding: 43 characters. */
export function randomSecretText(): string {
  return randomBytes(32).toString('base64url')
}

/** 32 bytes for a key. */
export function randomKey(): Uint8Array {
  return randomBytes(32)
}

/** Letters of an alphabet, each equally likely. */
export function randomLetters(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}
