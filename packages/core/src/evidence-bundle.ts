/**
 * The evidence bundle: everything an auditor needs to check a log offline, in one file that has
 * exactly one form. Entries and their hashes, the signed checkpoint, evidence by content hash and
 * typed texts with their salts. Reading it trusts nothing: a byte that differs from the one form
 * is found before anything is believed.
 */
import { encodeBase64 } from './base64.ts'
import { sameBytes } from './bytes.ts'
import { canonicalText, NotCanonical } from './canonical.ts'
import { type Digest, parseDigest, parseWorkspaceId, type WorkspaceId } from './ids.ts'
import type { Primitives } from './primitives.ts'
import { branded, fields, list, oneOf, type Shape, text } from './shape.ts'

export const BUNDLE_FORMAT = 'holdpoint-evidence-bundle'

/** As it stands in the file. Bytes are standard base64 with padding. */
export interface Bundle {
  readonly format: typeof BUNDLE_FORMAT
  readonly v: 1
  readonly origin: string
  /** The log's key as a signed-note verifier key; to be pinned by who verifies. */
  readonly verifierKey: string
  /** Signed note over origin, size and root (C2SP tlog-checkpoint). */
  readonly checkpoint: string
  /** Leaves in order from 0. */
  readonly entries: readonly string[]
  /** Their RFC 6962 leaf hashes, so that a changed entry can be told from a changed tree. */
  readonly leafHashes: readonly Digest[]
  readonly evidence: readonly BundleEvidence[]
  readonly texts: readonly BundleText[]
}

export interface BundleEvidence {
  readonly workspace: WorkspaceId | 'policy' | 'access'
  readonly digest: Digest
  readonly data: string
}

/** What a person typed; the entry holds SHA-256(salt ‖ text). Erased texts are left out. */
export interface BundleText {
  readonly digest: Digest
  readonly salt: string
  readonly text: string
}

const NOTE_MAX = 100_000
const ENTRY_BASE64_MAX = 87_384
const EVIDENCE_MAX = 800_000_000

const digest = branded(parseDigest, 'SHA-256, 64 lower-case hex digits')
const workspace = branded(parseWorkspaceId, 'wsp_ and 16 of [0-9a-z]')

const evidenceShape: Shape<BundleEvidence> = fields({
  workspace: {
    is: (value): value is WorkspaceId | 'policy' | 'access' =>
      value === 'policy' || value === 'access' || workspace.is(value),
    schema: { type: 'string' },
  },
  digest,
  data: text(EVIDENCE_MAX),
})

export const bundleShape: Shape<Bundle> = fields({
  format: oneOf([BUNDLE_FORMAT]),
  v: oneOf([1]),
  origin: text(200),
  verifierKey: text(400),
  checkpoint: text(NOTE_MAX),
  entries: list(text(ENTRY_BASE64_MAX)),
  leafHashes: list(digest),
  evidence: list(evidenceShape),
  texts: list(fields({ digest, salt: text(64), text: text(20_000) })),
})

/** The file's bytes: canonical JSON and a newline. Lists are sorted so that there is one order. */
export function writeBundle(bundle: Bundle, primitives: Primitives): Uint8Array {
  return primitives.utf8(`${canonicalText(bundleDocument(bundle))}\n`)
}

function bundleDocument(bundle: Bundle) {
  const key = (each: { readonly digest: string; readonly workspace?: string }) =>
    `${each.workspace ?? ''} ${each.digest}`
  return {
    format: bundle.format,
    v: bundle.v,
    origin: bundle.origin,
    verifierKey: bundle.verifierKey,
    checkpoint: bundle.checkpoint,
    entries: bundle.entries,
    leafHashes: bundle.leafHashes,
    evidence: bundle.evidence
      .map((each) => ({ workspace: each.workspace, digest: each.digest, data: each.data }))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    texts: bundle.texts
      .map((each) => ({ digest: each.digest, salt: each.salt, text: each.text }))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
  }
}

export function bundleEvidence(
  evidence: { readonly workspace: WorkspaceId | 'policy' | 'access'; readonly digest: Digest },
  data: Uint8Array,
): BundleEvidence {
  return { ...evidence, data: encodeBase64(data) }
}

export type ReadBundle =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly problem: string }

export function readBundle(bytes: Uint8Array, primitives: Primitives): ReadBundle {
  const value = parse(bytes, primitives)
  if (!bundleShape.is(value))
    return { ok: false, problem: 'this is not a Holdpoint evidence bundle, or it is damaged' }
  const again = rewrite(value, primitives)
  if (again === null || !sameBytes(again, bytes))
    return { ok: false, problem: 'the bundle is not in its one canonical form' }
  return { ok: true, bundle: value }
}

function parse(bytes: Uint8Array, primitives: Primitives): unknown {
  try {
    return JSON.parse(primitives.text(bytes))
  } catch {
    return null
  }
}

function rewrite(bundle: Bundle, primitives: Primitives): Uint8Array | null {
  try {
    return writeBundle(bundle, primitives)
  } catch (error) {
    if (error instanceof NotCanonical) return null
    throw error
  }
}
