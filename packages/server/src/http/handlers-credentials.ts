/** Credentials: a runner asks for them, people see them and revoke grants, an admin proves a trust. */
import type { credentials as schemas } from '@holdpoint/api'
import {
  type Actor,
  type ChangeId,
  connectionsOf,
  isOpen,
  isRequester,
  permits,
  RAW_TOKEN_MS_MAX,
  type Refusal,
  refOf,
  subjectOf,
  type WorkspaceId,
} from '@holdpoint/core'
import type { z } from 'zod'
import { askWriting, proveConnection } from '../credentials/prove.ts'
import { grantViews } from '../grants-view.ts'
import { keepText } from '../kept.ts'
import { actorText } from '../open-change.ts'
import type { Services } from '../services.ts'
import { isReserved } from '../store/runs.ts'
import { findReservation } from '../views-queries.ts'
import { problemInWorkspace, problemOfAsking, sees, viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'
import { passCommand } from './handlers-people.ts'
import { signedRecord } from './signed-change.ts'

type CredentialHandlers = Pick<
  Handlers,
  | 'credentials'
  | 'planCredentials'
  | 'revokeGrant'
  | 'grants'
  | 'connections'
  | 'proveConnection'
  | 'rotateIssuer'
>

export function credentialHandlers(services: Services): CredentialHandlers {
  return {
    credentials: async ({ actor, params, body }) => {
      const signed = { action: 'credentials', change: params.change, ...body } as const
      const found = await signedRecord(actor, signed, services)
      if (!found.ok) return found
      return services.credentials.issue({ actor, record: found.value, ...body.body })
    },
    planCredentials: (ask) => planCredentials(ask, services),
    revokeGrant: (ask) => revokeGrant(ask, services),
    grants: async ({ actor }) => {
      const viewer = await viewerFor(actor, services)
      return done({ grants: await grantViews(viewer, services) })
    },
    connections: (ask) => connections(ask, services),
    proveConnection: (ask) => prove(ask, services),
    rotateIssuer: (ask) => rotate(ask, services),
  }
}

/** Only whoever reserved it or opened it, and only until it starts or closes. */
async function planCredentials(
  { actor, params, body }: Ask<'planCredentials'>,
  services: Services,
): ReturnType<Handlers['planCredentials']> {
  const { change } = params
  const workspace = await planningIn(actor, change, services)
  if (workspace === null || actor.kind === 'system')
    return refused({ code: 'not_found', what: 'reservation' })
  const asked = { action: 'open_change', workspace } as const
  const problem = await problemInWorkspace(actor, asked, services)
  if (problem !== null) return refused(problem)
  const connection = (await services.gate.access()).connections.get(body.connection)
  if (connection === undefined || connection.workspace !== workspace)
    return refused({ code: 'not_found', what: 'connection' })
  return services.credentials.issueForPlan({ actor, change, connection })
}

/** The workspace that this actor plans in for this change; `null`: nobody does. */
async function planningIn(
  actor: Actor,
  change: ChangeId,
  services: Services,
): Promise<WorkspaceId | null> {
  const { kysely } = services.database
  const opened = (await services.gate.change(change))?.change ?? null
  if (opened !== null) {
    const isOwn = isOpen(opened.status) && isRequester(opened, refOf(actor))
    return isOwn ? opened.workspace : null
  }
  const workspace = await findReservation(kysely, change)
  if (workspace === null) return null
  const reservation = { change, workspace, actor: actorText(actor) }
  return (await isReserved(kysely, reservation, services.clock.now())) ? workspace : null
}

async function revokeGrant(
  { actor, params, body }: Ask<'revokeGrant'>,
  services: Services,
): ReturnType<Handlers['revokeGrant']> {
  const record = await services.gate.change(params.change)
  const missing = refused({ code: 'not_found', what: 'change' })
  if (record === null) return missing
  const { workspace } = record.change
  const asked = { action: 'revoke_grant', on: { workspace } } as const
  const problem = await problemOfAsking(actor, asked, services)
  if (problem !== null) return (await sees(actor, workspace, services)) ? refused(problem) : missing
  const reason = await keepText(services.database, body.reason)
  const command = { type: 'revoke_grant', reason } as const
  return passCommand({ actor, change: params.change, command }, services)
}

async function connections(
  { actor }: Ask<'connections'>,
  services: Services,
): ReturnType<Handlers['connections']> {
  const { access, names, now } = await viewerFor(actor, services)
  const seen = [...access.workspaces.keys()].filter((workspace) =>
    permits(access, actor, { action: 'see_change', on: { workspace }, now }),
  )
  const all = permits(access, actor, { action: 'read_access', on: 'installation', now })
  const shown = all ? [...access.workspaces.keys()] : seen
  return done({
    issuer: services.issuer.url(),
    connections: shown.flatMap((workspace) =>
      connectionsOf(access.connections, workspace).map((each) => ({
        ...connectionView(each),
        workspace: { id: workspace, name: names.workspace(workspace) },
        subjects: {
          plan: each.plan === null ? null : subjectOf(each, 'plan'),
          apply: subjectOf(each, 'apply'),
        },
      })),
    ),
  })
}

export function connectionView(
  connection: Parameters<typeof subjectOf>[0] & z.input<typeof schemas.ConnectionView>,
): z.input<typeof schemas.ConnectionView> {
  const { id, kind, account, apply, plan, audience, settings } = connection
  return { id, kind, account, apply, plan, audience, settings }
}

function mayNotRule(actor: Actor, services: Services) {
  return problemOfAsking(actor, { action: 'change_access', on: 'installation' }, services)
}

async function prove(
  { actor, params }: Ask<'proveConnection'>,
  services: Services,
): ReturnType<Handlers['proveConnection']> {
  const problem = await mayNotRule(actor, services)
  if (problem !== null) return refused(problem)
  const connection = (await services.gate.access()).connections.get(params.connection)
  if (connection === undefined) return refused({ code: 'not_found', what: 'connection' })
  // Tokens that a cloud takes leave the server here too, so they are an entry before they do.
  const until = services.clock.now() + RAW_TOKEN_MS_MAX
  const event = { type: 'connection_tried', connection: connection.id, until } as const
  const command = { type: 'change_access', event } as const
  const answer = await services.gate.handle(actor, { on: 'access', command })
  if (!answer.ok) return refused(answer.refusal)
  const proofs = await proveConnection(connection, services)
  return done({ proofs, writing: await askWriting(connection, services) })
}

async function rotate(
  { actor, body }: Ask<'rotateIssuer'>,
  services: Services,
): ReturnType<Handlers['rotateIssuer']> {
  const problem = await mayNotRule(actor, services)
  if (problem !== null) return refused(problem)
  let refusal: Refusal = { code: 'not_found', what: 'issuer' }
  const rotated = await services.issuer.rotate(body.drop, async ({ key, dropped }) => {
    const event = { type: 'issuer_rotated', key, dropped } as const
    const command = { type: 'change_access', event } as const
    const answer = await services.gate.handle(actor, { on: 'access', command })
    if (!answer.ok) refusal = answer.refusal
    return answer.ok
  })
  return rotated === null ? refused(refusal) : done(rotated)
}
