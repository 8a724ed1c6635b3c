import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { listVectors, readVector, skipWithout } from '../../../test/fixtures/shared-vectors.ts'
import { verifyConsistency, verifyInclusion } from './merkle.ts'

const FOLDER = 'transparency-dev-merkle'
const skip = skipWithout(FOLDER)

interface Vector {
  readonly wantErr: boolean
  readonly proof: readonly string[] | null
  readonly [field: string]: unknown
}

/** Integers keep all their digits: some sizes here are above 2^53. */
function readJson(path: string): Vector {
  const keepDigits = (_: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? BigInt(context?.source ?? value) : value
  return JSON.parse(nodePrimitives.text(readVector(path)), keepDigits) as Vector
}

const bytes = (value: unknown) => new Uint8Array(Buffer.from(String(value ?? ''), 'base64'))

function isAccepted(path: string, vector: Vector): boolean {
  const proof = (vector.proof ?? []).map(bytes)
  if (path.includes('/inclusion/')) {
    const { leafIdx, treeSize, leafHash, root } = vector
    return verifyInclusion(nodePrimitives, {
      index: leafIdx as bigint,
      size: treeSize as bigint,
      leafHash: bytes(leafHash),
      root: bytes(root),
      proof,
    }).ok
  }
  const { size1, size2, root1, root2 } = vector
  return verifyConsistency(nodePrimitives, {
    oldSize: size1 as bigint,
    newSize: size2 as bigint,
    oldRoot: bytes(root1),
    newRoot: bytes(root2),
    proof,
  }).ok
}

test('all 196 transparency-dev proofs are accepted and refused as they say', { skip }, () => {
  const seen = { accepted: 0, refused: 0, above53Bits: 0 }
  for (const path of listVectors(FOLDER).filter((name) => name.endsWith('.json'))) {
    const vector = readJson(path)

    assert.equal(isAccepted(path, vector), !vector.wantErr, path)

    seen[vector.wantErr ? 'refused' : 'accepted'] += 1
    const isBig = (value: unknown) => typeof value === 'bigint' && value > 2n ** 53n
    if (Object.values(vector).some(isBig)) seen.above53Bits += 1
  }
  assert.equal(seen.accepted + seen.refused, 196)
  assert.ok(seen.accepted >= 10 && seen.refused >= 150, JSON.stringify(seen))
  assert.ok(seen.above53Bits >= 2, JSON.stringify(seen))
})
