import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenKeyPair, givenWitness, nodeVerifier } from '../../../test/fixtures/note-keys.ts'
import { encodeBase64 } from './base64.ts'
import {
  type Checkpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.ts'
import { emptyRoot } from './merkle.ts'
import { type Signer, signNote } from './note.ts'

const ORIGIN = 'log.example/a'
const root = new Uint8Array(32).fill(5)
const ROOT = encodeBase64(root)
const log = givenKeyPair(ORIGIN, 1)
const witness = givenWitness('witness.example', 3, 1_780_000_000)
const stranger = givenKeyPair('stranger.example', 4)

const given: Checkpoint = { origin: ORIGIN, size: 42, root }
const trust = {
  origin: ORIGIN,
  logKey: log.key,
  witnessKeys: [witness.key],
  verifier: nodeVerifier,
}

function signed(checkpoint: Checkpoint, ...signers: readonly Signer[]): string {
  const formatted = signCheckpoint(nodePrimitives, checkpoint, signers)
  assert.ok(formatted.ok)
  return formatted.note
}

const refused = (problem: string) => ({ ok: false, problem })

test('a checkpoint is three lines and is read as it was written', () => {
  const text = `log.example/a\n42\n${ROOT}\n`

  assert.deepEqual(formatCheckpoint(given), { ok: true, text })
  assert.deepEqual(parseCheckpoint(text), { ok: true, checkpoint: given })
})

test('a signed checkpoint is opened, with the witnesses that saw it', () => {
  const source = signed(given, stranger.signer, log.signer, witness.signer)

  assert.deepEqual(openCheckpoint(nodePrimitives, source, trust), {
    ok: true,
    checkpoint: given,
    witnessedBy: [{ key: witness.key, atSeconds: 1_780_000_000 }],
  })
})

test('witnesses alone do not make a checkpoint of the log', () => {
  assert.deepEqual(
    openCheckpoint(nodePrimitives, signed(given, witness.signer), trust),
    refused(`the checkpoint is not signed by the log's key ${ORIGIN}+${log.key.keyId}`),
  )
})

test('a witness that bears the name of the log, or shares its id, is not the log', () => {
  const sameName = givenWitness(ORIGIN, 3, 1_780_000_000)
  const sameId = { ...stranger.key, keyId: log.key.keyId }
  const problem = `the checkpoint is not signed by the log's key ${ORIGIN}+${log.key.keyId}`

  for (const [signer, key] of [
    [sameName.signer, sameName.key],
    [{ ...stranger.signer, keyId: log.key.keyId }, sameId],
  ] as const) {
    const source = signed(given, signer)
    const opened = openCheckpoint(nodePrimitives, source, { ...trust, witnessKeys: [key] })
    assert.deepEqual(opened, refused(problem))
  }
})

test('a checkpoint without any signature by a known key is not opened', () => {
  assert.deepEqual(
    openCheckpoint(nodePrimitives, signed(given, stranger.signer), trust),
    refused('the note has no signature by a known key'),
  )
})

test('a bad cosignature rejects the checkpoint', () => {
  const forged = { ...witness.signer, sign: () => new Uint8Array(72) }

  assert.deepEqual(
    openCheckpoint(nodePrimitives, signed(given, log.signer, forged), trust),
    refused(`the signature by witness.example+${witness.key.keyId} is bad`),
  )
})

test('a checkpoint of another log by the same key is refused', () => {
  const source = signed({ ...given, origin: 'log.example/b' }, log.signer)

  assert.deepEqual(
    openCheckpoint(nodePrimitives, source, trust),
    refused('the checkpoint is of the log log.example/b, not of log.example/a'),
  )
})

test('an empty log has the empty root and no other', () => {
  const empty = { ...given, size: 0, root: emptyRoot(nodePrimitives) }
  const odd = { ...given, size: 0 }

  assert.deepEqual(openCheckpoint(nodePrimitives, signed(empty, log.signer), trust), {
    ok: true,
    checkpoint: empty,
    witnessedBy: [],
  })
  assert.deepEqual(
    openCheckpoint(nodePrimitives, signed(odd, log.signer), trust),
    refused('the checkpoint of an empty log has a root that is not the empty root'),
  )
})

test('a good signature over what is no checkpoint opens nothing', () => {
  const formatted = signNote(nodePrimitives, 'hello\n', [log.signer])
  assert.ok(formatted.ok)

  assert.deepEqual(
    openCheckpoint(nodePrimitives, formatted.note, trust),
    refused('a checkpoint has three lines that end with a newline'),
  )
})

const FORM = 'a checkpoint has three lines that end with a newline'
const SIZE = 'the checkpoint has no size from 0 to 2^53 − 1 without leading zeros'
const AFTER = 'the checkpoint has lines after its root, which nobody could audit'
for (const [text, problem] of [
  ['', FORM],
  [`${ORIGIN}\n42\n`, FORM],
  [`${ORIGIN}\n42\n${ROOT}`, FORM],
  [`${ORIGIN}\n42\n${ROOT}\nextension\n`, AFTER],
  [`${ORIGIN}\n42\n${ROOT}\n\n`, AFTER],
  [`${ORIGIN}\n42\n${ROOT}\nextension`, AFTER],
  [`\n42\n${ROOT}\n`, 'the checkpoint has no origin'],
  [`${ORIGIN}\n042\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n00\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n-1\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n+1\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n1e3\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n 1\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n٤٢\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n9007199254740992\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n18446744073709551615\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n\n${ROOT}\n`, SIZE],
  [`${ORIGIN}\n42\n${ROOT.slice(4)}\n`, 'the root of the checkpoint is not 32 bytes'],
  [`${ORIGIN}\n42\n${ROOT} \n`, 'the root of the checkpoint is not 32 bytes'],
  [`${ORIGIN}\n42\n${ROOT.replace('=', '')}\n`, 'the root of the checkpoint is not 32 bytes'],
  [`${ORIGIN}\n42\n${'A'.repeat(42)}B=\n`, 'the root of the checkpoint is not 32 bytes'],
] as const) {
  test(`a checkpoint is refused because ${problem}: ${JSON.stringify(text.slice(13))}`, () => {
    assert.deepEqual(parseCheckpoint(text), refused(problem))
  })
}

test('what would not be read back as a checkpoint is neither written nor signed', () => {
  for (const [change, problem] of [
    [{ origin: '' }, 'the checkpoint has no origin'],
    [{ origin: 'a\n1' }, 'the origin of a checkpoint is one line'],
    [{ size: -1 }, SIZE],
    [{ size: 0.5 }, SIZE],
    [{ size: 2 ** 53 }, SIZE],
    [{ root: new Uint8Array(31) }, 'the root of the checkpoint is not 32 bytes'],
  ] as const) {
    assert.deepEqual(formatCheckpoint({ ...given, ...change }), refused(problem))
    assert.deepEqual(
      signCheckpoint(nodePrimitives, { ...given, ...change }, [log.signer]),
      refused(problem),
    )
  }
})
