import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenKeyPair, givenWitness, nodeVerifier } from '../../../test/fixtures/note-keys.ts'
import {
  formatNote,
  formatVkey,
  isKeyName,
  makeNoteKey,
  type NoteKey,
  openNote,
  parseNote,
  parseVkey,
  type Signer,
  signNote,
} from './note.ts'

const TEXT = 'a text\n\nof three lines\n'
const log = givenKeyPair('log.example/a', 1)
const other = givenKeyPair('other.example', 2)
const witness = givenWitness('witness.example', 3, 1_780_000_000)

function signed(...signers: readonly Signer[]): string {
  const formatted = signNote(nodePrimitives, TEXT, signers)
  assert.ok(formatted.ok)
  return formatted.note
}

function open(source: string, ...known: readonly NoteKey[]) {
  return openNote(nodePrimitives, source, { known, verifier: nodeVerifier })
}

const refused = (problem: string) => ({ ok: false, problem })
const bad = (key: NoteKey) => refused(`the signature by ${key.name}+${key.keyId} is bad`)
const lines = (source: string) => source.slice(TEXT.length + 1)

test('a signed note is opened by the key that signed it', () => {
  assert.deepEqual(open(signed(log.signer), log.key), {
    ok: true,
    text: TEXT,
    signedBy: [{ key: log.key, atSeconds: null }],
  })
})

test('a cosignature is told with the time that its witness says', () => {
  const opened = open(signed(log.signer, witness.signer), log.key, witness.key)

  assert.deepEqual(opened.ok && opened.signedBy, [
    { key: log.key, atSeconds: null },
    { key: witness.key, atSeconds: 1_780_000_000 },
  ])
})

test('a cosignature with another time, or of another length, is bad', () => {
  const moved: Signer = {
    ...witness.signer,
    sign: (message) => witness.signer.sign(message).map((byte, at) => (at === 7 ? ~byte : byte)),
  }
  const short: Signer = { ...witness.signer, sign: (m) => witness.signer.sign(m).subarray(8) }
  const never: Signer = {
    ...witness.signer,
    sign: (message) => witness.signer.sign(message).map((byte, at) => (at < 8 ? 255 : byte)),
  }

  for (const signer of [moved, short, never]) {
    assert.deepEqual(open(signed(log.signer, signer), log.key, witness.key), bad(witness.key))
  }
})

test('a signature of the wrong length or time is bad even to a verifier that accepts all', () => {
  const verifier = { verify: () => true }
  const bytes = (length: number) => ({ sign: () => new Uint8Array(length) })
  const endless = { sign: () => new Uint8Array(72).fill(255) }

  for (const [pair, change] of [
    [log, bytes(63)],
    [log, bytes(65)],
    [witness, bytes(64)],
    [witness, bytes(73)],
    [witness, endless],
  ] as const) {
    const source = signed({ ...pair.signer, ...change })
    const opened = openNote(nodePrimitives, source, { known: [pair.key], verifier })
    assert.deepEqual(opened, bad(pair.key))
  }
})

test('signatures by unknown keys are ignored, even under a known name or a known id', () => {
  const sameName = givenKeyPair(log.key.name, 9)
  const sameId = { ...other.signer, keyId: log.key.keyId }

  const opened = open(signed(sameName.signer, other.signer, sameId, log.signer), log.key)

  assert.deepEqual(opened.ok && opened.signedBy, [{ key: log.key, atSeconds: null }])
})

test('a note with signatures by unknown keys only is not opened', () => {
  const problem = refused('the note has no signature by a known key')

  assert.deepEqual(open(signed(other.signer), log.key), problem)
  assert.deepEqual(open(signed(log.signer)), problem)
})

test('one bad signature by a known key rejects the note, good ones beside it or not', () => {
  const forged = { ...other.signer, sign: () => new Uint8Array(64) }
  const short = { ...other.signer, sign: () => new Uint8Array(63) }

  for (const signers of [
    [log.signer, forged],
    [forged, log.signer],
    [other.signer, forged],
    [forged, other.signer],
    [log.signer, short],
  ]) {
    assert.deepEqual(open(signed(...signers), log.key, other.key), bad(other.key))
  }
})

test('a key that signed twice counts once', () => {
  const opened = open(signed(log.signer, log.signer, log.signer), log.key, log.key)

  assert.deepEqual(opened.ok && opened.signedBy, [{ key: log.key, atSeconds: null }])
})

test('two different known keys with one name and id are refused, as either might be meant', () => {
  const twin: NoteKey = { ...other.key, name: log.key.name, keyId: log.key.keyId }
  const label = `${log.key.name}+${log.key.keyId}`

  assert.deepEqual(
    open(signed(log.signer), log.key, twin),
    refused(`two different known keys are both called ${label}`),
  )
})

test('a note may have up to 100 signatures', () => {
  const many = Array.from({ length: 99 }, () => other.signer)

  assert.equal(open(signed(...many, log.signer), log.key).ok, true)
  assert.equal(open(signed(...many.slice(0, 15), log.signer), log.key, other.key).ok, true)
  assert.deepEqual(
    signNote(nodePrimitives, TEXT, [...many, log.signer, log.signer]),
    refused('the note has 101 signatures, more than 100'),
  )
})

test('a changed text is not what was signed', () => {
  assert.deepEqual(open(signed(log.signer).replace('three', 'four'), log.key), bad(log.key))
})

test('the text goes to the last empty line', () => {
  const parsed = parseNote(`one\n\n— fake AAAAAAE=\n\n${lines(signed(log.signer))}`)

  assert.equal(parsed.ok && parsed.note.text, 'one\n\n— fake AAAAAAE=\n')
})

const line = lines(signed(log.signer))
for (const [source, problem] of [
  ['', 'the note does not end with a newline'],
  ['text\n', 'the note has no empty line before its signatures'],
  ['text\n\n', 'the note has no signature'],
  [`text\n\n${line.slice(0, -1)}`, 'the note does not end with a newline'],
  [`text\n\n${line}\n`, 'the note has no signature'],
  [`text\n\n${line}junk\n`, 'signature line 2 of the note is malformed'],
  [`text\n\n-${line.slice(1)}`, 'signature line 1 of the note is malformed'],
  [`text\n\n ${line}`, 'signature line 1 of the note is malformed'],
  [`text\n\n${line.replace('\n', ' \n')}`, 'signature line 1 of the note is malformed'],
  [`text\n\n${line.replace('a ', 'a  ')}`, 'signature line 1 of the note is malformed'],
  [`text\n\n${line.replace('log.', 'l+g.')}`, 'signature line 1 of the note is malformed'],
  [`text\n\n${line.replace('log.', 'l\u00a0g')}`, 'signature line 1 of the note is malformed'],
  ['text\n\n— name AAAA\n', 'signature line 1 of the note is malformed'],
  ['text\n\n— name AAAAAA==\n', 'signature line 1 of the note is malformed'],
  ['text\n\n— name AAAAAAF=\n', 'signature line 1 of the note is malformed'],
  ['text\n\n— name AAAAAAE\n', 'signature line 1 of the note is malformed'],
  [`text\r\n\n${line}`, 'the note has a control character'],
  [`te\txt\n\n${line}`, 'the note has a control character'],
  [`te\u0000xt\n\n${line}`, 'the note has a control character'],
  [`te\ud800xt\n\n${line}`, 'the note has half of a surrogate pair, which UTF-8 cannot carry'],
] as const) {
  test(`a note is refused because ${problem}: ${JSON.stringify(source.slice(0, 24))}`, () => {
    assert.deepEqual(parseNote(source), refused(problem))
  })
}

test('what is no note is not opened', () => {
  assert.deepEqual(open('hello', log.key), refused('the note does not end with a newline'))
})

test('no key is asked to sign a text that no note can carry', () => {
  let asked = 0
  const sign = () => {
    asked += 1
    return new Uint8Array(64)
  }

  for (const text of ['half \ud800\n', 'tab \t\n', 'no newline']) {
    assert.equal(signNote(nodePrimitives, text, [{ ...log.signer, sign }]).ok, false)
  }
  assert.equal(asked, 0)
})

test('what cannot be read back as the same note is not written', () => {
  const signature = { name: 'a.example', keyId: '01020304', signature: Uint8Array.of(1) }

  for (const [note, problem] of [
    [
      { text: 'no newline', signatures: [signature] },
      'the note has no empty line before its signatures',
    ],
    [{ text: 'a\n', signatures: [] }, 'the note has no signature'],
    [
      { text: 'a\n', signatures: [{ ...signature, name: 'a b' }] },
      'signature line 1 of the note is malformed',
    ],
    [
      { text: 'a\n', signatures: [{ ...signature, keyId: 'zz020304' }] },
      'the note cannot be written unambiguously',
    ],
    [
      { text: 'a\n', signatures: [{ ...signature, keyId: '0102030405' }] },
      'the note cannot be written unambiguously',
    ],
  ] as const) {
    assert.deepEqual(formatNote(note), refused(problem))
  }
  assert.deepEqual(
    signNote(nodePrimitives, 'half \ud800\n', [log.signer]),
    refused('the note has half of a surrogate pair, which UTF-8 cannot carry'),
  )
})

test('key names have no space of any kind, no plus and no control character', () => {
  for (const name of ['', 'a b', 'a\u00a0b', 'a\u3000b', 'a\u0085b', 'a+b', 'a\nb', 'a\u0007b']) {
    assert.equal(isKeyName(name), false, JSON.stringify(name))
  }
  assert.equal(isKeyName('quasimodo.example/è'), true)
})

test('a verifier key is read as it was written', () => {
  for (const key of [log.key, witness.key]) {
    assert.deepEqual(parseVkey(nodePrimitives, formatVkey(key)), { ok: true, key })
  }
})

test('the same public key has another id for each thing that it signs', () => {
  const { name, publicKey } = log.key
  const made = makeNoteKey(nodePrimitives, { name, publicKey, algorithm: 'cosignature' })

  assert.ok(made.ok)
  assert.notEqual(made.key.keyId, log.key.keyId)
})

const FORM = 'a verifier key is name+id+key: eight lower-case hex digits, then base64'
const PETER = 'ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
for (const [vkey, problem] of [
  ['', FORM],
  [`PeterNeumann+c74f20a3`, FORM],
  [`PeterNeumann+C74F20A3+${PETER}`, FORM],
  [`PeterNeumann+c74f20a+${PETER}`, FORM],
  [`PeterNeumann+c74f20a3+${PETER}=`, FORM],
  [`PeterNeumann+c74f20a3+`, FORM],
  [`PeterNeumann+c74f20a3+${PETER}\n`, FORM],
  [`+c74f20a3+${PETER}`, 'a key name is not empty and has no space and no plus'],
  [`Peter Neumann+c74f20a3+${PETER}`, 'a key name is not empty and has no space and no plus'],
  [
    `PeterNeumann+c74f20a4+${PETER}`,
    'the verifier key says id c74f20a4 but its name and key give c74f20a3',
  ],
  [`PeterNeumann+cc469956+${PETER}BADKEY==`, FORM],
  [`PeterNeumann+cc469956+${PETER}BADKEQ==`, 'an Ed25519 public key has 32 bytes, not 36'],
  [
    `PeterNeumann+173116ae+Z${PETER.slice(1)}`,
    'the verifier key is of type 101; only 1 and 4 (Ed25519) are supported',
  ],
] as const) {
  test(`the verifier key ${JSON.stringify(vkey)} is refused`, () => {
    assert.deepEqual(parseVkey(nodePrimitives, vkey), refused(problem))
  })
}
