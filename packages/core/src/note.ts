/**
 * Signed notes (https://c2sp.org/signed-note): a text with signatures under it, and the keys
 * that make them. A note's text means nothing until `openNote` has found a good signature by a
 * known key. Signing and verifying are arguments: this file holds no private key and no curve.
 */

import { decodeBase64, encodeBase64 } from './base64.ts'
import { joinBytes, sameBytes } from './bytes.ts'
import { hex, type Primitives } from './primitives.ts'

/**
 * What a key signs: `ed25519` the text itself; `cosignature` a witness's statement that at some
 * time it saw this checkpoint (https://c2sp.org/tlog-cosignature, Ed25519 form).
 */
export type NoteAlgorithm = 'ed25519' | 'cosignature'

/** A public key with the name it signs under. */
export interface NoteKey {
  readonly name: string
  /** Eight lower-case hex digits; a label to find the key by, never a proof of anything. */
  readonly keyId: string
  readonly algorithm: NoteAlgorithm
  /** Ed25519 public key, 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array
}

/** Signs with the private key of an `ed25519` note key. */
export interface Signer {
  readonly name: string
  readonly keyId: string
  /** Ed25519 signature of the message, 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array
}

export interface Verifier {
  /** Whether this is a good Ed25519 signature (RFC 8032). Answers false for bad keys too. */
  readonly verify: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean
}

export interface NoteSignature {
  readonly name: string
  readonly keyId: string
  /** What follows the key id: 64 bytes for Ed25519, 8 more in front for a cosignature. */
  readonly signature: Uint8Array
}

/** Parsed, not verified: never act on `text` of a note that was not opened. */
export interface Note {
  /** Ends with a newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** `problem` is a sentence for people, without a trailing full stop. */
export interface NoteProblem {
  readonly ok: false
  readonly problem: string
}

/** The specification asks for at least 16; a bound keeps a hostile note from costing hours. */
export const NOTE_SIGNATURES_MAX = 100

const TYPE_BYTE: Readonly<Record<NoteAlgorithm, number>> = { ed25519: 1, cosignature: 4 }
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const KEY_ID_BYTES = 4
const TIME_BYTES = 8
const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/

/** Whether keys may have this name: not empty, no Unicode space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}\p{Cs}+]/u.test(name) && !hasControl(name)
}

/** Key id: SHA-256(name ‖ newline ‖ type ‖ public key), its first four bytes in hex. */
export function noteKeyId(
  primitives: Primitives,
  key: Pick<NoteKey, 'name' | 'algorithm' | 'publicKey'>,
): string {
  const named = primitives.utf8(`${key.name}\n`)
  const typed = Uint8Array.of(TYPE_BYTE[key.algorithm])
  const digest = primitives.sha256(joinBytes([named, typed, key.publicKey]))
  return hex(digest.subarray(0, KEY_ID_BYTES))
}

export type MadeKey = { readonly ok: true; readonly key: NoteKey } | NoteProblem

/** Key with its id. Refuses a name that no note can carry, and a public key of another length. */
export function makeNoteKey(
  primitives: Primitives,
  parts: Pick<NoteKey, 'name' | 'algorithm' | 'publicKey'>,
): MadeKey {
  if (!isKeyName(parts.name)) return refuse('a key name is not empty and has no space and no plus')
  if (parts.publicKey.length !== KEY_BYTES) {
    return refuse(`an Ed25519 public key has ${KEY_BYTES} bytes, not ${parts.publicKey.length}`)
  }
  return { ok: true, key: { ...parts, keyId: noteKeyId(primitives, parts) } }
}

/** `name+keyid+base64(type ‖ public key)`: how a key is handed over and pinned. */
export function formatVkey(key: NoteKey): string {
  const typed = joinBytes([Uint8Array.of(TYPE_BYTE[key.algorithm]), key.publicKey])
  return `${key.name}+${key.keyId}+${encodeBase64(typed)}`
}

/** Reads a vkey; refuses one whose id is not the id of its name and key. */
export function parseVkey(primitives: Primitives, vkey: string): MadeKey {
  const [, name = '', keyId = '', encoded = ''] = /^([^+]*)\+([^+]*)\+(.*)$/su.exec(vkey) ?? []
  const bytes = decodeBase64(encoded)
  if (!/^[0-9a-f]{8}$/.test(keyId) || bytes === null || bytes.length === 0) {
    return refuse('a verifier key is name+id+key: eight lower-case hex digits, then base64')
  }
  const algorithm = bytes[0] === 1 ? 'ed25519' : bytes[0] === 4 ? 'cosignature' : null
  if (algorithm === null) {
    return refuse(`the verifier key is of type ${bytes[0]}; only 1 and 4 (Ed25519) are supported`)
  }
  const made = makeNoteKey(primitives, { name, algorithm, publicKey: bytes.slice(1) })
  if (made.ok && made.key.keyId !== keyId) {
    return refuse(`the verifier key says id ${keyId} but its name and key give ${made.key.keyId}`)
  }
  return made
}

export type ParsedNote = { readonly ok: true; readonly note: Note } | NoteProblem

/** Reads the form of a note. Says nothing about its signatures: see `openNote`. */
export function parseNote(source: string): ParsedNote {
  const odd = oddText(source)
  if (odd !== null) return refuse(`the note ${odd}`)
  if (!source.endsWith('\n')) return refuse('the note does not end with a newline')
  const gap = source.lastIndexOf('\n\n')
  if (gap < 0) return refuse('the note has no empty line before its signatures')
  const lines = source
    .slice(gap + 2)
    .split('\n')
    .slice(0, -1)
  if (lines.length === 0) return refuse('the note has no signature')
  if (lines.length > NOTE_SIGNATURES_MAX) {
    return refuse(`the note has ${lines.length} signatures, more than ${NOTE_SIGNATURES_MAX}`)
  }
  const signatures: NoteSignature[] = []
  for (const [at, line] of lines.entries()) {
    const signature = parseSignatureLine(line)
    if (signature === null) return refuse(`signature line ${at + 1} of the note is malformed`)
    signatures.push(signature)
  }
  return { ok: true, note: { text: source.slice(0, gap + 1), signatures } }
}

export type FormattedNote = { readonly ok: true; readonly note: string } | NoteProblem

/** Writes a note; refuses whatever `parseNote` would not read back as the same. */
export function formatNote(note: Note): FormattedNote {
  const lines = note.signatures.map(({ name, keyId, signature }) => {
    const id = Array.from(keyId.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    return `— ${name} ${encodeBase64(joinBytes([Uint8Array.from(id), signature]))}\n`
  })
  const source = `${note.text}\n${lines.join('')}`
  const parsed = parseNote(source)
  if (!parsed.ok) return parsed
  const same =
    parsed.note.text === note.text &&
    parsed.note.signatures.length === note.signatures.length &&
    parsed.note.signatures.every((read, at) => isSame(read, note.signatures[at]))
  return same ? { ok: true, note: source } : refuse('the note cannot be written unambiguously')
}

/** Writes a note over this text, signed by each signer in order. */
export function signNote(
  primitives: Primitives,
  text: string,
  signers: readonly Signer[],
): FormattedNote {
  const odd = oddText(text)
  if (odd !== null) return refuse(`the note ${odd}`)
  if (!text.endsWith('\n')) return refuse('the text of a note ends with a newline')
  const message = primitives.utf8(text)
  const signatures = signers.map(({ name, keyId, sign }) => {
    return { name, keyId, signature: sign(message) }
  })
  return formatNote({ text, signatures })
}

/** A key whose signature was checked and is good. */
export interface GoodSignature {
  readonly key: NoteKey
  /** For a cosignature, when the witness says it saw the checkpoint (Unix time); else `null`. */
  readonly atSeconds: number | null
}

export type OpenedNote =
  | { readonly ok: true; readonly text: string; readonly signedBy: readonly GoodSignature[] }
  | NoteProblem

export interface NoteTrust {
  readonly known: readonly NoteKey[]
  readonly verifier: Verifier
}

/**
 * Verifies a note. Signatures by unknown keys are ignored; every one that claims to be by a
 * known key is verified, and one that is bad rejects the note, whatever else is under it. A key
 * counts once, however often it signed.
 */
export function openNote(primitives: Primitives, source: string, trust: NoteTrust): OpenedNote {
  const parsed = parseNote(source)
  if (!parsed.ok) return parsed
  const { text, signatures } = parsed.note
  const byLabel = new Map<string, NoteKey>()
  for (const key of trust.known) {
    const other = byLabel.get(labelOf(key))
    if (other !== undefined && !isSameKey(other, key)) {
      return refuse(`two different known keys are both called ${labelOf(key)}`)
    }
    byLabel.set(labelOf(key), key)
  }
  const good = new Map<NoteKey, GoodSignature>()
  for (const signature of signatures) {
    const key = byLabel.get(labelOf(signature))
    if (key === undefined) continue
    const signed = signedMessage(key, text, signature.signature)
    if (
      signed === null ||
      !trust.verifier.verify(primitives.utf8(signed.message), signed.signature, key.publicKey)
    ) {
      return refuse(`the signature by ${labelOf(key)} is bad`)
    }
    if (!good.has(key)) good.set(key, { key, atSeconds: signed.atSeconds })
  }
  if (good.size === 0) return refuse('the note has no signature by a known key')
  return { ok: true, text, signedBy: [...good.values()] }
}

interface SignedMessage {
  readonly message: string
  readonly signature: Uint8Array
  readonly atSeconds: number | null
}

/** What the key signed, or `null` when the signature has the wrong form for its algorithm. */
function signedMessage(key: NoteKey, text: string, bytes: Uint8Array): SignedMessage | null {
  if (key.algorithm === 'ed25519') {
    if (bytes.length !== SIGNATURE_BYTES) return null
    return { message: text, signature: bytes, atSeconds: null }
  }
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return null
  let time = 0
  for (const byte of bytes.subarray(0, TIME_BYTES)) time = time * 256 + byte
  if (!Number.isSafeInteger(time)) return null
  return {
    message: `cosignature/v1\ntime ${time}\n${text}`,
    signature: bytes.subarray(TIME_BYTES),
    atSeconds: time,
  }
}

function parseSignatureLine(line: string): NoteSignature | null {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? []
  if (!isKeyName(name)) return null
  const bytes = decodeBase64(encoded)
  if (bytes === null || bytes.length <= KEY_ID_BYTES) return null
  const keyId = hex(bytes.subarray(0, KEY_ID_BYTES))
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES) }
}

function isSame(read: NoteSignature, meant: NoteSignature | undefined): boolean {
  return (
    meant !== undefined &&
    read.name === meant.name &&
    read.keyId === meant.keyId &&
    sameBytes(read.signature, meant.signature)
  )
}

function isSameKey(left: NoteKey, right: NoteKey): boolean {
  return left.algorithm === right.algorithm && sameBytes(left.publicKey, right.publicKey)
}

function labelOf(key: { readonly name: string; readonly keyId: string }): string {
  return `${key.name}+${key.keyId}`
}

function refuse(problem: string): NoteProblem {
  return { ok: false, problem }
}

function oddText(text: string): string | null {
  if (hasControl(text.replaceAll('\n', ''))) return 'has a control character'
  return /\p{Cs}/u.test(text) ? 'has half of a surrogate pair, which UTF-8 cannot carry' : null
}

function hasControl(text: string): boolean {
  return Array.from(text).some((sign) => sign < ' ')
}
