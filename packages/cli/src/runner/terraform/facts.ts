/**
 * The facts of a root module, computed in one place: once after planning and once right before
 * apply, from what is there at that moment. Nothing here may be remembered from the first time.
 */
import { basename, dirname, join, resolve } from 'node:path'
import type { Digest, Hide, HidingPatterns, Plan, SourceFile, WorkspaceId } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { listIfThere } from '../../io/files.ts'
import type { Granted } from '../broker/granted.ts'
import { bind, type Facts } from '../facts.ts'
import type { PlanFile } from '../plan-file.ts'
import type { ToolArguments } from './arguments.ts'
import { buildEnvironment, type ToolEnvironment } from './environment.ts'
import { inputManifest, readVariableFiles } from './inputs.ts'
import { readPlanArchive } from './plan-archive.ts'
import type { RunnerTool } from './program.ts'
import { collectSource, type Source } from './source.ts'
import { resolveTarget } from './target.ts'
import { readBackend } from './target-backend.ts'

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
  readonly granted: Granted | null
}

export async function computeFacts(request: FactsRequest): Promise<Facts> {
  const { job, workspace, planFile, planDigest, hide, environment, plan, granted } = request
  const { rootModule } = job
  const { env } = environment
  const dataFolder = dataFolderOf(job, env)
  const artifact = await planFile.digest()
  const { lineage, files: planFiles } = await readPlanArchive(planFile.handle)
  const { providers, variables } = plan
  const [target, source, files] = await Promise.all([
    resolveTarget({ rootModule, dataFolder, env, providers, lineage, granted }),
    currentSource({ job, environment, planFiles }),
    readVariableFiles(job.arguments.variableFiles, (path) => resolve(rootModule, path)),
  ])
  const given = job.arguments.variables
  const sources = { variables, environment: environment.inputs, given, files }
  const inputs = inputManifest(sources, hide)
  const { flags } = job.arguments
  const tool = job.tool.kind
  const facts = { tool, target, source: source.manifest, inputs, flags }
  return {
    ...facts,
    warnings: source.warnings,
    binding: bind({ workspace, artifact, plan: planDigest }, facts),
  }
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

export function environmentOf(job: Job, granted: Granted | null = null): ToolEnvironment {
  const { rootModule, alsoPass } = job
  const appliedElsewhere = job.givenPlan !== null
  const rules = { rootModule, alsoPass, appliedElsewhere, granted: granted !== null }
  const built = buildEnvironment(job.readEnvironment(), rules)
  return granted === null ? built : { ...built, env: { ...built.env, ...granted.env } }
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
