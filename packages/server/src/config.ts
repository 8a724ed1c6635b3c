/**
 * Reads the configuration once, from its four sources in their fixed order, and reports every
 * problem at once. It reads no file and no environment of its own: both are handed in, so that
 * `holdpoint config check` says exactly what the server would. A secret's value is never quoted.
 */
import { resolve } from 'node:path'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import type { z } from 'zod'
import { type ConfigInput, type ConfigKey, ConfigSchema, configReference } from './config-schema.ts'
import { Secret } from './io/secret.ts'

export { type ConfigKey, configReference } from './config-schema.ts'

/** Where a secret lies. A value from the environment is already here; a file is read at start. */
export type SecretSource =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'env'; readonly name: string; readonly secret: Secret }

export interface Config {
  readonly mode: 'production' | 'development'
  readonly listen: { readonly host: string; readonly port: number }
  /** Absolute. */
  readonly dataDir: string
  /** `null`: the embedded database in `dataDir`. */
  readonly databaseUrl: SecretSource | null
  /** Without a trailing slash; `null`: what the server listens on. */
  readonly publicUrl: string | null
  /** How many proxies of ours stand in front. */
  readonly proxies: number
  readonly guardFile: string
  readonly logLevel: ConfigInput['logLevel']
  /** `null`: nobody signs in by an identity provider. */
  readonly oidc: OidcConfig | null
  /** `null`: no directory may name people. */
  readonly scim: { readonly token: SecretSource; readonly issuer: string } | null
  readonly workloads: ConfigInput['workloads']
  /** `null`: the public endpoint of the connection's region. */
  readonly stsEndpoint: string | null
  readonly iamEndpoint: string | null
  /** With the key where the kind has one. */
  readonly onCall: readonly OnCallConfig[]
  /** `null`: a file below `dataDir/keys`, made at first start. */
  readonly keys: {
    readonly log: SecretSource | null
    readonly mac: SecretSource | null
    readonly secrets: SecretSource | null
    readonly issuer: SecretSource | null
  }
}

export interface OnCallConfig {
  readonly source: ConfigInput['onCall'][number]
  readonly token: SecretSource | null
}

export interface OidcConfig extends Omit<NonNullable<ConfigInput['oidc']>, 'clientSecret'> {
  readonly clientSecret: SecretSource
}

export interface ConfigProblem {
  /** Dotted path of the key, empty when it is about a whole source. */
  readonly path: string
  readonly found: string
  readonly allowed: string
}

export interface ConfigSources {
  /** Long flags without dashes, or dotted keys, and their texts: `{ mode: 'development' }`. */
  readonly flags: { readonly [name: string]: string }
  readonly env: { readonly [name: string]: string | undefined }
  /** Text of the YAML file given by `--config`, `null` without one. */
  readonly fileText: string | null
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

interface Tree {
  [key: string]: unknown
}

/** Defaults < file < environment < flags. */
export function parseConfig(sources: ConfigSources): ParsedConfig {
  const problems: ConfigProblem[] = []
  const tree = fileTree(sources.fileText, problems)
  layEnvironment(tree, sources.env)
  layFlags(tree, sources.flags, problems)
  const parsed = ConfigSchema.safeParse(tree)
  if (!parsed.success)
    problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, tree)))
  if (!parsed.success) {
    problems.push(...unsetReferences(tree, sources.env))
    return { ok: false, problems }
  }
  const config = configOf(parsed.data, sources.env, problems)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config }
}

/** One problem as a sentence. */
export function describeConfigProblem(problem: ConfigProblem): string {
  const where = problem.path === '' ? 'configuration' : problem.path
  return `${where}: found ${problem.found}; ${problem.allowed}`
}

function fileTree(text: string | null, problems: ConfigProblem[]): Tree {
  if (text === null) return {}
  try {
    const value: unknown = parseYaml(text, { maxAliasCount: 0 })
    if (value === null) return {}
    if (isTree(value)) return structuredClone(value)
    problems.push({ path: '', found: nameOf(value), allowed: 'the file must hold keys and values' })
  } catch (error) {
    const at = error instanceof YAMLParseError ? error.linePos?.[0] : undefined
    const place = at === undefined ? '' : ` at line ${at.line}, column ${at.col}`
    problems.push({ path: '', found: `text that is not YAML${place}`, allowed: 'must be YAML' })
  }
  return {}
}

// Names we do not know are left alone: a cluster sets variables like HOLDPOINT_PORT by itself.
function layEnvironment(tree: Tree, env: ConfigSources['env']): void {
  for (const row of configReference()) {
    const text = row.environment === '' ? undefined : env[row.environment]
    if (text !== undefined && text !== '') put(tree, row, text)
  }
}

function layFlags(tree: Tree, flags: ConfigSources['flags'], problems: ConfigProblem[]): void {
  const rows = configReference().filter((row) => row.flag !== '')
  for (const [name, text] of Object.entries(flags)) {
    const row = rows.find((each) => each.flag === `--${name}` || each.key === name)
    if (row !== undefined) put(tree, row, text)
    else
      problems.push({
        path: `--${name}`,
        found: 'a flag that is not known',
        allowed: `must be one of ${rows.map((each) => each.flag).join(', ')}`,
      })
  }
}

function put(tree: Tree, row: ConfigKey, text: string): void {
  const path = row.key.split('.')
  const last = path.pop() ?? row.key
  let at = tree
  for (const step of path) {
    const next = at[step]
    const branch: Tree = isTree(next) ? next : {}
    at[step] = branch
    at = branch
  }
  at[last] = typed(row, text)
}

function typed(row: ConfigKey, text: string): string | number | boolean {
  if (row.type === 'integer' && /^\d+$/.test(text)) return Number(text)
  return row.type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text
}

function problemsOf(issue: z.core.$ZodIssue, tree: Tree): readonly ConfigProblem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      found: 'a key that is not known',
      allowed: `must be one of ${knownBelow(path).join(', ')}`,
    }))
  const value = path.reduce<unknown>(childOf, tree)
  // A reference that was meant to be one may be the secret itself.
  const at = path.join('.')
  const isToken = path[0] === 'onCall' && path.at(-1) === 'token'
  const secret = isToken || path[0] === 'keys' || REFERENCES.some((each) => each === at)
  const found = secret ? 'a value that is not shown' : nameOf(value)
  return [{ path: path.join('.'), found, allowed: allowedBy(issue) }]
}

function childOf(at: unknown, step: string): unknown {
  if (Array.isArray(at)) return at[Number(step)]
  return isTree(at) ? at[step] : undefined
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return `must be ${issue.expected}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return issue.message
}

/** Told beside what the schema finds: nobody mends a configuration one problem at a time. */
function unsetReferences(tree: Tree, env: ConfigSources['env']): readonly ConfigProblem[] {
  return REFERENCES.flatMap((path) => {
    const text = path.split('.').reduce<unknown>((at, step) => (isTree(at) ? at[step] : null), tree)
    const isReference = typeof text === 'string' && /^env:[A-Za-z_]\w*$/.test(text)
    return isReference && sourceOf(text, env) === 'missing' ? [unsetProblem(path, text)] : []
  })
}

const REFERENCES = [
  'databaseUrl',
  'keys.log',
  'keys.mac',
  'keys.secrets',
  'keys.issuer',
  'oidc.clientSecret',
  'scim.token',
] as const

function unsetProblem(path: string, reference: string): ConfigProblem {
  return {
    path,
    found: `${reference}, which is not set`,
    allowed: 'the variable it names must be set and not empty',
  }
}

function knownBelow(path: readonly string[]): readonly string[] {
  const names = configReference()
    .map((row) => row.key.split('.'))
    .filter((key) => path.every((step, index) => key[index] === step))
    .map((key) => key[path.length] ?? '')
  return [...new Set(names)]
}

function configOf(
  input: ConfigInput,
  env: ConfigSources['env'],
  problems: ConfigProblem[],
): Config {
  const dataDir = resolve(input.dataDir)
  const secretAt = (path: string, text: string | undefined): SecretSource | null => {
    const found = text === undefined ? null : sourceOf(text, env)
    if (found !== 'missing') return found
    problems.push(unsetProblem(path, text ?? ''))
    return null
  }
  problems.push(...placeProblems(input))
  return {
    mode: input.mode,
    listen: input.listen,
    dataDir,
    databaseUrl: secretAt('databaseUrl', input.databaseUrl),
    publicUrl: input.publicUrl?.replace(/\/+$/, '') ?? null,
    proxies: input.proxies,
    guardFile: resolve(input.guardFile ?? `${dataDir}/guard`),
    logLevel: input.logLevel,
    ...signInOf(input, secretAt),
    workloads: input.workloads,
    stsEndpoint: input.aws.stsEndpoint ?? null,
    iamEndpoint: input.aws.iamEndpoint ?? null,
    onCall: onCallOf(input, secretAt),
    keys: {
      log: secretAt('keys.log', input.keys.log),
      mac: secretAt('keys.mac', input.keys.mac),
      secrets: secretAt('keys.secrets', input.keys.secrets),
      issuer: secretAt('keys.issuer', input.keys.issuer),
    },
  }
}

type SecretAt = (path: string, text: string | undefined) => SecretSource | null

function signInOf(input: ConfigInput, secretAt: SecretAt): Pick<Config, 'oidc' | 'scim'> {
  const clientSecret = secretAt('oidc.clientSecret', input.oidc?.clientSecret)
  const token = secretAt('scim.token', input.scim?.token)
  const issuer = input.scim?.issuer ?? input.oidc?.issuer ?? null
  return {
    oidc:
      input.oidc === undefined || clientSecret === null ? null : { ...input.oidc, clientSecret },
    scim: token === null || issuer === null ? null : { token, issuer },
  }
}

function onCallOf({ onCall }: ConfigInput, secretAt: SecretAt): readonly OnCallConfig[] {
  return onCall.map((source, at) => ({
    source,
    token: secretAt(`onCall.${at}.token`, 'token' in source ? source.token : undefined),
  }))
}

function placeProblems(input: ConfigInput): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (input.mode === 'development' && !isLoopback(input.listen.host))
    problems.push({
      path: 'listen.host',
      found: nameOf(input.listen.host),
      allowed: 'must be 127.0.0.1, ::1 or localhost in development mode',
    })
  if (input.publicUrl === undefined && !isLoopback(input.listen.host))
    problems.push({
      path: 'publicUrl',
      found: nameOf(undefined),
      allowed: 'must be given when listen.host is not loopback: only its host is answered',
    })
  if (input.scim !== undefined && input.scim.issuer === undefined && input.oidc === undefined)
    problems.push({
      path: 'scim.issuer',
      found: nameOf(undefined),
      allowed: 'must be given where oidc is not set up: people are known by issuer and subject',
    })
  if (input.scim !== undefined && input.oidc?.groupsClaim !== undefined)
    problems.push({
      path: 'oidc.groupsClaim',
      found: nameOf(input.oidc.groupsClaim),
      allowed: 'must not be given beside scim: one of them names the members of a team',
    })
  return problems
}

function sourceOf(text: string, env: ConfigSources['env']): SecretSource | 'missing' {
  if (text.startsWith('file:')) return { from: 'file', path: resolve(text.slice('file:'.length)) }
  const name = text.slice('env:'.length)
  const value = env[name]
  if (value === undefined || value === '') return 'missing'
  return { from: 'env', name, secret: new Secret(value) }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text
}
