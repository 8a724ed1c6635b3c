/** Who somebody is, in words: a person by name, a machine as a machine, never "a user". */
import { requesterText, runnerWords } from '@holdpoint/core'
import type { ActorView, ChangeRow } from './wire.ts'

export function actorName(actor: ActorView): string {
  if (actor.name !== null) return actor.name
  if (actor.kind === 'system') return 'Holdpoint'
  if (actor.kind === 'admin_token') return 'the admin token'
  return actor.kind === 'person' ? 'a person whose name was erased' : 'a token without a name'
}

export interface RequesterWords {
  readonly name: string
  /** `through GitHub Actions`, `from a terminal`. */
  readonly through: string
  readonly trust: string
  readonly agent: boolean
}

interface Requested extends Pick<ChangeRow, 'requester' | 'agent' | 'agentName' | 'door'> {
  readonly pipeline?: string | null
  readonly runner?: { readonly trust: 'self_reported' | 'attested' | 'managed' }
}

export function requesterWords(change: Requested): RequesterWords {
  const { agent, pipeline = null } = change
  return {
    name: requesterName(change),
    through: pipeline === null ? throughDoor(change) : `through ${pipeline}`,
    trust: runnerWords(change.runner?.trust ?? 'self_reported'),
    agent,
  }
}

/** `Lars Holm`, `an agent (deploy-bot) for Lars Holm`. */
export function requesterName(
  change: Pick<ChangeRow, 'requester' | 'agent' | 'agentName'>,
): string {
  const { requester, agent, agentName } = change
  const isPerson = requester.kind === 'person'
  return requesterText({ name: actorName(requester), isPerson, agent, agentName })
}

function throughDoor(change: Requested): string {
  if (change.door === 'gate') return 'through a pipeline that applies by itself'
  return change.requester.kind === 'person' ? 'from a terminal' : 'with a token'
}

/** Who applies it after release: "Mira's run". */
export function whoApplies(change: Requested): string {
  const { requester, pipeline = null } = change
  const name = requester.kind === 'person' ? firstOf(requester.name) : actorName(requester)
  const what = pipeline !== null || change.door === 'gate' ? 'pipeline' : 'terminal'
  return `${name}’s ${what}`
}

function firstOf(name: string | null): string {
  return name === null ? 'the requester' : (name.split(/\s+/)[0] ?? name)
}
