/**
 * A connection as an admin types it: its kind says what is wrong with it, and a role that trusts this
 * server itself is bound to a workspace only after it was seen to refuse everybody else (threat C3).
 */
import type { inputs } from '@holdpoint/api'
import type { Connection, WorkspaceId } from '@holdpoint/core'
import type { z } from 'zod'
import type { MadeEvent } from '../access-names.ts'
import { done, type Result, refused } from '../http/handler.ts'
import { newConnectionId } from '../new-ids.ts'
import type { Services } from '../services.ts'
import type { Viewer } from '../views-row.ts'
import { isProven, proveConnection } from './prove.ts'
import { PROVIDERS } from './registry.ts'

type Input = Extract<z.output<typeof inputs.ChangeAccess>, { type: 'set_connection' }>

export async function setConnection(
  input: Input,
  { access, now }: Viewer,
  services: Services,
): Promise<Result<MadeEvent>> {
  const workspace = [...access.workspaces.values()].find(({ name }) => name === input.workspace)
  if (workspace === undefined)
    return refused({ code: 'not_found', what: `workspace ${input.workspace}` })
  const provider = PROVIDERS[input.kind]
  const problem = provider.problem(input)
  if (problem !== null) return refused({ code: 'invalid_input', problems: [problem] })
  const audience = input.audience ?? provider.audience(input)
  if (audience === null)
    return refused({
      code: 'invalid_input',
      problems: [
        `say the audience of its tokens: a connection of ${input.kind} has none of its own`,
      ],
    })
  const { kind, account, apply, plan, settings } = input
  const known = [...access.connections.values()].find(isOf(workspace.id, kind))
  const id = known?.id ?? newConnectionId()
  const fields = { workspace: workspace.id, kind, account, apply, plan, audience, settings }
  if (settings['trust'] === 'server') {
    const proofs = await proveConnection({ id, since: now, ...fields }, services)
    if (!isProven(proofs)) return refused(unproven(proofs))
  }
  return done({ event: { type: 'connection_set', connection: id, ...fields }, secret: null })
}

function isOf(workspace: WorkspaceId, kind: Connection['kind']) {
  return (each: Connection) => each.workspace === workspace && each.kind === kind
}

function unproven(proofs: Awaited<ReturnType<typeof proveConnection>>) {
  const wrong = proofs.filter(({ expected, found }) => expected !== found)
  const problems = wrong.map(
    ({ phase, tried, expected, says }) =>
      `${phase}, ${tried}: it should have been ${expected}. ${says}`,
  )
  return { code: 'invalid_input', problems } as const
}
