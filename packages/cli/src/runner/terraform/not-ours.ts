/**
 * Whether something acted in a cloud without asking for our credentials: then it had others. It is
 * recorded with the outcome; what was done with them is in the cloud's own log.
 */
import type { Plan } from '@holdpoint/core'
import type { Broker } from '../broker/broker.ts'
import type { Connection } from '../broker/kind.ts'

/** Providers that ask whenever they act, by the kind that they ask for. Vault's has its token before. */
const ASKS: { readonly [provider: string]: Connection['kind'] } = {
  aws: 'aws',
  google: 'google',
  'google-beta': 'google',
  azurerm: 'azure',
  azuread: 'azure',
  azapi: 'azure',
  kubernetes: 'kubernetes',
  helm: 'kubernetes',
}

/** Change only what the tool itself keeps. */
const KEPT_HERE: readonly string[] = ['noop', 'move', 'forget']

export function actedWithOthers(
  { resources }: Pick<Plan, 'resources'>,
  { count }: Pick<Broker, 'count'>,
): boolean {
  return resources.some(({ action, provider }) => {
    const name = provider.split('/').at(-1) ?? ''
    const kind = Object.hasOwn(ASKS, name) ? ASKS[name] : undefined
    return kind !== undefined && !KEPT_HERE.includes(action) && count(kind) === 0
  })
}
