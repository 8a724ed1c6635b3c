/**
 * The facts a change is bound to, computed in one place: once after planning and once right before
 * apply, from what is there at that moment. Nothing here may be remembered from the first time.
 */
import { basename, dirname, join, resolve } from 'node:path'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Binding,
  compareInputs,
  compareSources,
  type Difference,
  type Digest,
  digestOf,
  fingerprintOf,
  type Hide,
  type HidingPatterns,
  type InputManifest,
  inputDocument,
  type Plan,
  type SourceFile,
  type SourceManifest,
  sourceDocument,
  type Target,
  targetDocument,
  type WorkspaceId,
} from '@holdpoint/core'
import type { Environment } from '../io/environment.ts'
import { listIfThere } from '../io/files.ts'
import type { ToolArguments } from './arguments.ts'
import { buildEnvironment, type ToolEnvironment } from './environment.ts'
import { inputManifest, readVariableFiles } from './inputs.ts'
import { readPlanArchive } from './plan-archive.ts'
import type { PlanFile } from './plan-file.ts'
import { collectSource, type Source } from './source.ts'
import { resolveTarget } from './target.ts'
import { readBackend } from './target-backend.ts'
import type { RunnerTool } from './tool.ts'

/** What is to be planned or applied, and where. */
export interface Job {
  /** Absolute, without symbolic links. */
  readonly rootModule: string
  readonly tool: RunnerTool
  readonly arguments: ToolArguments
  /** Asked anew each time, so that a change of the environment is seen. */
  readonly readEnvironment: () => Environment
  /** Further environment names that may reach the tool. */
  readonly alsoPass: readonly string[]
  /** What the user hides besides what we find. */
  readonly patterns: HidingPatterns | null
  /** A pipeline's own plan file, which is no source; `null` when the runner plans. */
  readonly givenPlan: string | null
}

export interface FactsRequest {
  readonly job: Job
  readonly workspace: WorkspaceId
  readonly hide: Hide
  readonly planFile: PlanFile
  readonly planDigest: Digest
  /** Before redaction: variables are hidden here by their own tokens. */
  readonly plan: Pick<Plan, 'variables' | 'providers'>
  readonly environment: ToolEnvironment
}

export interface Facts {
  readonly tool: RunnerTool['kind']
  readonly binding: Binding
  readonly target: Target
  readonly source: SourceManifest
  readonly inputs: InputManifest
  readonly flags: readonly string[]
  readonly warnings: readonly string[]
}

export async function computeFacts(request: FactsRequest): Promise<Facts> {
  const { job, planFile, hide, environment, plan } = request
  const { rootModule } = job
  const { env } = environment
  const dataFolder = dataFolderOf(job, env)
  const artifact = await planFile.digest()
  const { lineage, files: planFiles } = await readPlanArchive(planFile.handle)
  const { providers, variables } = plan
  const [target, source, files] = await Promise.all([
    resolveTarget({ rootModule, dataFolder, env, providers, lineage }),
    currentSource({ job, environment, planFiles }),
    readVariableFiles(job.arguments.variableFiles, (path) => resolve(rootModule, path)),
  ])
  const given = job.arguments.variables
  const sources = { variables, environment: environment.inputs, given, files }
  const inputs = inputManifest(sources, hide)
  const { flags } = job.arguments
  const tool = job.tool.kind
  const facts = { tool, target, source: source.manifest, inputs, flags }
  return { ...facts, warnings: source.warnings, binding: bind(request, artifact, facts) }
}

export interface SourceNow {
  readonly job: Job
  readonly environment: ToolEnvironment
  readonly planFiles: readonly SourceFile[]
}

export async function currentSource(request: SourceNow): Promise<Source> {
  const { job, planFiles } = request
  const { env } = request.environment
  const dataFolder = dataFolderOf(job, env)
  const excluded = await excludedPaths(job, dataFolder, env)
  return await collectSource({ rootModule: job.rootModule, dataFolder, excluded, planFiles })
}

function bind(
  request: FactsRequest,
  artifact: Digest,
  facts: Pick<Facts, 'tool' | 'target' | 'source' | 'inputs' | 'flags'>,
): Binding {
  const { planDigest: plan, workspace } = request
  const { target, flags } = facts
  const source = digestOf(sourceDocument(facts.source), nodePrimitives)
  const inputs = digestOf(inputDocument(facts.inputs), nodePrimitives)
  const { tool } = facts
  const parts = { tool, workspace, target, plan, source, inputs, flags }
  return { fingerprint: fingerprintOf(parts, nodePrimitives), artifact, plan, source, inputs }
}

export function environmentOf(job: Job): ToolEnvironment {
  const { rootModule, alsoPass } = job
  const appliedElsewhere = job.givenPlan !== null
  return buildEnvironment(job.readEnvironment(), { rootModule, alsoPass, appliedElsewhere })
}

function dataFolderOf(job: Job, env: Environment): string {
  const named = env['TF_DATA_DIR'] ?? ''
  return named === '' ? join(job.rootModule, '.terraform') : resolve(job.rootModule, named)
}

/**
 * A local state changes with every apply; where it is, and its lineage, are in the target. Only
 * where the backend keeps it: a script that is called like a state is a script.
 */
async function excludedPaths(
  job: Job,
  dataFolder: string,
  env: Environment,
): Promise<readonly string[]> {
  const given = job.givenPlan === null ? [] : [job.givenPlan]
  const backend = await readBackend(dataFolder, env)
  if (backend.type !== 'local') return given
  const at = (setting: string, usual: string) =>
    resolve(job.rootModule, backend.settings[setting] ?? usual)
  const workspaces = at('workspace_dir', 'terraform.tfstate.d')
  const others = (await listIfThere(workspaces)).map((name) =>
    join(workspaces, name, 'terraform.tfstate'),
  )
  return [...given, ...[at('path', 'terraform.tfstate'), ...others].flatMap(stateFiles)]
}

function stateFiles(state: string): readonly string[] {
  return [state, `${state}.backup`, join(dirname(state), `.${basename(state)}.lock.info`)]
}

/** Names what differs between the approved facts and those of now. Empty: go. */
export function compareFacts(approved: Facts, now: Facts): readonly Difference[] {
  const found: Difference[] = []
  if (approved.binding.artifact !== now.binding.artifact)
    found.push(differs('artifact', approved.binding.artifact, now.binding.artifact))
  found.push(...compareSources(approved.source, now.source))
  found.push(...compareInputs(approved.inputs, now.inputs))
  found.push(...compareTargets(approved.target, now.target))
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
