/**
 * From an access command as people type it to the event it asks for: names to ids, new ids, and
 * what must be kept beside the log (profiles) or shown once (a token's secret).
 */

import type { inputs } from '@holdpoint/api'
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type AccessEvent,
  accountDigest,
  digestText,
  groupDigest,
  identityDigest,
  type PersonId,
  type Refusal,
  type WorkspaceId,
} from '@holdpoint/core'
import type { z } from 'zod'
import { setConnection } from './credentials/set-connection.ts'
import { done, type Result, refused } from './http/handler.ts'
import { keepProfile } from './identity/profiles.ts'
import { randomSecretText } from './io/random-ids.ts'
import { newPersonId, newTokenId, newWorkspaceId } from './new-ids.ts'
import type { Services } from './services.ts'
import type { Viewer } from './views-row.ts'

type Input = z.output<typeof inputs.ChangeAccess>
type Of<T extends Input['type']> = Extract<Input, { type: T }>

export interface MadeEvent {
  readonly event: AccessEvent
  /** A new token, shown once and nowhere kept. */
  readonly secret: string | null
}

type Made = Result<MadeEvent>

export async function accessEventOf(
  input: Input,
  viewer: Viewer,
  services: Services,
): Promise<Made> {
  switch (input.type) {
    case 'add_person':
      return addPerson(input, viewer, services)
    case 'remove_person':
    case 'grant_break_glass':
    case 'revoke_break_glass':
    case 'add_member':
    case 'remove_member':
    case 'grant_role':
    case 'revoke_role':
      return personEvent(input, viewer)
    case 'create_workspace': {
      const workspace = newWorkspaceId()
      return made({ type: 'workspace_created', workspace, name: input.name })
    }
    case 'link_team': {
      const { team, issuer, group: id } = input
      const group = groupDigest({ issuer, id }, nodePrimitives)
      return made({ type: 'team_linked', team, group })
    }
    case 'unlink_team':
      return made({ type: 'team_linked', team: input.team, group: null })
    case 'link_identity': {
      const person = personNamed(input.person, viewer)
      if (person === null) return missing(`person ${input.person}`)
      const { issuer, subject } = input
      const identity = identityDigest({ issuer, subject }, nodePrimitives)
      return made({ type: 'identity_linked', person, identity })
    }
    case 'link_account':
    case 'unlink_account': {
      const person = personNamed(input.person, viewer)
      if (person === null) return missing(`person ${input.person}`)
      const { issuer, id } = input
      const type = input.type === 'link_account' ? 'account_linked' : 'account_unlinked'
      return made({ type, person, account: accountDigest({ issuer, id }, nodePrimitives) })
    }
    case 'issue_token':
      return issueToken(input, viewer, services.clock.now())
    case 'set_connection':
      return setConnection(input, viewer, services)
    case 'remove_connection':
      return made({ type: 'connection_removed', connection: input.connection })
    case 'revoke_token':
      return made({ type: 'token_revoked', token: input.token })
    default:
      return workspaceEvent(input, viewer)
  }
}

function made(event: AccessEvent, secret: string | null = null): Made {
  return done({ event, secret })
}

function missing(what: string): { readonly ok: false; readonly refusal: Refusal } {
  return refused({ code: 'not_found', what })
}

async function addPerson(
  input: Of<'add_person'>,
  viewer: Viewer,
  services: Services,
): Promise<Made> {
  const handle = input.handle.toLowerCase()
  if (viewer.names.findByHandle(handle) !== null)
    return refused({ code: 'already_exists', what: `person ${handle}` })
  const added = await keepProfile(newPersonId(), { ...input, handle }, services)
  return added.ok ? made(added.value) : added
}

type PersonInput = Of<
  | 'remove_person'
  | 'grant_break_glass'
  | 'revoke_break_glass'
  | 'add_member'
  | 'remove_member'
  | 'grant_role'
  | 'revoke_role'
>

function personEvent(input: PersonInput, viewer: Viewer): Made {
  const person = personNamed(input.person, viewer)
  if (person === null) return missing(`person ${input.person}`)
  switch (input.type) {
    case 'remove_person':
      return made({ type: 'person_removed', person })
    case 'grant_break_glass':
      return made({ type: 'break_glass_granted', person })
    case 'revoke_break_glass':
      return made({ type: 'break_glass_revoked', person })
    case 'add_member':
      return made({ type: 'member_added', team: input.team, person })
    case 'remove_member':
      return made({ type: 'member_removed', team: input.team, person })
    default: {
      const type = input.type === 'grant_role' ? 'role_granted' : 'role_revoked'
      const workspace = input.workspace === null ? 'all' : workspaceNamed(input.workspace, viewer)
      if (workspace === null) return missing(`workspace ${input.workspace}`)
      return made({ type, person, role: input.role, workspace })
    }
  }
}

type WorkspaceInput = Of<'set_labels' | 'set_owners' | 'pin_target' | 'pin_lineage'>

function workspaceEvent(input: WorkspaceInput, viewer: Viewer): Made {
  const workspace = workspaceNamed(input.workspace, viewer)
  if (workspace === null) return missing(`workspace ${input.workspace}`)
  switch (input.type) {
    case 'set_labels':
      return made({ type: 'labels_set', workspace, labels: input.labels })
    case 'set_owners': {
      const owners = input.owners.map((handle) => personNamed(handle, viewer))
      if (!owners.every((owner) => owner !== null)) {
        const nobody = input.owners.filter((_, at) => owners[at] === null)
        return missing(`person ${nobody.join(', ')}`)
      }
      return made({ type: 'owners_set', workspace, owners })
    }
    case 'pin_target':
      return made({ type: 'target_pinned', workspace, pin: input.pin })
    case 'pin_lineage':
      return made({ type: 'lineage_pinned', workspace, lineage: input.lineage })
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

function issueToken(input: Of<'issue_token'>, viewer: Viewer, now: number): Made {
  const named = input.workspaces?.map((name) => workspaceNamed(name, viewer)) ?? null
  if (named !== null && !named.every((id) => id !== null)) {
    const nowhere = input.workspaces?.filter((_, at) => named[at] === null) ?? []
    return missing(`workspace ${nowhere.join(', ')}`)
  }
  const secret = newTokenSecret()
  const event: AccessEvent = {
    type: 'token_issued',
    token: newTokenId(),
    name: input.name,
    purpose: 'service',
    person: null,
    verbs: input.verbs,
    workspaces: named ?? 'all',
    expiresAt: now + input.expiresInDays * DAY_MS,
    secretSha256: digestText(nodePrimitives, secret),
  }
  return made(event, secret)
}

export function newTokenSecret(): string {
  return `hpt_${randomSecretText()}`
}

/** By handle, or by id where the handle was erased. */
function personNamed(name: string, { names, access }: Viewer): PersonId | null {
  const byId = [...access.people.keys()].find((id) => id === name)
  return byId ?? names.findByHandle(name)
}

function workspaceNamed(name: string, { access }: Viewer): WorkspaceId | null {
  return [...access.workspaces.values()].find((each) => each.name === name)?.id ?? null
}
