/** An evidence bundle as the server would write it: real keys, hashes and evidence. */

import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { givenKeyPair, nodeVerifier } from '../../../test/fixtures/note-keys.ts'
import { givenPasskeyVerifier } from '../../../test/fixtures/passkey-given.ts'
import { givenPlan } from '../../../test/fixtures/plan-given.ts'
import { encodeBase64 } from '../src/base64.ts'
import { canonicalText } from '../src/canonical.ts'
import type { Opened } from '../src/change.ts'
import { signCheckpoint } from '../src/checkpoint.ts'
import { type Entry, entryBytes } from '../src/entry.ts'
import {
  BUNDLE_FORMAT,
  type Bundle,
  type BundleText,
  bundleEvidence,
  writeBundle,
} from '../src/evidence-bundle.ts'
import { saltedDigest } from '../src/evidence-content.ts'
import type { PinnedPeople } from '../src/evidence-signatures.ts'
import { verifyBundle } from '../src/evidence-verify.ts'
import { type Digest, parseDigest } from '../src/ids.ts'
import { leafHash, treeRoot } from '../src/merkle.ts'
import { formatVkey } from '../src/note.ts'
import { encodePlan } from '../src/plan-codec.ts'
import { digestPlan } from '../src/plan-digest.ts'
import { hex } from '../src/primitives.ts'
import { givenBinding, givenWorkspaceId } from './given.ts'

export const ORIGIN = 'holdpoint.example/log'
const pair = givenKeyPair(ORIGIN, 7)
export const VERIFIER_KEY = formatVkey(pair.key)

export const PLAN_BYTES = nodePrimitives.utf8(canonicalText(encodePlan(givenPlan())))

export function digestBytes(bytes: Uint8Array): Digest {
  const digest = parseDigest(hex(nodePrimitives.sha256(bytes)))
  if (digest === null) throw new Error('a digest is 64 hex digits')
  return digest
}

export function givenText(text: string): BundleText {
  const salt = new Uint8Array(16).fill(text.length)
  const digest = parseDigest(saltedDigest({ salt, text }, nodePrimitives))
  if (digest === null) throw new Error('a digest is 64 hex digits')
  return { digest, salt: encodeBase64(salt), text }
}

export const WORDS = givenText('Make room for “eu”')

/** Binding, document and words of a change whose plan is in the bundle. */
export const OPENED: Partial<Opened> = {
  binding: givenBinding({ plan: digestPlan(givenPlan(), nodePrimitives).plan }),
  planDocument: digestBytes(PLAN_BYTES),
  words: WORDS.digest,
}

export function givenCheckpoint(hashes: readonly Uint8Array[]): string {
  const root = treeRoot(nodePrimitives, hashes)
  const checkpoint = { origin: ORIGIN, size: hashes.length, root }
  const signed = signCheckpoint(nodePrimitives, checkpoint, [pair.signer])
  if (!signed.ok) throw new Error(signed.problem)
  return signed.note
}

export function givenBundle(entries: readonly Entry[], about: Partial<Bundle> = {}): Bundle {
  const leaves = entries.map((entry) => entryBytes(entry, nodePrimitives))
  const hashes = leaves.map((data) => leafHash(nodePrimitives, data))
  const place = { workspace: givenWorkspaceId(), digest: digestBytes(PLAN_BYTES) }
  return {
    format: BUNDLE_FORMAT,
    v: 1,
    origin: ORIGIN,
    verifierKey: VERIFIER_KEY,
    checkpoint: givenCheckpoint(hashes),
    entries: leaves.map(encodeBase64),
    leafHashes: hashes.map((hash) => parseDigest(hex(hash))).filter((hash) => hash !== null),
    evidence: [bundleEvidence(place, PLAN_BYTES)],
    texts: [WORDS],
    ...about,
  }
}

export function bytesOf(bundle: Bundle): Uint8Array {
  return writeBundle(bundle, nodePrimitives)
}

export function verify(
  bytes: Uint8Array,
  pinnedKey: string | null = VERIFIER_KEY,
  pins: PinnedPeople | null = null,
) {
  const options = { verifier: nodeVerifier, passkeys: givenPasskeyVerifier, pinnedKey, pins }
  return verifyBundle(bytes, nodePrimitives, options)
}
