/**
 * What this browser can check of the log by itself: that entries give their leaf hashes, that those
 * lead to the signed root, that the root grew from the one it saw before, and the signature. The
 * log's key comes from the server: it is pinned in this browser the first time and said so.
 *
 * Signatures are verified in two passes because the platform verifies asynchronously and core does
 * not wait: the first pass collects what has to be verified, the second looks the answers up.
 */
import {
  type Checkpoint,
  decodeBase64,
  encodeBase64,
  hex,
  leafHash,
  openCheckpoint,
  type Primitives,
  parseVkey,
  treeRoot,
  type Verifier,
  verifyTlogProof,
} from '@holdpoint/core'
import type { LogEntryView } from './wire.ts'

export interface SignedMessage {
  readonly message: Uint8Array
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}

export interface LogKey {
  readonly origin: string
  readonly verifierKey: string
}

/** Answers of the platform: `null` where this browser cannot verify Ed25519. */
export type Verified = ReadonlyMap<string, boolean | null>

export function messageKey(signed: SignedMessage): string {
  return `${hex(signed.publicKey)} ${hex(signed.signature)} ${hex(signed.message)}`
}

/** First pass: every signature the second pass will ask for. */
export function signaturesOf(
  note: string,
  key: LogKey,
  primitives: Primitives,
): readonly SignedMessage[] {
  const found: SignedMessage[] = []
  const collect: Verifier = {
    verify: (message, signature, publicKey) => {
      found.push({ message, signature, publicKey })
      return true
    },
  }
  openNoteOf(note, key, { primitives, verifier: collect })
  return found
}

interface Means {
  readonly primitives: Primitives
  readonly verifier: Verifier
}

function openNoteOf(note: string, key: LogKey, means: Means) {
  const parsed = parseVkey(means.primitives, key.verifierKey)
  if (!parsed.ok) return parsed
  return openCheckpoint(means.primitives, note, {
    origin: key.origin,
    logKey: parsed.key,
    witnessKeys: [],
    verifier: means.verifier,
  })
}

export type CheckedNote =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly signed: 'checked' | 'unchecked' }
  | { readonly ok: false; readonly problem: string }

/** Second pass. A browser without Ed25519 says `unchecked`, never that it is good. */
export function checkNote(
  note: string,
  key: LogKey,
  means: { readonly primitives: Primitives; readonly verified: Verified },
): CheckedNote {
  const opened = openNoteOf(note, key, { ...means, verifier: lookUp(means.verified) })
  if (!opened.ok) return opened
  const unchecked = [...means.verified.values()].includes(null)
  return { ok: true, checkpoint: opened.checkpoint, signed: unchecked ? 'unchecked' : 'checked' }
}

/** What could not be verified passes here and is reported as unchecked by the caller. */
function lookUp(verified: Verified): Verifier {
  return {
    verify: (message, signature, publicKey) =>
      verified.get(messageKey({ message, signature, publicKey })) !== false &&
      verified.has(messageKey({ message, signature, publicKey })),
  }
}

/** A checkpoint this browser saw before. */
export interface Remembered {
  readonly origin: string
  readonly verifierKey: string
  readonly size: number
  /** Base64. */
  readonly root: string
  readonly at: number
}

export type WholeCheck =
  | { readonly result: 'same'; readonly since: Remembered | null }
  | { readonly result: 'partial'; readonly why: string }
  | { readonly result: 'broken'; readonly problem: string }

/** Recomputes the root from all entries, and the one remembered from its first entries. */
export function checkWhole(
  entries: readonly LogEntryView[],
  checkpoint: Checkpoint,
  means: { readonly primitives: Primitives; readonly remembered: Remembered | null },
): WholeCheck {
  const { primitives, remembered } = means
  if (remembered !== null && remembered.size > checkpoint.size)
    return broken(
      `the log has ${checkpoint.size} entries, and this browser has seen it signed with ${remembered.size}`,
    )
  const inOrder = entries.every((entry, at) => entry.seq === at)
  if (!inOrder || entries.length < checkpoint.size)
    return {
      result: 'partial',
      why: `Only ${entries.length} of ${checkpoint.size} entries were read here.`,
    }
  const wrong = entries.find((entry) => !leafMatches(entry, primitives))
  if (wrong !== undefined) return broken(`entry ${wrong.seq} does not give its leaf hash`)
  const leaves = entries.map((entry) => leafOf(entry, primitives))
  const root = treeRoot(primitives, leaves.slice(0, checkpoint.size))
  if (hex(root) !== hex(checkpoint.root))
    return broken('the entries do not lead to the signed root')
  if (remembered === null) return { result: 'same', since: null }
  const before = encodeBase64(treeRoot(primitives, leaves.slice(0, remembered.size)))
  if (before !== remembered.root)
    return broken(`the first ${remembered.size} entries are not those this browser saw signed`)
  return { result: 'same', since: remembered }
}

function broken(problem: string): WholeCheck {
  return { result: 'broken', problem }
}

/** The leaf's hash, from its bytes: what the server says of it is not believed. */
export function leafOf(entry: LogEntryView, primitives: Primitives): Uint8Array {
  return leafHash(primitives, decodeBase64(entry.data) ?? new Uint8Array(0))
}

export function leafMatches(entry: LogEntryView, primitives: Primitives): boolean {
  return decodeBase64(entry.data) !== null && hex(leafOf(entry, primitives)) === entry.leafHash
}

export type CheckedProof =
  | {
      readonly ok: true
      readonly hashes: number
      readonly root: string
      readonly size: number
      readonly signed: 'checked' | 'unchecked'
    }
  | { readonly ok: false; readonly problem: string }

/** Whether the entry is under the signed root, by a tlog-proof fetched for it. */
export function checkProof(
  entry: LogEntryView,
  proof: string,
  means: { readonly primitives: Primitives; readonly key: LogKey; readonly verified: Verified },
): CheckedProof {
  const { primitives, key, verified } = means
  const parsed = parseVkey(primitives, key.verifierKey)
  if (!parsed.ok) return parsed
  if (!leafMatches(entry, primitives))
    return { ok: false, problem: `entry ${entry.seq} does not give its leaf hash` }
  const checked = verifyTlogProof(primitives, proof, {
    origin: key.origin,
    logKey: parsed.key,
    witnessKeys: [],
    verifier: lookUp(verified),
    leafHash: leafOf(entry, primitives),
  })
  if (!checked.ok) return checked
  if (checked.index !== entry.seq)
    return { ok: false, problem: `the proof is of entry ${checked.index}, not ${entry.seq}` }
  return {
    ok: true,
    hashes: hashCount(proof),
    root: hex(checked.checkpoint.root),
    size: checked.checkpoint.size,
    signed: [...verified.values()].includes(null) ? 'unchecked' : 'checked',
  }
}

function hashCount(proof: string): number {
  const head = proof.split('\n\n', 1)[0] ?? ''
  return head.split('\n').filter((line) => decodeBase64(line)?.length === 32).length
}

/** The note inside a tlog-proof, for the first pass. */
export function noteOfProof(proof: string): string {
  return proof.slice(proof.indexOf('\n\n') + 2)
}

/** What an earlier visit left behind; anything malformed counts as nothing seen. */
export function readRemembered(text: string | null): Remembered | null {
  if (text === null) return null
  try {
    const found: unknown = JSON.parse(text)
    return isRemembered(found) ? found : null
  } catch {
    return null
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false
  const texts = ['origin', 'verifierKey', 'root'].every(
    (key) => typeof Reflect.get(value, key) === 'string',
  )
  const numbers = ['size', 'at'].every((key) => Number.isSafeInteger(Reflect.get(value, key)))
  return texts && numbers
}
