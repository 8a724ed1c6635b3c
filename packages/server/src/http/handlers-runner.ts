/** What a runner does: reserve, upload, open, claim the one grant, beat, report the outcome. */
import type { Actor, Change, ChangeId, WorkspaceId } from '@holdpoint/core'
import { connectionsOf, encodeBase64, isOwnRequest, refOf, SYSTEM } from '@holdpoint/core'
import { newChangeId, newWorkspaceId } from '../new-ids.ts'
import { actorText, openChange } from '../open-change.ts'
import type { Services } from '../services.ts'
import { startExecution } from '../start-execution.ts'
import { databaseNow } from '../store/db.ts'
import { recordHeartbeat, reserveChange } from '../store/runs.ts'
import { findReservation } from '../views-queries.ts'
import { problemInWorkspace, problemOfAsking, seenChange } from './asked.ts'
import { refusedDifferences } from './differences.ts'
import { type Ask, done, type Handlers, type Result, refused } from './handler.ts'
import { adopt, previousOf } from './handlers-adopt.ts'
import { connectionView } from './handlers-credentials.ts'
import { passCommand } from './handlers-people.ts'
import type { SignedRequest } from './signature.ts'
import { signedRecord } from './signed-change.ts'

type RunnerHandlers = Pick<
  Handlers,
  'reserve' | 'open' | 'adopt' | 'start' | 'refuseStart' | 'heartbeat' | 'finish'
>

export function runnerHandlers(services: Services): RunnerHandlers {
  return {
    reserve: (ask) => reserve(ask, services),
    open: (ask) => open(ask, services),
    adopt: (ask) => adopt(ask, services),
    start: async ({ actor, params, body }) => {
      const signed = { action: 'start', change: params.change, ...body } as const
      const found = await signedChange(actor, signed, services)
      if (!found.ok) return found
      return startExecution({ actor, change: found.value, body: body.body }, services)
    },
    refuseStart: (ask) => refuseStart(ask, services),
    heartbeat: (ask) => heartbeat(ask, services),
    finish: async ({ actor, params, body }) => {
      const signed = { action: 'finish', change: params.change, ...body } as const
      const found = await signedChange(actor, signed, services)
      if (!found.ok) return found
      const runnerKey = found.value.runner.publicKey
      const command = { type: 'finish', runnerKey, outcome: body.body.outcome } as const
      return passCommand({ actor, change: params.change, command }, services)
    },
  }
}

async function reserve(
  { actor, body }: Ask<'reserve'>,
  services: Services,
): ReturnType<Handlers['reserve']> {
  const state = services.audit.watch.state()
  if (state !== 'ok') return refused({ code: 'reads_only', why: state.readsOnly })
  const workspace = await workspaceNamed(actor, body.workspace, services)
  if (!workspace.ok) return workspace
  const same = { sameAs: body.sameAs, workspace: workspace.value }
  const key = await keyChange(actor, same, services)
  if (!key.ok) return key
  const change = newChangeId()
  const reservation = { change, workspace: workspace.value, actor: actorText(actor) }
  await reserveChange(services.database.kysely, reservation, services.clock.now())
  const hidingKey = encodeBase64(services.hidingKey(workspace.value, key.value ?? change))
  return done({
    change,
    workspace: workspace.value,
    workspaceName: body.workspace,
    hidingKey,
    previous: await previousOf(actor, workspace.value, services),
    connections: connectionsOf((await services.gate.access()).connections, workspace.value).map(
      connectionView,
    ),
  })
}

/** A workspace is made by its first change, where the actor may open changes anywhere. */
async function workspaceNamed(actor: Actor, name: string, services: Services) {
  const access = await services.gate.access()
  const known = [...access.workspaces.values()].find((each) => each.name === name)
  const action = 'open_change'
  if (known !== undefined) {
    const asked = { action, workspace: known.id } as const
    const problem = await problemInWorkspace(actor, asked, services)
    return problem === null ? done(known.id) : refused(problem)
  }
  const anywhere = await problemOfAsking(actor, { action, on: 'installation' }, services)
  if (anywhere !== null) return refused({ code: 'not_found', what: 'workspace' })
  const workspace = newWorkspaceId()
  const event = { type: 'workspace_created', workspace, name } as const
  const command = { type: 'change_access', event } as const
  const answer = await services.gate.handle(SYSTEM, { on: 'access', command })
  if (answer.ok) return done(workspace)
  // Two first changes at once: the other one has made it.
  const again = [...(await services.gate.access()).workspaces.values()]
  const made = again.find((each) => each.name === name)
  return made === undefined ? refused(answer.refusal) : done(made.id)
}

/**
 * A person who re-plans their own change gets that change's key again; nobody else's, and no token:
 * behind it stand many, and with the key one of them could guess what another hid.
 */
async function keyChange(
  actor: Actor,
  asked: { readonly sameAs: ChangeId | null; readonly workspace: WorkspaceId },
  services: Services,
): Promise<Result<ChangeId | null>> {
  const { sameAs, workspace } = asked
  if (sameAs === null) return done(null)
  const seen = await seenChange(actor, sameAs, services)
  if (!seen.ok) return seen
  const { change } = seen.value
  return isOwnRequest(change, refOf(actor)) && change.workspace === workspace
    ? done(sameAs)
    : refused({ code: 'not_found', what: 'change' })
}

async function open(
  { actor, params, body }: Ask<'open'>,
  services: Services,
): ReturnType<Handlers['open']> {
  const { change } = params
  const workspace = await findReservation(services.database.kysely, change)
  if (workspace === null) return refused({ code: 'not_found', what: 'reservation' })
  const asked = { action: 'open_change', workspace } as const
  const problem = await problemInWorkspace(actor, asked, services)
  if (problem !== null) return refused(problem)
  const answer = await openChange({ actor, change, workspace, request: body }, services)
  if (!answer.ok) return refused(answer.refusal)
  return done({ status: answer.change?.status ?? 'evaluating' })
}

async function signedChange(
  actor: Actor,
  request: SignedRequest,
  services: Services,
): Promise<Result<Change>> {
  const found = await signedRecord(actor, request, services)
  return found.ok ? done(found.value.change) : found
}

async function refuseStart(
  { actor, params, body }: Ask<'refuseStart'>,
  services: Services,
): ReturnType<Handlers['refuseStart']> {
  const signed = { action: 'refuse_start', change: params.change, ...body } as const
  const found = await signedChange(actor, signed, services)
  if (!found.ok) return found
  const refusal = await refusedDifferences(found.value, body.body.differences, services.database)
  const runnerKey = found.value.runner.publicKey
  const command = { type: 'refuse_start', runnerKey, refused: refusal } as const
  return passCommand({ actor, change: params.change, command }, services)
}

async function heartbeat(
  { actor, params, body }: Ask<'heartbeat'>,
  services: Services,
): ReturnType<Handlers['heartbeat']> {
  const signed = { action: 'heartbeat', change: params.change, ...body } as const
  const found = await signedChange(actor, signed, services)
  if (!found.ok) return found
  const { changeId, status, execution } = found.value
  // Whether a runner is lost is asked by the database's clock, so it beats by that one.
  const now = await databaseNow(services.database.kysely)
  const until = execution?.until ?? now
  if (status !== 'executing' || now >= until) return done({ goOn: false, until })
  const beat = { change: changeId, beat: body.body.beat, at: now }
  // A runner that is to stop is still alive until it has.
  const goOn = execution?.revoked === null
  if (await recordHeartbeat(services.database.kysely, beat)) return done({ goOn, until })
  return refused({ code: 'invalid_input', problems: ['beat: is not newer than the last one'] })
}
