/**
 * Where the plan would act (DESIGN §5): backend, tool workspace, lineage, and per provider its
 * region, endpoints and account. Computed when planned and again right before apply. Secrets of a
 * backend or provider never stand in it.
 */
import { join } from 'node:path'
import { field, isList, isMap, type Plan, type ProviderConfig, type Target } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { readIfThere } from '../../io/files.ts'
import { awsAccount } from '../aws-account.ts'
import { type Granted, grantedAccount } from '../broker/granted.ts'
import { readBackend } from './target-backend.ts'
import { accountOf, targetProviders } from './target-providers.ts'

export interface TargetRequest {
  readonly rootModule: string
  readonly dataFolder: string
  readonly env: Environment
  readonly providers: Plan['providers']
  readonly lineage: string | null
  /** Whose credentials act, where they are the grant's. */
  readonly granted: Granted | null
}

const NAME_BYTES_MAX = 4_096

export async function resolveTarget(request: TargetRequest): Promise<Target> {
  const { dataFolder, env } = request
  const [backend, toolWorkspace, principals] = await Promise.all([
    readBackend(dataFolder, env),
    readToolWorkspace(dataFolder, env),
    principalsOf(request),
  ])
  const providers = targetProviders(request.providers, env)
  return { backend, toolWorkspace, lineage: request.lineage, providers, principals }
}

/** `TF_WORKSPACE` wins over what `workspace select` wrote. */
async function readToolWorkspace(dataFolder: string, env: Environment): Promise<string> {
  const named = env['TF_WORKSPACE'] ?? ''
  if (named !== '') return named
  const bytes = await readIfThere(join(dataFolder, 'environment'), NAME_BYTES_MAX)
  const selected = bytes === null ? '' : bytes.toString('utf8').trim()
  return selected === '' ? 'default' : selected
}

async function principalsOf(request: TargetRequest): Promise<Target['principals']> {
  const { env, providers, rootModule, granted } = request
  const isAws = (each: ProviderConfig) => each.name === 'aws' || each.name === 'awscc'
  const aws = providers.filter(isAws)
  const asksService = aws.some((each) => ownAccount(each) === null)
  const own = grantedAccount(granted, 'aws')
  const base = !asksService ? 'unknown' : (own ?? (await awsAccount(env, rootModule)))
  const found = providers.flatMap((each) => {
    const account = isAws(each) ? (ownAccount(each) ?? base) : accountOf(each, env)
    return account === null ? [] : [{ provider: each.name, account }]
  })
  const unique = new Map(found.map((each) => [`${each.provider}\n${each.account}`, each]))
  return [...unique.keys()].toSorted().flatMap((key) => unique.get(key) ?? [])
}

/** Settings of an AWS provider block that decide the account instead of the environment. */
const OWN_SETTINGS: readonly string[] = [
  'access_key',
  'profile',
  'shared_credentials_files',
  'shared_config_files',
  'assume_role',
  'assume_role_with_web_identity',
]

/** Account of a block that assumes a role by a constant ARN; `unknown` when it cannot be told. */
function ownAccount(provider: ProviderConfig): string | null {
  const { config } = provider
  if (!isMap(config)) return 'unknown'
  if (!OWN_SETTINGS.some((name) => Object.hasOwn(config, name))) return null
  const roles = field(config, 'assume_role')
  const first = roles !== undefined && isList(roles) ? roles[0] : undefined
  const arn = field(first, 'role_arn')
  if (typeof arn !== 'string') return 'unknown'
  return /^arn:[^:]*:iam::(\d{12}):role\//.exec(arn)?.[1] ?? 'unknown'
}
