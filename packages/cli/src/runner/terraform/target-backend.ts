/**
 * The backend as the tool recorded it at init. Only settings on the list are taken, because a
 * backend block may hold keys and passwords; what is not on the list never leaves the machine.
 */
import { join } from 'node:path'
import { OWN_BACKEND_SETTING, type Target } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { readJsonIfThere } from '../../io/files.ts'

/** Non-secret settings that say where the state is, per backend. */
const SETTINGS: { readonly [type: string]: readonly string[] } = {
  local: ['path', 'workspace_dir'],
  s3: [
    'bucket',
    'key',
    'region',
    'workspace_key_prefix',
    'endpoint',
    'endpoints',
    'role_arn',
    'assume_role',
    'profile',
    'dynamodb_table',
    'use_lockfile',
    'encrypt',
    'kms_key_id',
  ],
  gcs: ['bucket', 'prefix', 'storage_custom_endpoint'],
  azurerm: [
    'storage_account_name',
    'container_name',
    'key',
    'resource_group_name',
    'subscription_id',
    'tenant_id',
    'environment',
    'endpoint',
  ],
  http: ['address', 'update_method', 'lock_address', 'unlock_address'],
  consul: ['address', 'path', 'scheme', 'datacenter'],
  kubernetes: ['secret_suffix', 'namespace', 'host', 'config_path', 'config_context'],
  pg: ['schema_name', 'conn_str'],
  cos: ['bucket', 'prefix', 'key', 'region'],
  oss: ['bucket', 'prefix', 'key', 'region', 'endpoint'],
  remote: ['hostname', 'organization', 'workspaces'],
  cloud: ['hostname', 'organization', 'workspaces'],
}

/** Backends that take an address from the environment when the block has none. */
const FROM_ENVIRONMENT: { readonly [type: string]: { readonly [setting: string]: string } } = {
  s3: { region: 'AWS_REGION' },
  http: {
    address: 'TF_HTTP_ADDRESS',
    lock_address: 'TF_HTTP_LOCK_ADDRESS',
    unlock_address: 'TF_HTTP_UNLOCK_ADDRESS',
    update_method: 'TF_HTTP_UPDATE_METHOD',
  },
  azurerm: { subscription_id: 'ARM_SUBSCRIPTION_ID', tenant_id: 'ARM_TENANT_ID' },
  cloud: { hostname: 'TF_CLOUD_HOSTNAME', organization: 'TF_CLOUD_ORGANIZATION' },
  consul: { address: 'CONSUL_HTTP_ADDR' },
}

/** Credentials in the block itself, of clouds: that they are there is told, and never what they are. */
const OWN_KEYS: { readonly [type: string]: readonly string[] } = {
  s3: [
    'access_key',
    'secret_key',
    'token',
    'shared_credentials_file',
    'shared_credentials_files',
    'shared_config_files',
    'assume_role_with_web_identity',
  ],
  gcs: ['credentials', 'access_token', 'impersonate_service_account'],
  azurerm: [
    'access_key',
    'client_secret',
    'client_certificate',
    'client_certificate_path',
    'sas_token',
    'oidc_token',
    'oidc_token_file_path',
    'oidc_request_url',
    'oidc_request_token',
    'use_msi',
    'use_aks_workload_identity',
  ],
}

const RECORD_BYTES_MAX = 16 * 1024 * 1024

export async function readBackend(
  dataFolder: string,
  env: Environment,
): Promise<Target['backend']> {
  const record = await readJsonIfThere(join(dataFolder, 'terraform.tfstate'), RECORD_BYTES_MAX)
  const backend = memberOf(record, 'backend')
  const type = memberOf(backend, 'type')
  if (typeof type !== 'string') return { type: 'local', settings: {} }
  const config = memberOf(backend, 'config')
  const names = Object.hasOwn(SETTINGS, type) ? (SETTINGS[type] ?? []) : []
  const pairs = names.flatMap((name): [string, string][] => {
    const text = textOf(memberOf(config, name)) ?? fromEnvironment(type, name, env)
    const told = text === null ? '' : toldOf(name, text)
    return told === '' ? [] : [[name, told]]
  })
  const keys = Object.hasOwn(OWN_KEYS, type) ? (OWN_KEYS[type] ?? []) : []
  const own = keys.filter((name) => ![null, 'false'].includes(textOf(memberOf(config, name))))
  if (own.length > 0) pairs.push([OWN_BACKEND_SETTING, own.join(', ')])
  return { type, settings: Object.fromEntries(pairs) }
}

function fromEnvironment(type: string, name: string, env: Environment): string | null {
  const variable = FROM_ENVIRONMENT[type]?.[name]
  return variable === undefined ? null : (env[variable] ?? null)
}

function memberOf(document: unknown, key: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return Object.hasOwn(document, key) ? Reflect.get(document, key) : undefined
}

/** Blocks are printed as JSON with sorted keys and without what is not set. */
function textOf(setting: unknown): string | null {
  if (typeof setting === 'string') return setting === '' ? null : setting
  if (typeof setting === 'number' || typeof setting === 'boolean') return String(setting)
  if (typeof setting !== 'object' || setting === null) return null
  return JSON.stringify(sorted(setting))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).filter((key) => Reflect.get(value, key) !== null)
  return Object.fromEntries(keys.toSorted().map((key) => [key, sorted(Reflect.get(value, key))]))
}

/** What of a connection may be told; see `toldAddress` for an address. */
function toldOf(name: string, text: string): string {
  if (name !== 'conn_str' || URL.canParse(text)) return toldAddress(text)
  // The other form of a connection, `host=… dbname=…`: what is not picked may be a password.
  const parts = text.matchAll(/(?<=^|\s)(?:host|hostaddr|port|dbname)\s*=\s*[\w./:-]+/g)
  return [...parts].map(([part]) => part.replaceAll(/\s/g, '')).join(' ')
}

/** Parts of a query that say which state is meant; any other may be a token. */
const TOLD_IN_QUERY: readonly string[] = [
  ...['name', 'state', 'workspace', 'project', 'stack', 'env', 'environment', 'path'],
  ...['host', 'port', 'dbname'],
]

/** An address may carry `user:password@` and a query with a token: what is left may be told. */
export function toldAddress(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text
  if (!URL.canParse(text)) return text.replace(/(?<=^[^/]*\/\/)[^/?#]*@/, '').replace(/\?.*/s, '')
  const url = new URL(text)
  if (url.username === '' && url.password === '' && url.search === '') return text
  url.username = ''
  url.password = ''
  const query = [...url.searchParams].filter(([name]) => TOLD_IN_QUERY.includes(name))
  url.search = new URLSearchParams(query).toString()
  return url.toString()
}
