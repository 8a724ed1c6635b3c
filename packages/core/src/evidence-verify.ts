/**
 * Verifies an evidence bundle offline: every leaf, the root, the checkpoint's signature, every
 * content hash, and the laws re-run over the entries. The first fault is named. What it cannot know
 * it says in numbers: whose word the rest is. A verifier's bugs are the product's bugs.
 */
import { decodeBase64 } from './base64.ts'
import { sameBytes } from './bytes.ts'
import { openCheckpoint } from './checkpoint.ts'
import { type Entry, parseEntry } from './entry.ts'
import { type Bundle, readBundle } from './evidence-bundle.ts'
import { contentFault } from './evidence-content.ts'
import type { EvidenceFault } from './evidence-fault.ts'
import { type EvidenceReport, newReport } from './evidence-report.ts'
import { checkSignatures, type PinnedPeople } from './evidence-signatures.ts'
import { checkEntry } from './laws.ts'
import { leafHash, treeRoot } from './merkle.ts'
import { parseNote, parseVkey, type Verifier } from './note.ts'
import type { PasskeyVerifier } from './passkey.ts'
import { hex, type Primitives } from './primitives.ts'
import { startWorld, type World } from './world.ts'

export type VerifiedBundle =
  | { readonly ok: true; readonly report: EvidenceReport; readonly world: World }
  | { readonly ok: false; readonly fault: EvidenceFault }

export interface VerifyOptions {
  readonly verifier: Verifier
  /** The log's key, pinned out of band; `null` takes the bundle's own word for it. */
  readonly pinnedKey: string | null
  readonly passkeys: PasskeyVerifier
  /** Keys of people, known from themselves; `null` takes every key on the server's word. */
  readonly pins: PinnedPeople | null
}

export function verifyBundle(
  bytes: Uint8Array,
  primitives: Primitives,
  options: VerifyOptions,
): VerifiedBundle {
  const read = readBundle(bytes, primitives)
  if (!read.ok) return fault('bundle', read.problem)
  const { bundle } = read
  const head = headFault(bundle, primitives, options)
  const leaves = readLeaves(bundle, primitives)
  if (!leaves.ok) return leaves
  const tree = treeFault(bundle, leaves.hashes, { head, primitives })
  if (tree !== null) return { ok: false, fault: tree }
  const folded = foldEntries(leaves.entries)
  if (!folded.ok) return folded
  if (folded.world.started?.origin !== bundle.origin)
    return fault('entry 0', 'it names another origin than the checkpoint')
  const content = contentFault(bundle, leaves.entries, primitives)
  if (content !== null) return { ok: false, fault: content }
  const { passkeys: verifier, pins } = options
  const signatures = checkSignatures(bundle, leaves.entries, { primitives, verifier, pins })
  if (!signatures.ok) return signatures
  const keyPinned = options.pinnedKey !== null
  const { world } = folded
  const known = { keyPinned, peoplePinned: pins !== null, signatures: signatures.facts, world }
  return { ok: true, report: newReport(bundle, leaves.entries, known), world }
}

function fault(what: string, problem: string): { ok: false; fault: EvidenceFault } {
  return { ok: false, fault: { what, problem } }
}

interface Head {
  readonly size: number
  readonly root: Uint8Array
}

/** The signed head, or why it cannot be believed. */
function headFault(
  bundle: Bundle,
  primitives: Primitives,
  options: VerifyOptions,
): Head | EvidenceFault {
  if (options.pinnedKey !== null && options.pinnedKey !== bundle.verifierKey)
    return { what: 'checkpoint', problem: 'the bundle names another key than the pinned one' }
  const made = parseVkey(primitives, options.pinnedKey ?? bundle.verifierKey)
  if (!made.ok) return { what: 'verifier key', problem: made.problem }
  if (made.key.name !== bundle.origin)
    return { what: 'verifier key', problem: 'it is the key of another log' }
  // A signature that nobody here can check would be a place where any byte may change (I7).
  const note = parseNote(bundle.checkpoint)
  if (note.ok && note.note.signatures.length !== 1)
    return { what: 'checkpoint', problem: 'it carries signatures beside that of the log' }
  const opened = openCheckpoint(primitives, bundle.checkpoint, {
    origin: bundle.origin,
    logKey: made.key,
    witnessKeys: [],
    verifier: options.verifier,
  })
  if (!opened.ok) return { what: 'checkpoint', problem: opened.problem }
  return { size: opened.checkpoint.size, root: opened.checkpoint.root }
}

type Leaves =
  | {
      readonly ok: true
      readonly entries: readonly Entry[]
      readonly hashes: readonly Uint8Array[]
    }
  | { readonly ok: false; readonly fault: EvidenceFault }

function readLeaves(bundle: Bundle, primitives: Primitives): Leaves {
  const entries: Entry[] = []
  const hashes: Uint8Array[] = []
  for (const [index, encoded] of bundle.entries.entries()) {
    const data = decodeBase64(encoded)
    if (data === null) return fault(`entry ${index}`, 'it is not base64')
    const hash = leafHash(primitives, data)
    const parsed = parseEntry(data, primitives)
    if (!parsed.ok) return fault(`entry ${index}`, `it ${parsed.problem}`)
    if (parsed.entry.seq !== index)
      return fault(`entry ${index}`, `it is numbered ${parsed.entry.seq}`)
    entries.push(parsed.entry)
    hashes.push(hash)
  }
  return { ok: true, entries, hashes }
}

/**
 * Holds entries, listed hashes and signed root against one another. Where exactly one of them
 * disagrees with the other two it is that one, so a single flipped byte is named rightly.
 */
function treeFault(
  bundle: Bundle,
  hashes: readonly Uint8Array[],
  signed: { readonly head: Head | EvidenceFault; readonly primitives: Primitives },
): EvidenceFault | null {
  const { head, primitives } = signed
  const differing = hashes.findIndex((hash, index) => hex(hash) !== bundle.leafHashes[index])
  if ('problem' in head) return head
  const rootFits = sameBytes(treeRoot(primitives, hashes), head.root)
  if (rootFits && hashes.length === head.size) {
    if (differing === -1 && bundle.leafHashes.length === hashes.length) return null
    return {
      what: `proof of entry ${differing === -1 ? hashes.length : differing}`,
      problem: 'its hash is not the leaf’s',
    }
  }
  if (hashes.length !== head.size)
    return {
      what: 'checkpoint',
      problem: `it covers ${head.size} entries and the bundle holds ${hashes.length}`,
    }
  if (differing === -1)
    return { what: 'checkpoint', problem: 'its root is not that of the entries' }
  return { what: `entry ${differing}`, problem: 'it is not what was signed' }
}

type Folded = { readonly ok: true; readonly world: World } | { ok: false; fault: EvidenceFault }

function foldEntries(entries: readonly Entry[]): Folded {
  let world = startWorld()
  for (const entry of entries) {
    const answer = checkEntry(world, entry)
    if (!answer.ok) {
      const { law, problem } = answer.broken
      return fault(`entry ${entry.seq}`, `it breaks law ${law}: ${problem}`)
    }
    world = answer.world
  }
  return { ok: true, world }
}
