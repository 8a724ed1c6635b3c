import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import {
  appendLeaf,
  consistencyProof,
  consistencyRanges,
  EMPTY_RANGE,
  emptyRoot,
  inclusionProof,
  inclusionRanges,
  leafHash,
  nodeHash,
  rangeRoot,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
import { hex } from './primitives.ts'

const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
/** Roots of the trees over the first 0 to 8 of these leaves, as Certificate Transparency has them. */
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leafHashes = LEAVES.map((text) => leafHash(nodePrimitives, Buffer.from(text, 'hex')))
const [first = new Uint8Array(32), second = new Uint8Array(32)] = leafHashes
const root8 = treeRoot(nodePrimitives, leafHashes)

test('trees of 0 to 8 leaves have the roots that RFC 6962 logs have', () => {
  const roots = ROOTS.map((_, size) => hex(treeRoot(nodePrimitives, leafHashes.slice(0, size))))

  assert.deepEqual(roots, ROOTS)
})

test('a range that grows leaf by leaf has the same roots and leaves its predecessors alone', () => {
  const ranges = [EMPTY_RANGE]
  for (const hash of leafHashes) {
    ranges.push(appendLeaf(nodePrimitives, ranges.at(-1) ?? EMPTY_RANGE, hash))
  }

  assert.deepEqual(
    ranges.map((range) => hex(rangeRoot(nodePrimitives, range))),
    ROOTS,
  )
})

test('a leaf is never hashed as a node is', () => {
  const joined = Buffer.concat([first, second])

  assert.notDeepEqual(leafHash(nodePrimitives, joined), nodeHash(nodePrimitives, first, second))
  assert.deepEqual(emptyRoot(nodePrimitives), treeRoot(nodePrimitives, []))
})

test('a range whose hashes do not fit its size is not grown and has no root', () => {
  const short = { size: 3, hashes: [first] }
  const long = { size: 4, hashes: [first, second] }
  const cut = { size: 1, hashes: [first.subarray(1)] }
  const fraction = { size: 0.5, hashes: [first] }

  const nothing = { size: Number.NaN, hashes: [] }
  const negative = { size: -1, hashes: [] }

  for (const range of [short, long, cut, fraction, nothing, negative]) {
    assert.throws(() => rangeRoot(nodePrimitives, range), RangeError)
    assert.throws(() => appendLeaf(nodePrimitives, range, first), RangeError)
  }
})

test('a tree ends at the last size that a number holds exactly', () => {
  const hashes = Array.from({ length: 53 }, () => first)
  const full = { size: Number.MAX_SAFE_INTEGER, hashes }

  assert.throws(() => appendLeaf(nodePrimitives, full, first), new RangeError('the tree is full'))
})

test('what is not a hash is not put into a tree', () => {
  const bad = first.subarray(1)

  assert.throws(() => appendLeaf(nodePrimitives, EMPTY_RANGE, bad), /a hash has 32 bytes/)
  assert.throws(() => treeRoot(nodePrimitives, [first, bad]), /a hash has 32 bytes/)
})

test('there is no proof of an entry that a tree does not have, or of growth that was not', () => {
  for (const index of [-1, 8, 0.5, Number.NaN]) {
    assert.throws(() => inclusionProof(nodePrimitives, leafHashes, index), RangeError)
  }
  for (const size of [-1, 9, 0.5]) {
    assert.throws(() => consistencyProof(nodePrimitives, leafHashes, size), RangeError)
  }
  for (const size of [2.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => inclusionRanges(0, size), RangeError)
    assert.throws(() => consistencyRanges(1, size), RangeError)
  }
})

test('growth from nothing, and no growth, need no hash', () => {
  assert.deepEqual(consistencyProof(nodePrimitives, leafHashes, 0), [])
  assert.deepEqual(consistencyProof(nodePrimitives, leafHashes, 8), [])
})

test('proofs of the largest trees are laid out without a long walk', () => {
  const size = Number.MAX_SAFE_INTEGER

  assert.equal(inclusionRanges(0, size).length, 53)
  assert.deepEqual(inclusionRanges(size - 1, size).at(-1), { start: 0, end: 2 ** 52 })
  assert.deepEqual(consistencyRanges(2 ** 52, size), [{ start: 2 ** 52, end: size }])
})

const inclusion = {
  index: 2,
  size: 8,
  leafHash: leafHashes[2] ?? first,
  proof: inclusionProof(nodePrimitives, leafHashes, 2),
  root: root8,
}
const tooMany = Array.from({ length: 66 }, () => first)

test('the entry that is the proof’s own is in the tree', () => {
  assert.deepEqual(verifyInclusion(nodePrimitives, inclusion), { ok: true })
  const big = { ...inclusion, index: 2n, size: 8n }
  assert.deepEqual(verifyInclusion(nodePrimitives, big), { ok: true })
})

for (const [change, problem] of [
  [{ index: -1 }, 'the index is not a whole number from 0 to 2^64 − 1'],
  [{ index: 2 ** 53 }, 'the index is not a whole number from 0 to 2^64 − 1'],
  [{ index: 2n ** 64n }, 'the index is not a whole number from 0 to 2^64 − 1'],
  [{ size: Number.NaN }, 'the tree size is not a whole number from 0 to 2^64 − 1'],
  [{ size: 2 }, 'there is no entry 2 in a tree of size 2'],
  [{ size: 0, index: 0 }, 'there is no entry 0 in a tree of size 0'],
  [{ leafHash: first.subarray(1) }, 'the leaf hash has 31 bytes, not 32'],
  [{ root: new Uint8Array(33) }, 'the root has 33 bytes, not 32'],
  [{ root: new Uint8Array(0) }, 'the root has 0 bytes, not 32'],
  [{ proof: [first, new Uint8Array(0)] }, 'hash 2 of the proof is not 32 bytes long'],
  [{ proof: tooMany }, 'a proof of 66 hashes fits no tree'],
  [{ proof: inclusion.proof.slice(1) }, 'the inclusion proof has fewer hashes than the tree needs'],
  [{ proof: [] }, 'the inclusion proof has fewer hashes than the tree needs'],
  [
    { proof: [...inclusion.proof, first] },
    'the inclusion proof has more hashes than the tree needs',
  ],
  [{ root: first }, 'the inclusion proof leads to another root'],
  [{ index: 3 }, 'the inclusion proof leads to another root'],
] as const) {
  test(`inclusion is refused because ${problem}: ${Object.keys(change)}`, () => {
    const verified = verifyInclusion(nodePrimitives, { ...inclusion, ...change })

    assert.deepEqual(verified, { ok: false, problem })
  })
}

const consistency = {
  oldSize: 6,
  oldRoot: treeRoot(nodePrimitives, leafHashes.slice(0, 6)),
  newSize: 8,
  newRoot: root8,
  proof: consistencyProof(nodePrimitives, leafHashes, 6),
}

test('a tree that grew is consistent with what it was', () => {
  assert.deepEqual(verifyConsistency(nodePrimitives, consistency), { ok: true })
})

test('a tree is consistent with itself', () => {
  const same = { ...consistency, oldSize: 8, oldRoot: root8, proof: [] }

  assert.deepEqual(verifyConsistency(nodePrimitives, same), { ok: true })
})

for (const [change, problem] of [
  [{ oldSize: 1.5 }, 'the older size is not a whole number from 0 to 2^64 − 1'],
  [{ newSize: 2n ** 64n }, 'the newer size is not a whole number from 0 to 2^64 − 1'],
  [{ oldSize: 9 }, 'the tree shrank from size 9 to 8'],
  [{ oldSize: 8 }, 'there are two different roots for size 8'],
  [{ oldSize: 8, oldRoot: root8 }, 'the proof between equal sizes must be empty'],
  [
    { oldSize: 0, oldRoot: emptyRoot(nodePrimitives), proof: [] },
    'consistency with an empty tree proves nothing',
  ],
  [{ oldSize: 0, newSize: 0, proof: [] }, 'consistency with an empty tree proves nothing'],
  [{ oldRoot: new Uint8Array(5) }, 'the older root has 5 bytes, not 32'],
  [{ newRoot: new Uint8Array(5) }, 'the newer root has 5 bytes, not 32'],
  [{ proof: [new Uint8Array(5)] }, 'hash 1 of the proof is not 32 bytes long'],
  [{ proof: tooMany }, 'a proof of 66 hashes fits no tree'],
  [{ proof: [] }, 'the consistency proof is empty'],
  [
    { proof: consistency.proof.slice(0, -1) },
    'the consistency proof has fewer hashes than the trees need',
  ],
  [
    { proof: [...consistency.proof, first] },
    'the consistency proof has more hashes than the trees need',
  ],
  [{ oldRoot: first }, 'the consistency proof leads to another older root'],
  [{ newRoot: first }, 'the consistency proof leads to another newer root'],
] as const) {
  test(`consistency is refused because ${problem}: ${Object.keys(change)}`, () => {
    const verified = verifyConsistency(nodePrimitives, { ...consistency, ...change })

    assert.deepEqual(verified, { ok: false, problem })
  })
}
