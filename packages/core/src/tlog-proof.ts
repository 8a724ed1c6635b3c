/**
 * `.tlog-proof` files (https://c2sp.org/tlog-proof): one entry's index, its inclusion proof and
 * the signed checkpoint, to be verified offline against a pinned key. `extra` is not covered by
 * any signature and must never be believed.
 */

import { decodeBase64, encodeBase64 } from './base64.ts'
import { type Checkpoint, type CheckpointTrust, openCheckpoint, parseCount } from './checkpoint.ts'
import { HASH_BYTES, verifyInclusion } from './merkle.ts'
import { type GoodSignature, type NoteProblem, parseNote } from './note.ts'
import type { Primitives } from './primitives.ts'

export interface TlogProof {
  /** Unauthenticated bytes that travel with the proof; `null` when there are none. */
  readonly extra: Uint8Array | null
  /** Position of the entry in the log, from 0. */
  readonly index: number
  /** From the leaf's sibling up to the root's child. */
  readonly hashes: readonly Uint8Array[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
/** A tree of fewer than 2^64 leaves has no longer path. */
const HASHES_MAX = 64

export type ParsedProof = { readonly ok: true; readonly proof: TlogProof } | NoteProblem

/** Reads the form of a proof; it proves nothing until `verifyTlogProof` has checked it. */
export function parseTlogProof(source: string): ParsedProof {
  const gap = source.indexOf('\n\n')
  if (gap < 0) return refuse('the proof has no empty line before its checkpoint')
  const [first, ...rest] = source.slice(0, gap).split('\n')
  if (first !== FIRST_LINE) return refuse(`the proof does not begin with the line ${FIRST_LINE}`)
  const hasExtra = rest[0]?.startsWith('extra ') === true
  const extra = hasExtra ? decodeBase64((rest[0] ?? '').slice('extra '.length)) : null
  if (hasExtra && (extra === null || extra.length === 0)) {
    return refuse('the extra line of the proof is not base64 of at least one byte')
  }
  const [indexLine = '', ...hashLines] = hasExtra ? rest.slice(1) : rest
  const index = indexLine.startsWith('index ') ? parseCount(indexLine.slice(6)) : null
  if (index === null) {
    return refuse('the proof has no index line with a number from 0 without leading zeros')
  }
  if (hashLines.length > HASHES_MAX) {
    return refuse(`a proof of ${hashLines.length} hashes fits no tree`)
  }
  const hashes: Uint8Array[] = []
  for (const [at, line] of hashLines.entries()) {
    const hash = decodeBase64(line)
    if (hash?.length !== HASH_BYTES) return refuse(`hash ${at + 1} of the proof is not 32 bytes`)
    hashes.push(hash)
  }
  const checkpoint = source.slice(gap + 2)
  const note = parseNote(checkpoint)
  if (!note.ok) return note
  return { ok: true, proof: { extra, index, hashes, checkpoint } }
}

export type FormattedProof = { readonly ok: true; readonly text: string } | NoteProblem

/** The file's text; refuses what `parseTlogProof` would not read back. */
export function formatTlogProof(proof: TlogProof): FormattedProof {
  const extra = proof.extra === null ? '' : `extra ${encodeBase64(proof.extra)}\n`
  const hashes = proof.hashes.map((hash) => `${encodeBase64(hash)}\n`).join('')
  const text = `${FIRST_LINE}\n${extra}index ${proof.index}\n${hashes}\n${proof.checkpoint}`
  const parsed = parseTlogProof(text)
  if (!parsed.ok) return parsed
  // An empty hash would end the header early and make the rest part of the checkpoint.
  const isWhole = parsed.proof.checkpoint === proof.checkpoint
  return isWhole ? { ok: true, text } : refuse('a hash of the proof is empty')
}

export interface ProofClaim extends CheckpointTrust {
  /** Hash of the entry that the proof is said to be of (`leafHash` of its bytes). */
  readonly leafHash: Uint8Array
}

export type VerifiedProof =
  | {
      readonly ok: true
      readonly index: number
      readonly checkpoint: Checkpoint
      readonly witnessedBy: readonly GoodSignature[]
      /** As it came: not authenticated. */
      readonly extra: Uint8Array | null
    }
  | NoteProblem

/** Whether the entry is in the log: checkpoint signed by the pinned key, entry under its root. */
export function verifyTlogProof(
  primitives: Primitives,
  source: string,
  claim: ProofClaim,
): VerifiedProof {
  const parsed = parseTlogProof(source)
  if (!parsed.ok) return parsed
  const { index, hashes, extra } = parsed.proof
  const opened = openCheckpoint(primitives, parsed.proof.checkpoint, claim)
  if (!opened.ok) return opened
  const { checkpoint, witnessedBy } = opened
  const { size, root } = checkpoint
  const { leafHash } = claim
  const included = verifyInclusion(primitives, { index, size, root, leafHash, proof: hashes })
  return included.ok ? { ok: true, index, checkpoint, witnessedBy, extra } : included
}

function refuse(problem: string): NoteProblem {
  return { ok: false, problem }
}
