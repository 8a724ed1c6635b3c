/**
 * Opens a change: who asks and with which key, what it claims held against what was uploaded, and
 * everyone who stands behind it. Authors of commits are claims: they only add people who may not
 * decide, and take nobody's exclusion away.
 */
import type { inputs } from '@holdpoint/api'
import {
  type Access,
  type Actor,
  type ChangeId,
  type Opened,
  PLAN_SECONDS_MAX,
  peopleBehind,
  type Refusal,
  type Requester,
  type WorkspaceId,
} from '@holdpoint/core'
import type { z } from 'zod'
import { isSignedBy } from './http/signature.ts'
import { keepText } from './kept.ts'
import { evidenceProblem } from './open-evidence.ts'
import type { GateAnswer } from './ports.ts'
import type { Services } from './services.ts'
import { isReserved } from './store/runs.ts'
import { loadNames, type Names } from './views-names.ts'

type OpenRequest = {
  readonly body: z.output<typeof inputs.Open>
  readonly signature: string
}

export interface Opening {
  readonly actor: Actor
  readonly change: ChangeId
  readonly workspace: WorkspaceId
  readonly request: OpenRequest
}

/** The database's clock may run behind ours; a plan's day is counted a minute short. */
const CLOCK_MARGIN_SECONDS = 60

export type OpenAnswer = GateAnswer | { readonly ok: false; readonly refusal: Refusal }

export async function openChange(opening: Opening, services: Services): Promise<OpenAnswer> {
  const { actor, change, workspace, request } = opening
  const problem = await openingProblem(opening, services)
  if (problem !== null) return { ok: false, refusal: problem }
  const access = await services.gate.access()
  const names = await loadNames(services.database.kysely, access)
  const words = await keepText(services.database, request.body.words)
  const agentName = await keepText(services.database, request.body.agentName ?? null)
  const opened = openedOf(opening, {
    requester: requesterOf(actor, request.body, { names, access }),
    words,
    ...(agentName === null ? {} : { agentName }),
    expiresAt: services.clock.now() + (PLAN_SECONDS_MAX - CLOCK_MARGIN_SECONDS) * 1000,
  })
  const command = { type: 'open', opened } as const
  return services.gate.handle(actor, { on: 'change', change, workspace, command })
}

async function openingProblem(opening: Opening, services: Services): Promise<Refusal | null> {
  const { actor, change, workspace, request } = opening
  const { body, signature } = request
  const agent = agentProblem(body)
  if (agent !== null) return { code: 'invalid_input', problems: [agent] }
  const reservation = { change, workspace, actor: actorText(actor) }
  if (!(await isReserved(services.database.kysely, reservation, services.clock.now())))
    return { code: 'not_found', what: 'reservation' }
  if (!isSignedBy(body.runnerKey, { action: 'open', change, body, signature }))
    return {
      code: 'invalid_input',
      problems: ['signature: is not of this request by the key it carries'],
    }
  return evidenceProblem(services.database, workspace, body)
}

/** An agent says why: whoever decides cannot ask it. */
function agentProblem({ agent, agentName, words }: OpenRequest['body']): string | null {
  if (!agent) return agentName === undefined ? null : 'agentName: only an agent has one'
  return words === null || words.trim() === '' ? 'words: an agent must give its reason' : null
}

/** Only who reserved an id may open it. */
export function actorText(actor: Actor): string {
  return actor.kind === 'system' ? 'system' : `${actor.kind} ${actor.id}`
}

function requesterOf(
  actor: Actor,
  body: OpenRequest['body'],
  { names, access }: { readonly names: Names; readonly access: Access },
): Requester {
  const authors = body.authors.flatMap((address) => names.findByAddress(address))
  if (actor.kind === 'person') {
    // Who has the requester's address is taken for the same human, under another sign-in.
    const own = names.profile(actor.id)?.addresses ?? []
    const same = own.flatMap((address) => names.findByAddress(address))
    const excluded = [...new Set([actor.id, ...same, ...authors])]
    const kind = body.agent ? 'agent' : 'person'
    return { kind, id: actor.id, humanVerified: true, excluded }
  }
  if (actor.kind === 'system') throw new Error('the system opens no change')
  const kind = body.agent ? 'agent' : 'service'
  // Also where a pipeline proves who set it off: what it signs takes people out and vouches for none.
  const excluded = [...new Set([...peopleBehind(access, actor.id), ...authors])]
  return { kind, id: actor.id, humanVerified: false, excluded }
}

function openedOf(
  { change, workspace, request }: Opening,
  found: Pick<Opened, 'requester' | 'words' | 'agentName' | 'expiresAt'>,
): Opened {
  const { body } = request
  return {
    changeId: change,
    workspace,
    tool: body.tool,
    door: body.door,
    requester: found.requester,
    runner: { publicKey: body.runnerKey, trust: 'self_reported' },
    binding: body.binding,
    planDocument: body.planEvidence,
    target: body.target,
    flags: body.flags,
    // The gate sets it from the workspace's pin as the transaction sees it.
    bindsTarget: false,
    pipeline: body.pipeline,
    words: found.words,
    ...(found.agentName === undefined ? {} : { agentName: found.agentName }),
    expiresAt: found.expiresAt,
  }
}
