import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSigningKey, nodePrimitives, verifyEd25519 } from '@holdpoint/api/node'
import {
  encodeBase64,
  formatTlogProof,
  formatVkey,
  hex,
  inclusionProof,
  leafHash,
  makeNoteKey,
  parseDigest,
  signCheckpoint,
  treeRoot,
} from '@holdpoint/core'
import { JONAS, NOW, WHEN } from '../../test/given.ts'
import {
  checkNote,
  checkProof,
  checkWhole,
  messageKey,
  readRemembered,
  signaturesOf,
} from './log-check.ts'
import { logRow, restsOn } from './log-view.ts'
import { checkWords } from './log-words.ts'
import type { LogEntryView } from './wire.ts'

const ORIGIN = 'holdpoint.test/log'
const key = newSigningKey()
const made = makeNoteKey(nodePrimitives, {
  name: ORIGIN,
  algorithm: 'ed25519',
  publicKey: new Uint8Array(key.publicKey),
})
if (!made.ok) throw new Error(made.problem)
const logKey = { origin: ORIGIN, verifierKey: formatVkey(made.key) }

function entryOf(seq: number, event: object): LogEntryView {
  const text = JSON.stringify({ v: 1, seq, at: NOW, stream: 'access', event })
  const data = nodePrimitives.utf8(text)
  const leaf = parseDigest(hex(leafHash(nodePrimitives, data)))
  if (leaf === null) throw new Error('a leaf hash is a digest')
  return { seq, leafHash: leaf, data: encodeBase64(data), actor: JONAS }
}

const entries = Array.from({ length: 5 }, (_, seq) =>
  entryOf(seq, { type: 'approved', assurance: seq === 0 ? 'passkey' : 'development' }),
)
const leaves = entries.map((entry) => Uint8Array.from(Buffer.from(entry.leafHash, 'hex')))

function noteFor(size: number): string {
  const root = treeRoot(nodePrimitives, leaves.slice(0, size))
  const signer = { name: ORIGIN, keyId: made.ok ? made.key.keyId : '', sign: key.sign }
  const signed = signCheckpoint(nodePrimitives, { origin: ORIGIN, size, root }, [signer])
  if (!signed.ok) throw new Error(signed.problem)
  return signed.note
}

/** As the browser's own verification would answer. */
function verifiedFor(note: string, answer?: boolean | null) {
  const messages = signaturesOf(note, logKey, nodePrimitives)
  return new Map(
    messages.map((each) => [messageKey(each), answer === undefined ? verifyEd25519(each) : answer]),
  )
}

function check(note: string, answer?: boolean | null) {
  return checkNote(note, logKey, {
    primitives: nodePrimitives,
    verified: verifiedFor(note, answer),
  })
}

function checkpointOf(size: number) {
  const checked = check(noteFor(size))
  if (!checked.ok) throw new Error(checked.problem)
  return checked.checkpoint
}

function rememberedAt(size: number) {
  const root = encodeBase64(treeRoot(nodePrimitives, leaves.slice(0, size)))
  return { ...logKey, size, root, at: NOW - 7 * 86_400_000 }
}

test('a checkpoint that the log’s key signed is good', () => {
  const checked = check(noteFor(5))
  assert.equal(checked.ok && checked.signed, 'checked')
})

test('a signature that is bad, or was never verified, is not good', () => {
  assert.equal(check(noteFor(5), false).ok, false)
  const unverified = checkNote(noteFor(5), logKey, {
    primitives: nodePrimitives,
    verified: new Map(),
  })
  assert.equal(unverified.ok, false)
})

test('a browser that cannot verify says so and never that it is good', () => {
  const checked = check(noteFor(5), null)
  assert.equal(checked.ok && checked.signed, 'unchecked')
})

test('all entries lead to the signed root, and to the one seen before', () => {
  const means = { primitives: nodePrimitives, remembered: rememberedAt(3) }
  const whole = checkWhole(entries, checkpointOf(5), means)
  assert.deepEqual(whole, { result: 'same', since: rememberedAt(3) })
  const words = checkWords(
    { note: check(noteFor(5)), whole, keyChanged: false, checkedAt: NOW - 12_000 },
    WHEN,
  )
  assert.deepEqual(words, {
    tone: 'good',
    title: 'Nothing was removed or rewritten',
    line: 'Checked in this browser 12 s ago, against the checkpoint it saw on 18 November.',
  })
})

test('a rewritten entry is found, whatever leaf hash the server says', () => {
  const means = { primitives: nodePrimitives, remembered: null }
  const forged = entryOf(2, { type: 'rejected' })
  const rewritten = entries.map((entry) => (entry.seq === 2 ? forged : entry))
  assert.deepEqual(checkWhole(rewritten, checkpointOf(5), means), {
    result: 'broken',
    problem: 'the entries do not lead to the signed root',
  })
  const lying = entries.map((entry) => (entry.seq === 2 ? { ...entry, data: forged.data } : entry))
  assert.deepEqual(checkWhole(lying, checkpointOf(5), means), {
    result: 'broken',
    problem: 'entry 2 does not give its leaf hash',
  })
})

test('a shorter log and a rewritten past are found by what this browser saw', () => {
  const means = (remembered: ReturnType<typeof rememberedAt>) => ({
    primitives: nodePrimitives,
    remembered,
  })
  const shorter = checkWhole(entries.slice(0, 3), checkpointOf(3), means(rememberedAt(5)))
  assert.equal(shorter.result, 'broken')
  const past = { ...rememberedAt(3), root: rememberedAt(2).root }
  assert.equal(checkWhole(entries, checkpointOf(5), means(past)).result, 'broken')
})

test('entries that were not all read are not called whole', () => {
  const means = { primitives: nodePrimitives, remembered: null }
  assert.equal(checkWhole(entries.slice(1), checkpointOf(5), means).result, 'partial')
})

function proofOf(index: number): string {
  const hashes = inclusionProof(nodePrimitives, leaves, index)
  const made = formatTlogProof({ extra: null, index, hashes, checkpoint: noteFor(5) })
  if (!made.ok) throw new Error(made.problem)
  return made.text
}

test('an entry’s own proof is verified, and another entry’s is refused', () => {
  const verified = verifiedFor(noteFor(5))
  const means = { primitives: nodePrimitives, key: logKey, verified }
  const [first] = entries
  if (first === undefined) throw new Error('there are entries')
  const good = checkProof(first, proofOf(0), means)
  assert.equal(good.ok, true)
  assert.equal(good.ok && good.hashes, 3)
  assert.equal(checkProof(first, proofOf(1), means).ok, false)
})

test('what another page left in the browser’s memory counts as nothing', () => {
  assert.equal(readRemembered('{"size":-1.5}'), null)
  assert.equal(readRemembered('nonsense'), null)
  assert.deepEqual(readRemembered(JSON.stringify(rememberedAt(3))), rememberedAt(3))
})

test('decisions in development are counted as believed, not proven', () => {
  const [decisions] = restsOn(entries)
  assert.deepEqual(decisions?.shares, [
    { label: 'by the person’s own passkey', amount: 1, proven: true },
    { label: 'in development mode, proven by nobody', amount: 4, proven: false },
  ])
})

test('an entry that cannot be read is shown as not readable', () => {
  const [first] = entries
  if (first === undefined) throw new Error('there are entries')
  const row = logRow({ ...first, data: '!' }, WHEN)
  assert.deepEqual([row.type, row.stream], ['not readable', 'not readable'])
})
