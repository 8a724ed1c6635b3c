import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenKeyPair, nodeVerifier } from '../../../test/fixtures/note-keys.ts'
import { signCheckpoint } from './checkpoint.ts'
import { inclusionProof, leafHash, treeRoot } from './merkle.ts'
import { formatTlogProof, parseTlogProof, type TlogProof, verifyTlogProof } from './tlog-proof.ts'

const ORIGIN = 'log.example/a'
const INDEX = 4
const log = givenKeyPair(ORIGIN, 1)
const leafHashes = Array.from({ length: 11 }, (_, at) =>
  leafHash(nodePrimitives, Uint8Array.of(at)),
)
const own = leafHash(nodePrimitives, Uint8Array.of(INDEX))
const checkpoint = { origin: ORIGIN, size: 11, root: treeRoot(nodePrimitives, leafHashes) }
const signedCheckpoint = signCheckpoint(nodePrimitives, checkpoint, [log.signer])
const note = signedCheckpoint.ok ? signedCheckpoint.note : ''
const hashes = inclusionProof(nodePrimitives, leafHashes, INDEX)
const proof: TlogProof = { extra: null, index: INDEX, hashes, checkpoint: note }
const trust = {
  origin: ORIGIN,
  logKey: log.key,
  witnessKeys: [],
  verifier: nodeVerifier,
  leafHash: own,
}

function written(given: TlogProof): string {
  const formatted = formatTlogProof(given)
  assert.ok(formatted.ok)
  return formatted.text
}

const text = written(proof)
const refused = (problem: string) => ({ ok: false, problem })

test('a proof is its first line, index, hashes, an empty line and the checkpoint verbatim', () => {
  const base64 = hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('')

  assert.equal(text, `c2sp.org/tlog-proof@v1\nindex 4\n${base64}\n${note}`)
  assert.deepEqual(parseTlogProof(text), { ok: true, proof })
})

test('extra bytes travel in the second line', () => {
  const withExtra = { ...proof, extra: Uint8Array.of(1, 2, 3, 4) }

  const source = written(withExtra)

  assert.equal(source.split('\n')[1], 'extra AQIDBA==')
  assert.deepEqual(parseTlogProof(source), { ok: true, proof: withExtra })
})

test('a log of one entry needs no hash', () => {
  const [only = own] = leafHashes
  const root = treeRoot(nodePrimitives, [only])
  const signed = signCheckpoint(nodePrimitives, { origin: ORIGIN, size: 1, root }, [log.signer])
  assert.ok(signed.ok)
  const source = written({ extra: null, index: 0, hashes: [], checkpoint: signed.note })

  const verified = verifyTlogProof(nodePrimitives, source, { ...trust, leafHash: only })

  assert.equal(verified.ok, true)
})

test('an entry of the log is proved by the pinned key', () => {
  assert.deepEqual(verifyTlogProof(nodePrimitives, text, trust), {
    ok: true,
    index: INDEX,
    checkpoint,
    witnessedBy: [],
    extra: null,
  })
})

test('another entry, another log and another key are not proved', () => {
  const other = givenKeyPair(ORIGIN, 2)

  for (const [change, problem] of [
    [{ leafHash: leafHashes[5] ?? own }, 'the inclusion proof leads to another root'],
    [
      { origin: 'log.example/b' },
      'the checkpoint is of the log log.example/a, not of log.example/b',
    ],
    [{ logKey: other.key }, 'the note has no signature by a known key'],
  ] as const) {
    assert.deepEqual(
      verifyTlogProof(nodePrimitives, text, { ...trust, ...change }),
      refused(problem),
    )
  }
})

test('no bit of a proof can be changed without notice', () => {
  const bytes = Buffer.from(text)
  let refusals = 0
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    let source: string
    try {
      source = nodePrimitives.text(changed)
    } catch {
      continue // Not UTF-8: it never reaches the parser.
    }
    const verified = verifyTlogProof(nodePrimitives, source, trust)
    assert.equal(verified.ok, false, `bit ${bit} was changed unnoticed`)
    refusals += 1
  }
  assert.ok(refusals > 2500, `${refusals} changed proofs were refused`)
})

test('no line of a proof can be left out or doubled without notice', () => {
  const lines = text.split('\n').slice(0, -1)
  for (const [at, line] of lines.entries()) {
    const without = `${lines.toSpliced(at, 1).join('\n')}\n`
    const doubled = `${lines.toSpliced(at, 0, line).join('\n')}\n`
    assert.equal(verifyTlogProof(nodePrimitives, without, trust).ok, false, `line ${at} left out`)
    // The one line that may come twice is the signature: the key still counts once.
    const isSignature = at === lines.length - 1
    assert.equal(verifyTlogProof(nodePrimitives, doubled, trust).ok, isSignature, `line ${at}`)
  }
})

const FIRST = 'c2sp.org/tlog-proof@v1'
const ROOT = Buffer.from(checkpoint.root).toString('base64')
const INDEX_PROBLEM = 'the proof has no index line with a number from 0 without leading zeros'
const EXTRA_PROBLEM = 'the extra line of the proof is not base64 of at least one byte'
for (const [source, problem] of [
  ['', 'the proof has no empty line before its checkpoint'],
  [`${FIRST}\nindex 4\n`, 'the proof has no empty line before its checkpoint'],
  [`c2sp.org/tlog-proof@v2\nindex 4\n\n${note}`, `the proof does not begin with the line ${FIRST}`],
  [`\ufeff${text}`, `the proof does not begin with the line ${FIRST}`],
  [`${FIRST}\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex 04\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex -4\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex  4\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex 9007199254740992\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex 4\r\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nextra \nindex 4\n\n${note}`, EXTRA_PROBLEM],
  [`${FIRST}\nextra A\nindex 4\n\n${note}`, EXTRA_PROBLEM],
  [`${FIRST}\nextra AAAA\nextra AAAA\nindex 4\n\n${note}`, INDEX_PROBLEM],
  [`${FIRST}\nindex 4\nextra AAAA\n\n${note}`, 'hash 1 of the proof is not 32 bytes'],
  [`${FIRST}\nindex 4\n${ROOT}\nAAAA\n\n${note}`, 'hash 2 of the proof is not 32 bytes'],
  [`${FIRST}\nindex 4\n${`${ROOT}\n`.repeat(65)}\n${note}`, 'a proof of 65 hashes fits no tree'],
  [`${FIRST}\nindex 4\n\n${note}`, 'the inclusion proof has fewer hashes than the tree needs'],
  [`${FIRST}\nindex 4\n\n\n${note}`, `the signature by ${ORIGIN}+${log.key.keyId} is bad`],
  [`${FIRST}\nindex 4\n\nhello\n`, 'the note has no empty line before its signatures'],
] as const) {
  test(`a proof is refused because ${problem}: ${JSON.stringify(source.slice(22, 40))}`, () => {
    assert.deepEqual(verifyTlogProof(nodePrimitives, source, trust), refused(problem))
  })
}

test('what would not be read back as the same proof is not written', () => {
  for (const [change, problem] of [
    [{ index: -1 }, INDEX_PROBLEM],
    [{ index: 0.5 }, INDEX_PROBLEM],
    [{ extra: new Uint8Array(0) }, EXTRA_PROBLEM],
    [{ hashes: [new Uint8Array(31)] }, 'hash 1 of the proof is not 32 bytes'],
    [{ hashes: [own, new Uint8Array(0)] }, 'a hash of the proof is empty'],
    [{ checkpoint: 'hello' }, 'the note does not end with a newline'],
  ] as const) {
    assert.deepEqual(formatTlogProof({ ...proof, ...change }), refused(problem))
  }
})
