import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  appendLeaf,
  type CompactRange,
  type ConsistencyClaim,
  consistencyProof,
  EMPTY_RANGE,
  type InclusionClaim,
  inclusionProof,
  leafHash,
  rangeRoot,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

const SIZE_MAX = 70
const SEED = 20_260_601

const leafHashes = Array.from({ length: SIZE_MAX }, (_, at) =>
  leafHash(nodePrimitives, Uint8Array.of(at)),
)
const roots = Array.from({ length: SIZE_MAX + 1 }, (_, size) =>
  treeRoot(nodePrimitives, leafHashes.slice(0, size)),
)
const rootOf = (size: number): Uint8Array => roots[size] ?? new Uint8Array(0)
const hashOf = (index: number): Uint8Array => leafHashes[index] ?? new Uint8Array(0)

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes)
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return flipped
}

function flipIn(proof: readonly Uint8Array[], at: number, bit: number): readonly Uint8Array[] {
  return proof.map((hash, index) => (index === at ? flip(hash, bit) : hash))
}

function inclusionClaim(index: number, size: number): InclusionClaim {
  const proof = inclusionProof(nodePrimitives, leafHashes.slice(0, size), index)
  return { index, size, leafHash: hashOf(index), proof, root: rootOf(size) }
}

function consistencyClaim(oldSize: number, newSize: number): ConsistencyClaim {
  const proof = consistencyProof(nodePrimitives, leafHashes.slice(0, newSize), oldSize)
  return { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize), proof }
}

/** Sides of the siblings on the way from a leaf up, straight from the definition of the path. */
function sides(index: number, size: number): string {
  if (size === 1) return ''
  const left = 2 ** (Math.ceil(Math.log2(size)) - 1)
  return index < left ? `${sides(index, left)}R` : `${sides(index - left, size - left)}L`
}

const includes = (claim: InclusionClaim) => verifyInclusion(nodePrimitives, claim).ok
const agrees = (claim: ConsistencyClaim) => verifyConsistency(nodePrimitives, claim).ok

/** The definition of RFC 6962 §2.1, as it stands there. */
function definedRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes
  if (only === undefined) return nodePrimitives.sha256(new Uint8Array(0))
  if (hashes.length === 1) return only
  const left = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1)
  const parts = [definedRoot(hashes.slice(0, left)), definedRoot(hashes.slice(left))]
  return nodePrimitives.sha256(Buffer.concat([Uint8Array.of(1), ...parts]))
}

test('for every size up to 70 the grown range has the root of the definition', () => {
  let range: CompactRange = EMPTY_RANGE
  for (let size = 0; size <= SIZE_MAX; size += 1) {
    const expected = definedRoot(leafHashes.slice(0, size))

    assert.deepEqual(rangeRoot(nodePrimitives, range), expected)
    assert.deepEqual(rootOf(size), expected)

    range = appendLeaf(nodePrimitives, range, hashOf(size % SIZE_MAX))
  }
})

test('every entry of every tree up to 70 is proved, and by no changed proof', () => {
  const seen = { proved: 0, hashes: 0 }
  for (let size = 1; size <= SIZE_MAX; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const claim = inclusionClaim(index, size)
      const { proof, root } = claim
      assert.equal(proof.length, sides(index, size).length)
      assert.deepEqual(verifyInclusion(nodePrimitives, claim), { ok: true })
      seen.proved += 1

      const bit = (index * 37 + size * 11) % 256
      proof.forEach((_, at) => {
        assert.equal(includes({ ...claim, proof: flipIn(proof, at, bit) }), false)
        assert.equal(includes({ ...claim, proof: proof.toSpliced(at, 1) }), false)
        assert.equal(includes({ ...claim, proof: proof.toSpliced(at, 0, root) }), false)
        seen.hashes += 1
      })
      assert.equal(includes({ ...claim, root: flip(root, bit) }), false)
      assert.equal(includes({ ...claim, leafHash: flip(claim.leafHash, bit) }), false)
      assert.equal(includes({ ...claim, proof: [...proof, root] }), false)
    }
  }
  assert.equal(seen.proved, 2485)
  assert.ok(seen.hashes > 14_000, JSON.stringify(seen))
})

test('every single bit of every proof in trees up to 9 matters', () => {
  let flipped = 0
  for (let size = 1; size <= 9; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const claim = inclusionClaim(index, size)
      for (let bit = 0; bit < 256; bit += 1) {
        claim.proof.forEach((_, at) => {
          assert.equal(includes({ ...claim, proof: flipIn(claim.proof, at, bit) }), false)
          flipped += 1
        })
        assert.equal(includes({ ...claim, root: flip(claim.root, bit) }), false)
        assert.equal(includes({ ...claim, leafHash: flip(claim.leafHash, bit) }), false)
      }
    }
  }
  assert.ok(flipped > 25_000, `${flipped} bits were flipped`)
})

test('a proof holds for no other index, and for another size only on a path of one shape', () => {
  const seen = { otherIndex: 0, otherShape: 0, sameShape: 0 }
  for (let size = 1; size <= SIZE_MAX; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const claim = inclusionClaim(index, size)
      for (let bit = 0; bit < 64; bit += 1) {
        const mask = 1n << BigInt(bit)
        assert.equal(includes({ ...claim, index: BigInt(index) ^ mask }), false)
        seen.otherIndex += 1

        const otherSize = BigInt(size) ^ mask
        const accepted = includes({ ...claim, size: otherSize })
        const sameShape =
          otherSize > BigInt(index) &&
          otherSize < 1000n &&
          sides(index, Number(otherSize)) === sides(index, size)
        assert.equal(accepted, sameShape, `index ${index}, size ${size} as ${otherSize}`)
        if (sameShape) seen.sameShape += 1
        else seen.otherShape += 1
      }
    }
  }
  assert.equal(seen.otherIndex, 2485 * 64)
  assert.ok(seen.otherShape > 140_000 && seen.sameShape > 9000, JSON.stringify(seen))
})

test('every growth between two sizes up to 70 is proved, and by no changed proof', () => {
  const seen = { proved: 0, hashes: 0, sizes: 0 }
  for (let newSize = 1; newSize <= SIZE_MAX; newSize += 1) {
    for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
      const claim = consistencyClaim(oldSize, newSize)
      const { proof, oldRoot, newRoot } = claim
      assert.deepEqual(verifyConsistency(nodePrimitives, claim), { ok: true })
      seen.proved += 1

      const bit = (oldSize * 37 + newSize * 11) % 256
      proof.forEach((_, at) => {
        assert.equal(agrees({ ...claim, proof: flipIn(proof, at, bit) }), false)
        assert.equal(agrees({ ...claim, proof: proof.toSpliced(at, 1) }), false)
        assert.equal(agrees({ ...claim, proof: proof.toSpliced(at, 0, newRoot) }), false)
        seen.hashes += 1
      })
      assert.equal(agrees({ ...claim, oldRoot: flip(oldRoot, bit) }), false)
      assert.equal(agrees({ ...claim, newRoot: flip(newRoot, bit) }), false)
      assert.equal(agrees({ ...claim, proof: [...proof, newRoot] }), false)
      assert.equal(agrees({ ...claim, oldSize: newSize + 1 }), false)
      for (let otherOld = 1; otherOld < newSize; otherOld += 1) {
        if (otherOld === oldSize || oldSize === newSize) continue
        assert.equal(agrees({ ...claim, oldSize: otherOld }), false, `${oldSize} as ${otherOld}`)
        seen.sizes += 1
      }
    }
  }
  assert.equal(seen.proved, 2485)
  assert.ok(seen.hashes > 10_000 && seen.sizes > 100_000, JSON.stringify(seen))
})

test('a tree that changed any earlier leaf is consistent by no honest proof of either', () => {
  let forked = 0
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: SIZE_MAX }),
      fc.nat(),
      fc.nat(),
      (newSize, oldSeed, leafSeed) => {
        const oldSize = 1 + (oldSeed % (newSize - 1))
        const changed = leafSeed % oldSize
        const fork = leafHashes.slice(0, newSize).with(changed, leafHashes.at(-1) ?? hashOf(0))
        if (changed === SIZE_MAX - 1) return
        const newRoot = treeRoot(nodePrimitives, fork)
        const claim = { ...consistencyClaim(oldSize, newSize), newRoot }

        assert.equal(agrees(claim), false)
        const proof = consistencyProof(nodePrimitives, fork, oldSize)
        assert.equal(agrees({ ...claim, proof }), false)

        forked += 1
      },
    ),
    { seed: SEED, numRuns: 300 },
  )
  assert.ok(forked > 250, `${forked} forks with seed ${SEED}`)
})
