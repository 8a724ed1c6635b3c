import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenKeyPair, givenWitness } from '../../../test/fixtures/note-keys.ts'
import { givenDigest, givenOpened, givenWorkspaceId } from '../test/given.ts'
import {
  bytesOf,
  digestBytes,
  givenBundle,
  givenText,
  OPENED,
  ORIGIN,
  PLAN_BYTES,
  VERIFIER_KEY,
  verify,
  WORDS,
} from '../test/given-bundle.ts'
import { edit, story } from '../test/log-story.ts'
import { shortLog } from '../test/short-log.ts'
import { signCheckpoint } from './checkpoint.ts'
import type { Entry } from './entry.ts'
import { type Bundle, bundleEvidence } from './evidence-bundle.ts'
import { leafHash, treeRoot } from './merkle.ts'
import { formatVkey } from './note.ts'

const LOG = shortLog()
const BUNDLE = givenBundle(LOG)

function faultOf(about: Partial<Bundle>, pinned: string | null = VERIFIER_KEY) {
  const verified = verify(bytesOf({ ...BUNDLE, ...about }), pinned)
  return verified.ok ? null : verified.fault
}

/** Signed anew: what a server that breaks its own rules would hand out. */
function resigned(entries: readonly Entry[], about: Partial<Bundle> = {}) {
  const verified = verify(bytesOf(givenBundle(entries, about)))
  return verified.ok ? null : verified.fault
}

const swap = <T>(items: readonly T[], at: number): readonly T[] =>
  items.map(
    (item, index) => (index === at ? items[at + 1] : index === at + 1 ? items[at] : item) as T,
  )

test('a bundle as it was written verifies, and says whose word it rests on', () => {
  const verified = verify(bytesOf(BUNDLE))

  assert.ok(verified.ok)
  assert.deepEqual(verified.report, {
    origin: ORIGIN,
    entries: LOG.length,
    changes: 1,
    keyPinned: true,
    development: true,
    decisionsByPasskey: 0,
    decisionsByServersWord: 0,
    peoplePinned: false,
    decisionsByTrustedKey: 0,
    keysOnServersWord: [],
    glassBroken: 0,
    glassReviewed: 0,
    glassOverdue: 0,
    executionsManaged: 0,
    executionsAttested: 0,
    executionsSelfReported: 0,
    executionsByPipeline: 0,
    executionsReleasedByRule: 0,
    checkpointsWitnessed: 0,
    checkpointsNotWitnessed: 1,
    evidenceChecked: 1,
    evidenceNamed: 3,
    textsChecked: 1,
    textsNamed: 2,
  })
})

test('decisions and executions are counted by whose word they rest on', () => {
  const verified = verify(bytesOf(givenBundle(story(), { evidence: [], texts: [] })))

  assert.ok(verified.ok)
  assert.equal(verified.report.decisionsByServersWord, 1)
  assert.equal(verified.report.executionsSelfReported, 1)
  assert.equal(verified.world.changes.size, 1)
})

test('without a pinned key the bundle’s own is taken, and the report says so', () => {
  const verified = verify(bytesOf(BUNDLE), null)

  assert.ok(verified.ok)
  assert.equal(verified.report.keyPinned, false)
})

test('a bundle of another key than the pinned one is refused', () => {
  const other = formatVkey(givenKeyPair(ORIGIN, 8).key)

  assert.deepEqual(faultOf({}, other), {
    what: 'checkpoint',
    problem: 'the bundle names another key than the pinned one',
  })
  assert.equal(faultOf({ verifierKey: other }, null)?.what, 'checkpoint')
})

test('a key of another log is no key of this one', () => {
  const verifierKey = formatVkey(givenKeyPair('elsewhere.example/log', 7).key)

  assert.deepEqual(faultOf({ verifierKey }, null), {
    what: 'verifier key',
    problem: 'it is the key of another log',
  })
})

test('what is no key verifies nothing', () => {
  assert.equal(faultOf({ verifierKey: 'no key' }, null)?.what, 'verifier key')
})

test('an entry that is no base64, or no entry, is named', () => {
  const entries = (data: string) => faultOf({ entries: BUNDLE.entries.with(2, data) })

  assert.deepEqual(entries('?'), { what: 'entry 2', problem: 'it is not base64' })
  assert.deepEqual(entries('e30='), {
    what: 'entry 2',
    problem: 'it is not an entry of a known shape',
  })
})

test('a signature that cannot be checked is not carried along', () => {
  const hashes = BUNDLE.entries.map((data) => leafHash(nodePrimitives, Buffer.from(data, 'base64')))
  const checkpoint = { origin: ORIGIN, size: hashes.length, root: treeRoot(nodePrimitives, hashes) }
  const signers = [givenKeyPair(ORIGIN, 7).signer, givenWitness('witness.example', 9, 1).signer]
  const signed = signCheckpoint(nodePrimitives, checkpoint, signers)
  assert.ok(signed.ok)

  assert.deepEqual(faultOf({ checkpoint: signed.note }), {
    what: 'checkpoint',
    problem: 'it carries signatures beside that of the log',
  })
})

test('an entry that is dropped, repeated or moved is found', () => {
  const { entries, leafHashes } = BUNDLE
  const last = LOG.length - 1

  assert.deepEqual(faultOf({ entries: entries.slice(0, -1) }), {
    what: 'checkpoint',
    problem: `it covers ${LOG.length} entries and the bundle holds ${last}`,
  })
  assert.deepEqual(faultOf({ entries: entries.toSpliced(2, 1) }), {
    what: 'entry 2',
    problem: 'it is numbered 3',
  })
  assert.deepEqual(faultOf({ entries: entries.toSpliced(2, 0, entries[2] ?? '') }), {
    what: 'entry 3',
    problem: 'it is numbered 2',
  })
  assert.deepEqual(faultOf({ entries: swap(entries, 3), leafHashes: swap(leafHashes, 3) }), {
    what: 'entry 3',
    problem: 'it is numbered 4',
  })
})

test('a listed hash that is changed, dropped or added is a proof that does not hold', () => {
  const { leafHashes } = BUNDLE
  const problem = 'its hash is not the leaf’s'
  const changed = leafHashes.with(2, givenDigest('other'))

  assert.deepEqual(faultOf({ leafHashes: changed }), { what: 'proof of entry 2', problem })
  const last = LOG.length - 1
  assert.deepEqual(faultOf({ leafHashes: leafHashes.slice(0, -1) }), {
    what: `proof of entry ${last}`,
    problem,
  })
  assert.deepEqual(faultOf({ leafHashes: [...leafHashes, givenDigest('other')] }), {
    what: `proof of entry ${LOG.length}`,
    problem,
  })
})

test('an entry and its listed hash that were changed together do not fit the signed root', () => {
  const renamed = edit('person_added', (entry) => ({
    ...entry,
    event: { ...entry.event, profile: givenDigest('mallory') } as never,
  }))
  const { entries, leafHashes } = givenBundle(renamed(LOG))

  assert.deepEqual(faultOf({ entries, leafHashes }), {
    what: 'checkpoint',
    problem: 'its root is not that of the entries',
  })
})

test('evidence and texts are held against their hashes and against the entries', () => {
  const [plan] = BUNDLE.evidence
  assert.ok(plan !== undefined)
  const foreign = { workspace: givenWorkspaceId('other'), digest: plan.digest }
  const stranger = nodePrimitives.utf8('{}')

  assert.deepEqual(faultOf({ evidence: [{ ...plan, data: 'e30=' }] }), {
    what: `evidence ${plan.digest}`,
    problem: 'its content does not have that hash',
  })
  assert.deepEqual(faultOf({ evidence: [{ ...plan, data: 'e30' }] }), {
    what: `evidence ${plan.digest}`,
    problem: 'it is not base64',
  })
  assert.deepEqual(faultOf({ evidence: [bundleEvidence(foreign, PLAN_BYTES)] }), {
    what: `evidence ${plan.digest}`,
    problem: 'no entry of its workspace names it',
  })
  const unnamed = { workspace: 'policy', digest: digestBytes(stranger) } as const
  assert.equal(
    faultOf({ evidence: [bundleEvidence(unnamed, stranger)] })?.problem,
    'no entry of its workspace names it',
  )
  assert.deepEqual(faultOf({ evidence: [plan, plan] }), {
    what: `evidence ${plan.digest}`,
    problem: 'it is there twice',
  })
})

test('texts are held against their digests and against the entries', () => {
  const what = `text ${WORDS.digest}`

  assert.deepEqual(faultOf({ texts: [{ ...WORDS, text: 'Make room' }] }), {
    what,
    problem: 'salt and text do not have that digest',
  })
  assert.deepEqual(faultOf({ texts: [{ ...WORDS, salt: 'e30=' }] }), {
    what,
    problem: 'salt and text do not have that digest',
  })
  assert.deepEqual(faultOf({ texts: [{ ...WORDS, salt: '?' }] }), {
    what,
    problem: 'its salt is not base64',
  })
  assert.deepEqual(faultOf({ texts: [WORDS, WORDS] }), { what, problem: 'it is there twice' })
  const stranger = givenText('said elsewhere')
  assert.deepEqual(faultOf({ texts: [stranger] }), {
    what: `text ${stranger.digest}`,
    problem: 'no entry names it',
  })
})

const opened = (about: Parameters<typeof givenOpened>[0]) =>
  edit('change_opened', (entry) => ({
    ...entry,
    event: { ...entry.event, ...about } as never,
  }))(LOG)

test('a fingerprint that is not that of its parts is found, whoever signed it', () => {
  const binding = { ...givenOpened(OPENED).binding, source: givenDigest('edited') }

  assert.deepEqual(resigned(opened({ binding })), {
    what: `entry ${LOG.length - 1}`,
    problem: 'its fingerprint is not that of its parts',
  })
})

test('a plan document that is not the plan of its fingerprint is found, whoever signed it', () => {
  const other = givenOpened({ ...OPENED, binding: givenOpened().binding })
  const about = { what: `entry ${LOG.length - 1}` }

  assert.deepEqual(resigned(opened({ binding: other.binding })), {
    ...about,
    problem: 'its plan document is not the plan it speaks of',
  })
  const plan = nodePrimitives.text(PLAN_BYTES)
  for (const other of ['{}', 'nonsense', plan.replace('{', '{"v":1,')]) {
    const data = nodePrimitives.utf8(other)
    const digest = digestBytes(data)
    const evidence = [bundleEvidence({ workspace: givenWorkspaceId(), digest }, data)]

    assert.deepEqual(resigned(opened({ planDocument: digest }), { evidence }), {
      ...about,
      problem: 'its plan document is not the plan it speaks of',
    })
  }
})

test('a law that was broken is found, whoever signed it', () => {
  const late = edit('change_opened', (entry) => ({ ...entry, at: 1 }))

  assert.deepEqual(resigned(late(LOG)), {
    what: `entry ${LOG.length - 1}`,
    problem: 'it breaks law L2: its time is before the last entry',
  })
})

test('a log that names another origin than its checkpoint is found', () => {
  const moved = edit('log_started', (entry) => ({
    ...entry,
    event: { ...entry.event, origin: 'elsewhere.example/log' } as never,
  }))

  assert.deepEqual(resigned(moved(LOG)), {
    what: 'entry 0',
    problem: 'it names another origin than the checkpoint',
  })
})

test('an empty log is no log', () => {
  assert.equal(resigned([], { evidence: [], texts: [] })?.what, 'entry 0')
})

test('what is no bundle, or is one in other words, is refused', () => {
  const text = nodePrimitives.text(bytesOf(BUNDLE))
  const refused = (other: string) => {
    const verified = verify(nodePrimitives.utf8(other))
    return verified.ok ? null : verified.fault.problem
  }
  const canonical = 'the bundle is not in its one canonical form'
  const damaged = 'this is not a Holdpoint evidence bundle, or it is damaged'

  for (const other of ['', 'null', '[]', '{}', text.slice(0, -2), text.replace('"v":1', '"v":2')])
    assert.equal(refused(other), damaged)
  for (const other of [
    text.slice(0, -1),
    `${text}\n`,
    ` ${text}`,
    text.replace('"v":1', '"v":1.0'),
    text.replace('"v":1', '"v":1,"v":1'),
  ])
    assert.equal(refused(other), canonical)
  assert.equal(refused(text.replace('Make room', '\\ud800')), damaged)
})
