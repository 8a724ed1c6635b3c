/**
 * Opens a change by planning the folder that the server runs in, marked as an agent's, with its
 * reason. It opens only: what was released is applied by whoever runs `holdpoint apply`.
 */
import { agentInputs } from '@holdpoint/api'
import { type Explained, fault, refused, usage } from '../commands/ended.ts'
import { checkAgentName, claimsHere, readJob } from '../commands/job.ts'
import { now } from '../io/clock.ts'
import { readEnvironment } from '../io/environment.ts'
import { ownProgram } from '../io/own-program.ts'
import { AWAY_MS_MAX } from '../runner/patience.ts'
import { type Proposed, startProposal } from '../runner/propose.ts'
import type { OnEvent } from '../runner/run-event.ts'
import type { Ending, RunResult } from '../runner/run-result.ts'
import { prepare } from '../runner/terraform/prepare.ts'
import { changeDocument } from './change-document.ts'
import { viewOf } from './change-tools.ts'
import { agentTool, type ToolContext } from './tool.ts'

let isPlanning = false

export const openChange = agentTool({
  name: 'open_change',
  title: 'Open a change',
  says:
    'Plans the folder that this server runs in with Terraform or OpenTofu, and opens a change that ' +
    'people see as an agent’s, with your reason. Planning runs the configuration’s providers and ' +
    'data sources. Nothing is applied, also where the rules allow it: a person or a pipeline runs ' +
    'holdpoint apply. A newer change replaces an older one that you opened here.',
  input: agentInputs.OpenChange,
  routes: ['reserve', 'putEvidence', 'open', 'change', 'changeEvents'],
  writes: true,
  run: async (args, context) => {
    // Two plans of one folder wait for its lock, and the second replaces the first.
    if (isPlanning) throw usage('This folder is being planned already; wait for that answer')
    isPlanning = true
    try {
      return await propose(args, context)
    } finally {
      isPlanning = false
    }
  },
})

interface Asked {
  readonly reason: string
  readonly workspace?: string
  readonly tool_arguments?: readonly string[]
}

async function propose(args: Asked, context: ToolContext): Promise<object> {
  const { call, agentName, signal } = context
  const workspaceName = workspaceOf(call.settings.workspace, args.workspace)
  if (args.reason.trim() === '') throw usage('Say why: the reason is empty')
  const client = context.client()
  const job = await readJob({ ...call, rest: args.tool_arguments ?? [] }, null)
  const agent = { agent: true, agentName: checkAgentName(agentName), words: args.reason }
  const warnings: string[] = []
  const proposal = startProposal({
    ...{ workspaceName, client, token: call.settings.secret() },
    prepare: (context) => prepare(job, context),
    request: { ...(await claimsHere()), ...agent },
    onEvent: listener(context, warnings),
    awayMsMax: AWAY_MS_MAX,
    environment: readEnvironment,
    program: ownProgram(),
  })
  signal.addEventListener('abort', proposal.control.interrupt, { once: true })
  if (signal.aborted) proposal.control.interrupt()
  const { ending } = await proposal.ended
  if (ending.type === 'open')
    return { opened: true, ...changeDocument(ending.view, now()), warnings }
  if (ending.type !== 'open_already') return notOpened(ending, warnings)
  const says = 'This very plan is open already; nothing was opened, and its decisions stand'
  const document = changeDocument(await viewOf(client, ending.change), now())
  return { opened: false, says, ...document, warnings }
}

/** What the operator has set is not the agent's to change. */
function workspaceOf(configured: string | null, asked: string | undefined): string {
  if (configured === null && asked === undefined)
    throw usage('Name the workspace: none is configured for this server')
  if (configured !== null && asked !== undefined && asked !== configured)
    throw usage(`This server opens changes in ${configured} only`)
  return configured ?? asked ?? ''
}

function listener({ progress }: ToolContext, warnings: string[]): OnEvent {
  let step = 0
  const tell = (message: string): void => {
    step += 1
    progress(step, null, message)
  }
  return (event) => {
    if (event.type === 'planning') tell(`Planning with ${event.program}`)
    if (event.type === 'planned') tell('Planned')
    if (event.type === 'opened') tell(`Opened ${event.change}`)
    if (event.type === 'server_away') tell('The server does not answer; trying again')
    if (event.type === 'warning') warnings.push(event.text)
    if (event.type === 'tool_problem')
      warnings.push([event.problem.summary, event.problem.detail].join(': '))
  }
}

type Refused = Exclude<(RunResult | Proposed)['ending'], Proposed['ending']>

function notOpened(ending: Refused, warnings: readonly string[]): object {
  if (ending.type === 'nothing_to_do')
    return {
      opened: false,
      says: 'The plan changes nothing, so there is nothing to open',
      warnings,
    }
  throw endedOf(ending, warnings)
}

function endedOf(ending: Exclude<Ending, { type: 'nothing_to_do' }>, warnings: readonly string[]) {
  switch (ending.type) {
    case 'refused':
      return refused(explained(ending.problem))
    case 'invalid':
      return usage(ending.sentence)
    case 'fault':
      return fault(ending.sentence, 'Nothing was applied.', ending.cause)
    case 'tool_failed':
      return refused({
        code: 'tool_failed',
        title: ending.title,
        detail: [...warnings, ...ending.stderr.split('\n').slice(-STDERR_LINES)].join('\n'),
        remedy: 'Nothing was opened.',
      })
    case 'interrupted':
      return usage('Stopped before anything was opened')
    default:
      throw new Error(`opening a change does not end as ${ending.type}`)
  }
}

const STDERR_LINES = 20

function explained({ code, title, detail, remedy }: Explained): Explained {
  return { code, title, detail, remedy }
}
