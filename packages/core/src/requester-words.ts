/**
 * Who asks, in words that every surface shares. An agent is called one wherever it is named, and
 * the name that it gives itself never stands where a person's stands. What is returned still holds
 * names that others chose: each surface makes them safe.
 */
import type { RunnerTrust } from './change.ts'

export interface Asking {
  /** The name of the person or the token that the server knows. */
  readonly name: string
  readonly isPerson: boolean
  readonly agent: boolean
  /** What the agent calls itself: its own word. */
  readonly agentName: string | null
}

/** `Lars Holm`, `an agent (deploy-bot) for Lars Holm`, `an agent (ci-token, as deploy-bot)`. */
export function requesterText({ name, isPerson, agent, agentName }: Asking): string {
  if (!agent) return name
  if (isPerson)
    return agentName === null ? `an agent for ${name}` : `an agent (${agentName}) for ${name}`
  return agentName === null ? `an agent (${name})` : `an agent (${name}, as ${agentName})`
}

/** How far the word of the runner goes; of the runner, and never of who started it. */
export function runnerWords(trust: RunnerTrust): string {
  return RUNNERS[trust]
}

const RUNNERS: { readonly [T in RunnerTrust]: string } = {
  self_reported: 'on a self-reported runner',
  attested: 'on an attested runner',
  managed: 'on a managed runner',
}

/** What stands before the quotation of what the requester typed. */
export function quotedLabel({ agent }: Pick<Asking, 'agent'>): string {
  return agent ? 'the agent’s reason' : 'their words'
}

export const AGENT_NAME_MAX = 64

/** Letters, digits and `. _ - @ / +` with single spaces between: no brackets, quotes or controls. */
const AGENT_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}._@/+-]| (?! ))*$/u

export function isAgentName(text: string): boolean {
  return text.length <= AGENT_NAME_MAX && AGENT_NAME.test(text) && !text.endsWith(' ')
}

/** The nearest name that can be shown; `null` where nothing of it can. */
export function agentNameFrom(text: string): string | null {
  const plain = text
    .slice(0, 4 * AGENT_NAME_MAX)
    .replaceAll(/[^\p{L}\p{N}._@/+-]+/gu, ' ')
    .replace(/^[ ._@/+-]+/, '')
  const name = [...plain].reduce((kept, each) => {
    return kept.length + each.length > AGENT_NAME_MAX ? kept : kept + each
  }, '')
  const trimmed = name.trimEnd()
  return isAgentName(trimmed) ? trimmed : null
}
