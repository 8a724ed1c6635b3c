/**
 * The Merkle tree of the audit log: hashing, growth, and proofs (RFC 6962 §2.1, RFC 9162 §2.1).
 * Proofs that arrive from outside are hostile: verification names what is wrong with them and
 * never throws, and it never accepts one that is longer or shorter than the tree requires.
 *
 * A root does not bind the size of its tree: an inclusion proof also holds for any other size
 * with a path of the same shape. Take sizes from a signed checkpoint only.
 */

import { joinBytes, sameBytes } from './bytes.ts'
import type { Primitives } from './primitives.ts'

export const HASH_BYTES = 32

const LEAF_PREFIX = Uint8Array.of(0)
const NODE_PREFIX = Uint8Array.of(1)
const SIZE_LIMIT = 2n ** 64n
/** A path in a tree of fewer than 2^64 leaves, plus one hash for consistency. */
const PROOF_HASHES_MAX = 65

/** Hash of one entry: SHA-256(0x00 ‖ data) (RFC 6962 §2.1). */
export function leafHash(primitives: Primitives, data: Uint8Array): Uint8Array {
  return primitives.sha256(joinBytes([LEAF_PREFIX, data]))
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(primitives: Primitives, left: Uint8Array, right: Uint8Array): Uint8Array {
  return primitives.sha256(joinBytes([NODE_PREFIX, left, right]))
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(primitives: Primitives): Uint8Array {
  return primitives.sha256(new Uint8Array(0))
}

/** Root of the tree over these leaf hashes, in order. */
export function treeRoot(primitives: Primitives, leafHashes: readonly Uint8Array[]): Uint8Array {
  const peaks: Uint8Array[] = []
  leafHashes.forEach((hash, index) => {
    pushLeaf(primitives, peaks, { hash, index })
  })
  return foldPeaks(primitives, peaks)
}

/**
 * The least one must keep to grow a tree: the roots of its perfect subtrees, widest (leftmost)
 * first, one for each bit set in `size`. `size` is a safe integer (below 2^53).
 */
export interface CompactRange {
  readonly size: number
  readonly hashes: readonly Uint8Array[]
}

export const EMPTY_RANGE: CompactRange = { size: 0, hashes: [] }

/** The range with one more leaf; the given one stays as it is. Throws on a malformed range. */
export function appendLeaf(
  primitives: Primitives,
  range: CompactRange,
  hash: Uint8Array,
): CompactRange {
  requireRange(range)
  if (range.size === Number.MAX_SAFE_INTEGER) throw new RangeError('the tree is full')
  const hashes = [...range.hashes]
  pushLeaf(primitives, hashes, { hash, index: range.size })
  return { size: range.size + 1, hashes }
}

/** Root of the tree of `range.size` leaves. Throws on a malformed range. */
export function rangeRoot(primitives: Primitives, range: CompactRange): Uint8Array {
  requireRange(range)
  return foldPeaks(primitives, range.hashes)
}

/** Consecutive leaves `start ≤ index < end`. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

/** The subtrees whose roots are the inclusion proof of `index`, in the proof's order. */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  if (!isSize(size) || !isSize(index) || index >= size) {
    throw new RangeError(`no entry ${index} in a tree of ${size}`)
  }
  const path: LeafRange[] = []
  let tree: LeafRange = { start: 0, end: size }
  while (tree.end - tree.start > 1) {
    const middle = tree.start + widestLeft(tree.end - tree.start)
    const left: LeafRange = { start: tree.start, end: middle }
    const right: LeafRange = { start: middle, end: tree.end }
    path.unshift(index < middle ? right : left)
    tree = index < middle ? left : right
  }
  return path
}

/**
 * The subtrees whose roots are the consistency proof between two sizes, in the proof's order.
 * None from size 0, or between equal sizes: there is nothing to prove.
 */
export function consistencyRanges(oldSize: number, newSize: number): readonly LeafRange[] {
  if (!isSize(newSize) || !isSize(oldSize) || oldSize > newSize) {
    throw new RangeError(`a tree of ${newSize} cannot have grown from ${oldSize}`)
  }
  if (oldSize === 0) return []
  const path: LeafRange[] = []
  let tree: LeafRange = { start: 0, end: newSize }
  while (oldSize < tree.end) {
    const middle = tree.start + widestLeft(tree.end - tree.start)
    const left: LeafRange = { start: tree.start, end: middle }
    const right: LeafRange = { start: middle, end: tree.end }
    path.unshift(oldSize <= middle ? right : left)
    tree = oldSize <= middle ? left : right
  }
  // The verifier already holds the old root, so it is told only of a smaller subtree.
  return tree.start === 0 ? path : [tree, ...path]
}

/** Proof that entry `index` is in the tree over `leafHashes`. Throws if there is no such entry. */
export function inclusionProof(
  primitives: Primitives,
  leafHashes: readonly Uint8Array[],
  index: number,
): readonly Uint8Array[] {
  const ranges = inclusionRanges(index, leafHashes.length)
  return ranges.map(({ start, end }) => treeRoot(primitives, leafHashes.slice(start, end)))
}

/** Proof that the tree over `leafHashes` begins with its first `oldSize`. Throws if it is smaller. */
export function consistencyProof(
  primitives: Primitives,
  leafHashes: readonly Uint8Array[],
  oldSize: number,
): readonly Uint8Array[] {
  const ranges = consistencyRanges(oldSize, leafHashes.length)
  return ranges.map(({ start, end }) => treeRoot(primitives, leafHashes.slice(start, end)))
}

/** `problem` is a sentence for people, without a trailing full stop. */
export type Verification = { readonly ok: true } | { readonly ok: false; readonly problem: string }

export interface InclusionClaim {
  readonly index: number | bigint
  readonly size: number | bigint
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** Whether the leaf is entry `index` of the tree with this size and root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(primitives: Primitives, claim: InclusionClaim): Verification {
  const index = toUint64(claim.index)
  const size = toUint64(claim.size)
  if (index === null) return refuse('the index is not a whole number from 0 to 2^64 − 1')
  if (size === null) return refuse('the tree size is not a whole number from 0 to 2^64 − 1')
  if (index >= size) return refuse(`there is no entry ${index} in a tree of size ${size}`)
  const malformed = malformedHashes(claim.proof, [
    ['the leaf hash', claim.leafHash],
    ['the root', claim.root],
  ])
  if (malformed !== null) return refuse(malformed)

  const path = { node: index, last: size - 1n }
  let hash = claim.leafHash
  for (const sibling of claim.proof) {
    if (path.last === 0n) return refuse('the inclusion proof has more hashes than the tree needs')
    hash = isRightmost(path)
      ? nodeHash(primitives, sibling, hash)
      : nodeHash(primitives, hash, sibling)
    climb(path)
  }
  if (path.last !== 0n) return refuse('the inclusion proof has fewer hashes than the tree needs')
  if (!sameBytes(hash, claim.root)) return refuse('the inclusion proof leads to another root')
  return { ok: true }
}

export interface ConsistencyClaim {
  readonly oldSize: number | bigint
  readonly oldRoot: Uint8Array
  readonly newSize: number | bigint
  readonly newRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Whether the newer tree begins with exactly the leaves of the older one (RFC 9162 §2.1.4.2).
 * From an empty tree it is refused, to an empty one too, as it would prove nothing: a caller for
 * whom any growth from nothing is fine says so itself.
 */
export function verifyConsistency(primitives: Primitives, claim: ConsistencyClaim): Verification {
  const oldSize = toUint64(claim.oldSize)
  const newSize = toUint64(claim.newSize)
  if (oldSize === null) return refuse('the older size is not a whole number from 0 to 2^64 − 1')
  if (newSize === null) return refuse('the newer size is not a whole number from 0 to 2^64 − 1')
  if (oldSize > newSize) return refuse(`the tree shrank from size ${oldSize} to ${newSize}`)
  if (oldSize === 0n) return refuse('consistency with an empty tree proves nothing')
  if (oldSize === newSize) return verifySameTree(claim)
  const malformed = malformedHashes(claim.proof, [
    ['the older root', claim.oldRoot],
    ['the newer root', claim.newRoot],
  ])
  if (malformed !== null) return refuse(malformed)
  return walkConsistency(primitives, claim, { node: oldSize - 1n, last: newSize - 1n })
}

function walkConsistency(
  primitives: Primitives,
  claim: ConsistencyClaim,
  path: Path,
): Verification {
  const perfect = (path.node & (path.node + 1n)) === 0n
  while (isOdd(path.node)) shift(path)
  const [seed, ...siblings] = perfect ? [claim.oldRoot, ...claim.proof] : claim.proof
  if (seed === undefined) return refuse('the consistency proof is empty')
  let oldHash = seed
  let newHash = seed
  for (const sibling of siblings) {
    if (path.last === 0n) return refuse('the consistency proof has more hashes than the trees need')
    if (isRightmost(path)) {
      oldHash = nodeHash(primitives, sibling, oldHash)
      newHash = nodeHash(primitives, sibling, newHash)
    } else {
      newHash = nodeHash(primitives, newHash, sibling)
    }
    climb(path)
  }
  if (path.last !== 0n) return refuse('the consistency proof has fewer hashes than the trees need')
  if (!sameBytes(oldHash, claim.oldRoot)) {
    return refuse('the consistency proof leads to another older root')
  }
  if (!sameBytes(newHash, claim.newRoot)) {
    return refuse('the consistency proof leads to another newer root')
  }
  return { ok: true }
}

function verifySameTree(claim: ConsistencyClaim): Verification {
  if (!sameBytes(claim.oldRoot, claim.newRoot)) {
    return refuse(`there are two different roots for size ${claim.newSize}`)
  }
  if (claim.proof.length > 0) return refuse('the proof between equal sizes must be empty')
  return { ok: true }
}

/** A node on the way up, and the last node of its level. */
interface Path {
  node: bigint
  last: bigint
}

/** Whether the next hash of the proof stands to the left of the node. */
function isRightmost(path: Path): boolean {
  return isOdd(path.node) || path.node === path.last
}

function climb(path: Path): void {
  // The last node of a level has no sibling until it is a right child: those levels have no hash.
  if (path.node === path.last) while (path.node !== 0n && !isOdd(path.node)) shift(path)
  shift(path)
}

function shift(path: Path): void {
  path.node >>= 1n
  path.last >>= 1n
}

function isOdd(value: bigint): boolean {
  return (value & 1n) === 1n
}

function refuse(problem: string): Verification {
  return { ok: false, problem }
}

function malformedHashes(
  proof: readonly Uint8Array[],
  named: readonly (readonly [string, Uint8Array])[],
): string | null {
  if (proof.length > PROOF_HASHES_MAX) return `a proof of ${proof.length} hashes fits no tree`
  const odd = named.find(([, hash]) => hash.length !== HASH_BYTES)
  if (odd !== undefined) return `${odd[0]} has ${odd[1].length} bytes, not ${HASH_BYTES}`
  const at = proof.findIndex((hash) => hash.length !== HASH_BYTES)
  return at < 0 ? null : `hash ${at + 1} of the proof is not ${HASH_BYTES} bytes long`
}

function toUint64(value: number | bigint): bigint | null {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return null
  const exact = BigInt(value)
  return exact >= 0n && exact < SIZE_LIMIT ? exact : null
}

/** Adds a leaf to the roots of perfect subtrees: every trailing one-bit of the index is a merge. */
function pushLeaf(
  primitives: Primitives,
  peaks: Uint8Array[],
  leaf: { readonly hash: Uint8Array; readonly index: number },
): void {
  requireHash(leaf.hash)
  let hash = leaf.hash
  for (let rest = leaf.index; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = peaks.pop()
    if (left === undefined) throw new RangeError('the range has too few hashes for its size')
    hash = nodeHash(primitives, left, hash)
  }
  peaks.push(hash)
}

function foldPeaks(primitives: Primitives, peaks: readonly Uint8Array[]): Uint8Array {
  if (peaks.length === 0) return emptyRoot(primitives)
  return peaks.reduceRight((right, left) => nodeHash(primitives, left, right))
}

/** The greatest power of two below `count` (which is at least 2): leaves in the left subtree. */
function widestLeft(count: number): number {
  let width = 1
  while (width * 2 < count) width *= 2
  return width
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function requireRange(range: CompactRange): void {
  if (!isSize(range.size)) throw new RangeError('the size of a range is a whole number from 0')
  let ones = 0
  for (let rest = range.size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  if (range.hashes.length !== ones) {
    throw new RangeError(`a range of size ${range.size} has ${ones} hashes`)
  }
  range.hashes.forEach(requireHash)
}

function requireHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES) throw new RangeError(`a hash has ${HASH_BYTES} bytes`)
}
