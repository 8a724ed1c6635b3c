/**
 * The fingerprint of what this page shows: computed here, from the plan it drew, the manifests and
 * the target, and compared with the one the server says. If they differ nothing may be approved.
 */
import {
  type Digest,
  decodePlan,
  digestOf,
  digestPlan,
  fingerprintOf,
  type Input,
  inputDocument,
  type Json,
  type Plan,
  type Primitives,
  parseDigest,
  type SourceFile,
  sourceDocument,
} from '@holdpoint/core'
import type { ChangeView } from './wire.ts'

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string }

export interface Manifests {
  readonly source: readonly SourceFile[]
  readonly inputs: readonly Input[]
}

/** The plan document, or a sentence why it cannot be shown. */
export function readPlan(text: string): Read<Plan> {
  const json = parse(text)
  if (!json.ok) return json
  const decoded = decodePlan(json.value)
  return decoded.ok ? { ok: true, value: decoded.plan } : decoded
}

export function readSource(text: string): Read<readonly SourceFile[]> {
  const entries = listIn(text, 'files')
  if (!entries.ok) return entries
  const files: SourceFile[] = []
  for (const entry of entries.value) {
    const path = member(entry, 'path')
    const executable = member(entry, 'executable')
    const digest = member(entry, 'sha256')
    const sha256 = typeof digest === 'string' ? parseDigest(digest) : null
    if (typeof path !== 'string' || typeof executable !== 'boolean' || sha256 === null)
      return { ok: false, problem: 'a file in the source manifest is not path, bit and digest' }
    files.push({ path, executable, sha256 })
  }
  return { ok: true, value: files }
}

export function readInputs(text: string): Read<readonly Input[]> {
  const entries = listIn(text, 'inputs')
  if (!entries.ok) return entries
  const inputs: Input[] = []
  for (const entry of entries.value) {
    const kind = member(entry, 'kind')
    const name = member(entry, 'name')
    const token = member(entry, 'token')
    const known = kind === 'variable' || kind === 'environment'
    if (!known || typeof name !== 'string' || typeof token !== 'string')
      return { ok: false, problem: 'an input in the manifest is not kind, name and token' }
    inputs.push({ kind, name, token })
  }
  return { ok: true, value: inputs }
}

/** What this page has drawn, and the fingerprint the server says it has. */
export interface Seen extends Pick<ChangeView, 'tool' | 'workspace' | 'target' | 'flags'> {
  readonly said: Digest
  readonly plan: Plan
  readonly manifests: Manifests
}

/** Throws `NotCanonical` where the evidence has no canonical text. */
export function fingerprintSeen(seen: Seen, primitives: Primitives): Digest {
  const { plan, manifests } = seen
  return fingerprintOf(
    {
      tool: seen.tool,
      workspace: seen.workspace.id,
      target: seen.target,
      plan: digestPlan(plan, primitives).plan,
      source: digestOf(sourceDocument({ v: 1, files: manifests.source }), primitives),
      inputs: digestOf(inputDocument({ v: 1, inputs: manifests.inputs }), primitives),
      flags: seen.flags,
    },
    primitives,
  )
}

export type FingerprintState =
  | { readonly state: 'computing' }
  | { readonly state: 'same'; readonly digest: Digest }
  | { readonly state: 'differs'; readonly digest: string }
  | { readonly state: 'unavailable'; readonly why: string }

/** Never throws: evidence that cannot be digested is evidence that differs. */
export function checkFingerprint(seen: Seen, primitives: Primitives): FingerprintState {
  try {
    const digest = fingerprintSeen(seen, primitives)
    const same = digest === seen.said
    return same ? { state: 'same', digest } : { state: 'differs', digest }
  } catch {
    return { state: 'differs', digest: 'not computable' }
  }
}

function parse(text: string): Read<Json> {
  try {
    const json: Json = JSON.parse(text)
    return { ok: true, value: json }
  } catch {
    return { ok: false, problem: 'the evidence is not JSON' }
  }
}

function listIn(text: string, key: string): Read<readonly unknown[]> {
  const json = parse(text)
  if (!json.ok) return json
  if (member(json.value, 'v') !== 1) return { ok: false, problem: 'the manifest is not version 1' }
  const found: unknown = member(json.value, key)
  if (!Array.isArray(found)) return { ok: false, problem: `the manifest has no list of ${key}` }
  return { ok: true, value: found }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}
