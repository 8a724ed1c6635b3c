import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenKeyPair, nodeVerifier } from '../../../test/fixtures/note-keys.ts'
import { readVector, skipWithout } from '../../../test/fixtures/shared-vectors.ts'
import { decodeBase64 } from './base64.ts'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
import { formatVkey, openNote, parseVkey } from './note.ts'
import {
  buildTiles,
  entryBundlePath,
  entryBundlesBetween,
  formatEntryBundle,
  parseEntryBundle,
  parseTile,
  tilePath,
  tilesOf,
} from './tiles.ts'

const FOLDER = 'tessera-testdata-log'
const ORIGIN = 'example.com/log/testdata'
const VKEY = `${ORIGIN}+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx`
/** The published private key of that test log. */
const SKEY = 'AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg'
const skip = skipWithout(FOLDER)

function keyOf(vkey: string) {
  const parsed = parseVkey(nodePrimitives, vkey)
  assert.ok(parsed.ok)
  return parsed.key
}

const logKey = keyOf(VKEY)
const trust = { origin: ORIGIN, logKey, witnessKeys: [], verifier: nodeVerifier }

function readCheckpoint(size: number) {
  const source = nodePrimitives.text(readVector(`${FOLDER}/checkpoint.${size}`))
  const opened = openCheckpoint(nodePrimitives, source, trust)
  assert.ok(opened.ok, `checkpoint ${size}`)
  return { source, checkpoint: opened.checkpoint }
}

function readLog(size: number) {
  const entries = entryBundlesBetween({ start: 0, end: size }).flatMap((bundle) => {
    const bytes = readVector(`${FOLDER}/${entryBundlePath(bundle)}`)
    const parsed = parseEntryBundle(bytes, bundle.width)
    assert.ok(parsed.ok)
    assert.deepEqual(formatEntryBundle(parsed.entries), { ok: true, bytes })
    return parsed.entries
  })
  const hashes = tilesOf(size).flatMap((tile) => {
    const parsed = parseTile(readVector(`${FOLDER}/${tilePath(tile)}`), tile.width)
    assert.ok(parsed.ok)
    return parsed.hashes
  })
  return { entries, hashes }
}

test('the 16 checkpoints of the Tessera log hold: signature, root, tiles, bundles', {
  skip,
}, () => {
  const seed = decodeBase64(SKEY)?.slice(1) ?? new Uint8Array(0)
  const { key, signer } = givenKeyPair(ORIGIN, seed)
  assert.deepEqual(key, logKey)
  let proofs = 0
  for (let size = 0; size <= 15; size += 1) {
    const { source, checkpoint } = readCheckpoint(size)
    const { entries, hashes } = readLog(size)

    assert.equal(checkpoint.size, size)
    assert.deepEqual(
      entries.map((entry) => leafHash(nodePrimitives, entry)),
      hashes,
    )
    assert.deepEqual(treeRoot(nodePrimitives, hashes), checkpoint.root)
    for (const { path, bytes } of buildTiles(nodePrimitives, hashes)) {
      assert.deepEqual(bytes, readVector(`${FOLDER}/${path}`))
    }
    assert.deepEqual(signCheckpoint(nodePrimitives, checkpoint, [signer]), {
      ok: true,
      note: source,
    })
    for (const [index, hash] of hashes.entries()) {
      const proof = inclusionProof(nodePrimitives, hashes, index)
      const claim = { index, size, leafHash: hash, proof, root: checkpoint.root }
      assert.deepEqual(verifyInclusion(nodePrimitives, claim), { ok: true })
      proofs += 1
    }
  }
  assert.equal(proofs, 120)
})

test('each checkpoint of the Tessera log is consistent with every earlier one', { skip }, () => {
  let proofs = 0
  for (let newSize = 1; newSize <= 15; newSize += 1) {
    const { hashes } = readLog(newSize)
    const newRoot = readCheckpoint(newSize).checkpoint.root
    for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
      const oldRoot = readCheckpoint(oldSize).checkpoint.root
      const proof = consistencyProof(nodePrimitives, hashes, oldSize)
      const claim = { oldSize, oldRoot, newSize, newRoot, proof }
      assert.deepEqual(verifyConsistency(nodePrimitives, claim), { ok: true })
      proofs += 1
    }
  }
  assert.equal(proofs, 120)
})

const TEXT =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n"
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf' +
  'qdngotpRZb6KE6RyyBwJnAM=\n'
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTG' +
  'wnWLox33WWd1RvMc+QQ=\n'
const C2SP = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const C2SP_NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi' +
  '2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

function signedBy(source: string, ...vkeys: readonly string[]) {
  const known = vkeys.map(keyOf)
  const opened = openNote(nodePrimitives, source, { known, verifier: nodeVerifier })
  return opened.ok ? opened.signedBy.map(({ key }) => formatVkey(key)) : opened.problem
}

test('the published notes of the checksum database and of C2SP are opened by their keys', () => {
  const both = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`

  assert.deepEqual(signedBy(`${TEXT}\n${PETER_LINE}`, PETER), [PETER])
  assert.deepEqual(signedBy(both, PETER, ENOCH), [PETER, ENOCH])
  assert.deepEqual(signedBy(both, ENOCH), [ENOCH])
  assert.deepEqual(signedBy(C2SP_NOTE, C2SP), [C2SP])
  assert.equal(signedBy(C2SP_NOTE, PETER), 'the note has no signature by a known key')
  const wrong = both.replace('If you', 'If we')
  assert.equal(signedBy(wrong, ENOCH), 'the signature by EnochRoot+af0cfe78 is bad')
})
