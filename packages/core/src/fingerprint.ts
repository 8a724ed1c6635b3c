/**
 * The fingerprint says *exactly what* is approved (DESIGN §5). It is computed by the runner before
 * the change opens and again right before apply, by the server from the evidence, and by the page
 * from what it has rendered: always by this file.
 */
import { canonicalText } from './canonical.ts'
import type { Digest, WorkspaceId } from './ids.ts'
import { parseDigest } from './ids.ts'
import type { Tool } from './plan.ts'
import type { Primitives } from './primitives.ts'
import type { Difference, Target } from './target.ts'
import { targetDocument } from './target.ts'
import type { JsonMap } from './value.ts'

/** One file below the root module or a local module, or one member of the plan file. */
export interface SourceFile {
  /** Relative to the repository's root for files; `plan:` and the member's name inside the zip. */
  readonly path: string
  readonly executable: boolean
  readonly sha256: Digest
}

export interface SourceManifest {
  readonly v: 1
  readonly files: readonly SourceFile[]
}

/** One root variable or environment variable that reaches the tool, as its keyed digest. */
export interface Input {
  readonly kind: 'variable' | 'environment'
  readonly name: string
  readonly token: string
}

export interface InputManifest {
  readonly v: 1
  readonly inputs: readonly Input[]
}

export interface FingerprintParts {
  readonly tool: Tool
  readonly workspace: WorkspaceId
  readonly target: Target
  readonly plan: Digest
  readonly source: Digest
  readonly inputs: Digest
  readonly flags: readonly string[]
}

export function fingerprintOf(parts: FingerprintParts, primitives: Primitives): Digest {
  return digestOf(
    {
      v: 1,
      tool: parts.tool,
      workspace: parts.workspace,
      target: targetDocument(parts.target),
      plan: parts.plan,
      source: parts.source,
      inputs: parts.inputs,
      flags: parts.flags,
    },
    primitives,
  )
}

/** The manifest as a document: files sorted by path, so that walking order says nothing. */
export function sourceDocument(manifest: SourceManifest): JsonMap {
  const files = inOrder(manifest.files, (file) => `${file.path}\n${sourceMark(file)}`)
  return {
    v: 1,
    files: files.map((file) => ({
      path: file.path,
      executable: file.executable,
      sha256: file.sha256,
    })),
  }
}

export function inputDocument(manifest: InputManifest): JsonMap {
  const key = (input: Input) => `${input.kind}\n${input.name}\n${input.token}`
  const inputs = inOrder(manifest.inputs, key)
  return {
    v: 1,
    inputs: inputs.map((input) => ({ kind: input.kind, name: input.name, token: input.token })),
  }
}

function inOrder<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
  return keyed.map(({ item }) => item)
}

/** SHA-256 over the canonical text of a document. */
export function digestOf(document: JsonMap, primitives: Primitives): Digest {
  const digest = parseDigest(primitives.sha256Hex(canonicalText(document)))
  if (digest === null) throw new Error('a SHA-256 function must return 64 hex digits')
  return digest
}

export function compareSources(
  approved: SourceManifest,
  now: SourceManifest,
): readonly Difference[] {
  const before = new Map(approved.files.map((file) => [file.path, sourceMark(file)]))
  const after = new Map(now.files.map((file) => [file.path, sourceMark(file)]))
  return compareMarks('source', before, after)
}

export function compareInputs(approved: InputManifest, now: InputManifest): readonly Difference[] {
  const name = (input: Input) => (input.kind === 'variable' ? `variable ${input.name}` : input.name)
  const before = new Map(approved.inputs.map((input) => [name(input), input.token]))
  const after = new Map(now.inputs.map((input) => [name(input), input.token]))
  return compareMarks('inputs', before, after)
}

function sourceMark(file: SourceFile): string {
  return file.executable ? `${file.sha256} executable` : file.sha256
}

function compareMarks(
  part: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Difference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return names.flatMap((name) => {
    const approved = before.get(name) ?? 'absent'
    const now = after.get(name) ?? 'absent'
    return approved === now ? [] : [{ part, name, approved, now }]
  })
}
