/**
 * The facts a change is bound to, in one shape for every tool, and their comparison right before the
 * start. Whoever computes them does it from what is there at that moment (DESIGN §5).
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Binding,
  compareInputs,
  compareSources,
  type Difference,
  type Digest,
  digestOf,
  fingerprintOf,
  type InputManifest,
  inputDocument,
  type SourceManifest,
  sourceDocument,
  type Target,
  type Tool,
  targetDocument,
  type WorkspaceId,
} from '@holdpoint/core'

export interface Facts {
  readonly tool: Tool
  readonly binding: Binding
  readonly target: Target
  readonly source: SourceManifest
  readonly inputs: InputManifest
  readonly flags: readonly string[]
  readonly warnings: readonly string[]
}

export interface Planned {
  readonly workspace: WorkspaceId
  /** SHA-256 of what the tool executes. */
  readonly artifact: Digest
  /** Of the redacted plan. */
  readonly plan: Digest
}

export function bind(
  { workspace, artifact, plan }: Planned,
  facts: Pick<Facts, 'tool' | 'target' | 'source' | 'inputs' | 'flags'>,
): Binding {
  const { tool, target, flags } = facts
  const source = digestOf(sourceDocument(facts.source), nodePrimitives)
  const inputs = digestOf(inputDocument(facts.inputs), nodePrimitives)
  const parts = { tool, workspace, target, plan, source, inputs, flags }
  return { fingerprint: fingerprintOf(parts, nodePrimitives), artifact, plan, source, inputs }
}

/** Names what differs between the approved facts and those of now. Empty: go. */
export function compareFacts(approved: Facts, now: Facts): readonly Difference[] {
  const found: Difference[] = []
  if (approved.binding.artifact !== now.binding.artifact)
    found.push(differs('artifact', approved.binding.artifact, now.binding.artifact))
  found.push(...compareSources(approved.source, now.source))
  found.push(...compareInputs(approved.inputs, now.inputs))
  found.push(...compareTargets(approved.target, now.target))
  found.push(...compareFlags(approved.flags, now.flags))
  if (approved.binding.plan !== now.binding.plan)
    found.push(differs('plan', approved.binding.plan, now.binding.plan))
  if (found.length > 0 || approved.binding.fingerprint === now.binding.fingerprint) return found
  // Whatever else the fingerprint covers: it must never pass because nothing found a name for it.
  return [differs('fingerprint', approved.binding.fingerprint, now.binding.fingerprint)]
}

function compareTargets(approved: Target, now: Target): readonly Difference[] {
  const before = flatten(targetDocument(approved), '')
  const after = flatten(targetDocument(now), '')
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return names.flatMap((name) => {
    const was = before.get(name) ?? 'none'
    const is = after.get(name) ?? 'none'
    return was === is ? [] : [{ part: 'target', name, approved: was, now: is }]
  })
}

/** Each by its name, what follows `=` being its value. */
function compareFlags(approved: readonly string[], now: readonly string[]): readonly Difference[] {
  const gone = approved.filter((flag) => !now.includes(flag))
  const come = now.filter((flag) => !approved.includes(flag))
  const nameOf = (flag: string) => flag.split('=')[0] ?? flag
  const of = (flags: readonly string[], name: string) =>
    flags.filter((flag) => nameOf(flag) === name).join(' ') || 'none'
  const names = [...new Set([...gone, ...come].map(nameOf))]
  return names.map((name) => ({
    ...{ part: 'flags', name },
    ...{ approved: of(gone, name), now: of(come, name) },
  }))
}

/** Every leaf under its path, lists by their entries' own key. */
function flatten(value: unknown, path: string): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value ?? 'none')]])
  const pairs = Object.entries(value).map(([key, child]): readonly [string, unknown] => [
    path === '' ? key : `${path}.${Array.isArray(value) ? labelOf(child, key) : key}`,
    child,
  ])
  return new Map(pairs.flatMap(([name, child]) => [...flatten(child, name)]))
}

function labelOf(entry: unknown, position: string): string {
  if (typeof entry !== 'object' || entry === null) return position
  const key: unknown = Reflect.get(entry, 'key') ?? Reflect.get(entry, 'provider')
  return typeof key === 'string' ? key : position
}

function differs(part: string, approved: string, now: string): Difference {
  return { part, name: null, approved, now }
}
