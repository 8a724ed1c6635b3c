/**
 * The signed head of the log (https://c2sp.org/tlog-checkpoint): origin, size and root in a
 * signed note. Extension lines are refused: an auditor could not check what they say, and ours
 * have none. Nothing here remembers earlier heads; whoever signs must never sign a smaller one.
 */

import { decodeBase64, encodeBase64 } from './base64.ts'
import { sameBytes } from './bytes.ts'
import { emptyRoot, HASH_BYTES } from './merkle.ts'
import {
  type FormattedNote,
  type GoodSignature,
  type NoteKey,
  type NoteProblem,
  openNote,
  type Signer,
  signNote,
  type Verifier,
} from './note.ts'
import type { Primitives } from './primitives.ts'

export interface Checkpoint {
  /** Which log; one line, not empty. */
  readonly origin: string
  /** Entries in the tree, below 2^53. */
  readonly size: number
  readonly root: Uint8Array
}

export type ParsedCheckpoint = { readonly ok: true; readonly checkpoint: Checkpoint } | NoteProblem

/** Reads the text of an opened note. */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n')
  if (rest.length === 0) return refuse('a checkpoint has three lines that end with a newline')
  if (rest.length > 1 || rest[0] !== '') {
    return refuse('the checkpoint has lines after its root, which nobody could audit')
  }
  if (origin === '') return refuse('the checkpoint has no origin')
  const count = parseCount(size)
  if (count === null) {
    return refuse('the checkpoint has no size from 0 to 2^53 − 1 without leading zeros')
  }
  const bytes = decodeBase64(root)
  if (bytes?.length !== HASH_BYTES) return refuse('the root of the checkpoint is not 32 bytes')
  return { ok: true, checkpoint: { origin, size: count, root: bytes } }
}

export type FormattedCheckpoint = { readonly ok: true; readonly text: string } | NoteProblem

/** The text to sign; refuses what `parseCheckpoint` would not read back. */
export function formatCheckpoint(checkpoint: Checkpoint): FormattedCheckpoint {
  const { origin, size, root } = checkpoint
  if (origin.includes('\n')) return refuse('the origin of a checkpoint is one line')
  const text = `${origin}\n${size}\n${encodeBase64(root)}\n`
  const parsed = parseCheckpoint(text)
  return parsed.ok ? { ok: true, text } : parsed
}

/** A checkpoint as a signed note. */
export function signCheckpoint(
  primitives: Primitives,
  checkpoint: Checkpoint,
  signers: readonly Signer[],
): FormattedNote {
  const formatted = formatCheckpoint(checkpoint)
  return formatted.ok ? signNote(primitives, formatted.text, signers) : formatted
}

export interface CheckpointTrust {
  /** The log's origin, known beforehand. */
  readonly origin: string
  /** The log's key, pinned: without a good signature by it nothing is accepted. */
  readonly logKey: NoteKey
  /** Keys of witnesses; their signatures are checked and told, but not required. */
  readonly witnessKeys: readonly NoteKey[]
  readonly verifier: Verifier
}

export type OpenedCheckpoint =
  | {
      readonly ok: true
      readonly checkpoint: Checkpoint
      /** The witnesses with a good signature, without the log itself. */
      readonly witnessedBy: readonly GoodSignature[]
    }
  | NoteProblem

/** Verifies a checkpoint: its note, that the log's key signed it, its origin and its form. */
export function openCheckpoint(
  primitives: Primitives,
  source: string,
  trust: CheckpointTrust,
): OpenedCheckpoint {
  const { logKey, witnessKeys, verifier } = trust
  const opened = openNote(primitives, source, { known: [logKey, ...witnessKeys], verifier })
  if (!opened.ok) return opened
  const isLog = ({ key }: GoodSignature) => key.name === logKey.name && key.keyId === logKey.keyId
  if (!opened.signedBy.some(isLog)) {
    return refuse(`the checkpoint is not signed by the log's key ${logKey.name}+${logKey.keyId}`)
  }
  const parsed = parseCheckpoint(opened.text)
  if (!parsed.ok) return parsed
  const { checkpoint } = parsed
  if (checkpoint.origin !== trust.origin) {
    return refuse(`the checkpoint is of the log ${checkpoint.origin}, not of ${trust.origin}`)
  }
  if (checkpoint.size === 0 && !sameBytes(checkpoint.root, emptyRoot(primitives))) {
    return refuse('the checkpoint of an empty log has a root that is not the empty root')
  }
  return { ok: true, checkpoint, witnessedBy: opened.signedBy.filter((by) => !isLog(by)) }
}

/** A decimal count without leading zeros, or `null`; at most 2^53 − 1. */
export function parseCount(text: string): number | null {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : null
}

function refuse(problem: string): NoteProblem {
  return { ok: false, problem }
}
