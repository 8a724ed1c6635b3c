/**
 * Region, endpoints and account per provider configuration, as they resolve with the environment:
 * plan JSON is the same for two regions and two accounts. What is computed by the configuration
 * is `unknown`, never guessed; of an address its name and password are never told.
 */
import {
  field,
  isList,
  isMap,
  type ProviderConfig,
  type TargetProvider,
  type Value,
} from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { toldAddress } from './target-backend.ts'

/** Where a provider takes a setting from when its block does not say. */
interface Sources {
  readonly attribute: string
  readonly variables: readonly string[]
}

const REGIONS: { readonly [type: string]: Sources } = {
  aws: { attribute: 'region', variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'] },
  awscc: { attribute: 'region', variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'] },
  google: {
    attribute: 'region',
    variables: ['GOOGLE_REGION', 'GCLOUD_REGION', 'CLOUDSDK_COMPUTE_REGION'],
  },
  'google-beta': {
    attribute: 'region',
    variables: ['GOOGLE_REGION', 'GCLOUD_REGION', 'CLOUDSDK_COMPUTE_REGION'],
  },
}

const ACCOUNTS: { readonly [type: string]: Sources } = {
  azurerm: { attribute: 'subscription_id', variables: ['ARM_SUBSCRIPTION_ID'] },
  azuread: { attribute: 'tenant_id', variables: ['ARM_TENANT_ID'] },
  google: {
    attribute: 'project',
    variables: [
      'GOOGLE_PROJECT',
      'GOOGLE_CLOUD_PROJECT',
      'GCLOUD_PROJECT',
      'CLOUDSDK_CORE_PROJECT',
    ],
  },
  'google-beta': {
    attribute: 'project',
    variables: [
      'GOOGLE_PROJECT',
      'GOOGLE_CLOUD_PROJECT',
      'GCLOUD_PROJECT',
      'CLOUDSDK_CORE_PROJECT',
    ],
  },
  kubernetes: { attribute: 'host', variables: ['KUBE_HOST'] },
  helm: { attribute: 'host', variables: ['KUBE_HOST'] },
  vault: { attribute: 'address', variables: ['VAULT_ADDR'] },
}

const UNKNOWN = 'unknown'
/** Settings that are endpoints by their own name, beside an `endpoints` block. */
const ENDPOINTS: readonly string[] = ['host', 'address', 'endpoint', 'url', 'base_url']

export function targetProviders(
  providers: readonly ProviderConfig[],
  env: Environment,
): readonly TargetProvider[] {
  const found = providers
    .filter((each) => each.name !== 'terraform')
    .map((each) => ({
      key: each.key,
      type: each.name,
      alias: each.alias,
      region: resolveIn(REGIONS, each, env),
      endpoints: endpointsOf(each, env),
    }))
  return found.toSorted((left, right) => (left.key < right.key ? -1 : 1))
}

/** Account of a provider that says it itself; `null` for one that has none or must be asked. */
export function accountOf(provider: ProviderConfig, env: Environment): string | null {
  return resolveIn(ACCOUNTS, provider, env)
}

/** Constant in the block, else the environment, else `unknown`; `null` for a kind without one. */
function resolveIn(
  table: { readonly [type: string]: Sources },
  provider: ProviderConfig,
  env: Environment,
): string | null {
  const sources = Object.hasOwn(table, provider.name) ? table[provider.name] : undefined
  if (sources === undefined) return null
  const value = field(provider.config, sources.attribute)
  if (typeof value === 'string' && value !== '') return toldEndpoint(value)
  if (value !== undefined && value !== null && value !== '') return UNKNOWN
  if (!isMap(provider.config)) return UNKNOWN
  const name = sources.variables.find((each) => (env[each] ?? '') !== '')
  return name === undefined ? UNKNOWN : toldEndpoint(env[name] ?? UNKNOWN)
}

function endpointsOf(
  provider: ProviderConfig,
  env: Environment,
): { readonly [service: string]: string } {
  const pairs: [string, string][] = []
  if (provider.name === 'aws' || provider.name === 'awscc') pairs.push(...awsEndpoints(env))
  for (const name of ENDPOINTS) {
    const value = field(provider.config, name)
    if (value !== undefined && value !== null) pairs.push([name, textOr(value)])
  }
  for (const block of blocksOf(field(provider.config, 'endpoints')))
    for (const [service, value] of Object.entries(block))
      if (value !== null) pairs.push([service, textOr(value)])
  return Object.fromEntries(pairs)
}

/** `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`, as the provider reads them. */
function awsEndpoints(env: Environment): readonly [string, string][] {
  const names = Object.keys(env).filter((name) => name.startsWith('AWS_ENDPOINT_URL'))
  return names.map((name) => [name, toldEndpoint(env[name] ?? '')])
}

function blocksOf(value: Value | undefined): readonly { readonly [key: string]: Value }[] {
  if (value === undefined) return []
  if (isList(value)) return value.filter(isMap)
  return isMap(value) ? [value] : []
}

function textOr(value: Value): string {
  return typeof value === 'string' ? toldEndpoint(value) : UNKNOWN
}

/** Without a scheme it is a host, and a name and a password stand before it. */
function toldEndpoint(text: string): string {
  return toldAddress(text).replace(/^[^/?#\s]*@/, '')
}
