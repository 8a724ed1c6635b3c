/** What is to be run, from flags, folder and environment: the job of `apply` and of the gates. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { AGENT_NAME_MAX, isAgentName } from '@holdpoint/core'
import { type Environment, readEnvironment } from '../io/environment.ts'
import type { Request } from '../runner/server-calls.ts'
import { ALLOWED_ARGUMENTS, parseArguments } from '../runner/terraform/arguments.ts'
import type { Job } from '../runner/terraform/facts.ts'
import { findTool } from '../runner/terraform/program.ts'
import { findAuthors } from './commit-authors.ts'
import { badInput, usage } from './ended.ts'
import { hidingOf } from './hiding.ts'
import type { Call } from './row.ts'

/** The grant's life where nobody says otherwise: as long as the longest. */
export const GRANT_SECONDS = 3600

export async function readJob<P extends string | null>(
  call: Call,
  givenPlan: P,
): Promise<Job & { givenPlan: P }> {
  const parsed = parseArguments(call.rest)
  if (!parsed.ok) {
    const allowed = `allowed after -- are ${ALLOWED_ARGUMENTS.join(' ')}`
    throw usage([...parsed.problems, allowed].join('; '))
  }
  const environment = readEnvironment()
  return {
    rootModule: realpathSync(process.cwd()),
    tool: findTool({ kind: readTool(call.flags.find('tool')), environment }),
    arguments: parsed.arguments,
    readEnvironment,
    alsoPass: [],
    patterns: await hidingOf(call.flags),
    givenPlan,
  }
}

const TOOLS = { terraform: 'terraform', tofu: 'opentofu', opentofu: 'opentofu' } as const

function readTool(typed: string | null) {
  if (typed === null) return null
  if (isTool(typed)) return TOOLS[typed]
  throw usage('--tool is terraform or tofu')
}

function isTool(typed: string): typed is keyof typeof TOOLS {
  return Object.hasOwn(TOOLS, typed)
}

export function planPath(word: string): string {
  try {
    return realpathSync(resolve(word))
  } catch {
    throw badInput(`${JSON.stringify(word)} is no plan file; there is no such file`)
  }
}

export function workspaceOf(call: Call): string {
  const { workspace } = call.settings
  if (workspace !== null) return workspace
  throw usage('Name the workspace, with --workspace <name> or HOLDPOINT_WORKSPACE')
}

export async function requestOf(call: Call): Promise<Omit<Request, 'door'>> {
  const words = call.flags.find('words')
  const agentName = call.flags.find('agent-name')
  const agent = call.flags.has('agent') || agentName !== null
  if (agent && (words ?? '').trim() === '')
    throw usage('An agent says why: --agent needs --words <text>')
  return { ...(await claimsHere()), words, agent, agentName: checkAgentName(agentName) }
}

/** What the folder and the environment say of who else stands behind a request. */
export async function claimsHere(): Promise<Pick<Request, 'pipeline' | 'authors'>> {
  const environment = readEnvironment()
  return { pipeline: pipelineOf(environment), authors: await findAuthors(environment) }
}

export function checkAgentName(typed: string | null): string | null {
  if (typed === null || isAgentName(typed)) return typed
  throw usage(
    `--agent-name is at most ${AGENT_NAME_MAX} letters, digits and . _ - @ / + with single spaces`,
  )
}

/** Pipeline and ref, so that a newer run of the same pipeline supersedes: a claim, never trust. */
function pipelineOf(environment: Environment): string | null {
  const parts = [
    ['GITHUB_WORKFLOW_REF'],
    ['CI_PROJECT_PATH', 'CI_COMMIT_REF_NAME'],
    ['BUILDKITE_PIPELINE_SLUG', 'BUILDKITE_BRANCH'],
  ]
  const known = parts.find((names) => names.every((name) => (environment[name] ?? '') !== ''))
  if (known === undefined) return null
  return known
    .map((name) => environment[name] ?? '')
    .join(' ')
    .slice(0, 500)
}
