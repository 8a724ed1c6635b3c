/**
 * What can be configured: one schema, from which the parser, its messages and the reference page
 * come. It reads nothing and holds no secret: a secret is named here by where it lies.
 */
import { z } from 'zod'
import { OnCallSchema } from './config-oncall.ts'
import { OidcSchema, reference, ScimSchema, WorkloadsSchema } from './config-sign-in.ts'

export const MODES = ['production', 'development'] as const
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

export const ConfigSchema = z.strictObject({
  mode: z
    .enum(MODES)
    .default('production')
    .describe('development: loopback only, named people without proof, marked in the log.'),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(7480)
        .describe('Port to listen on; 0 lets the system choose.'),
    })
    .prefault({}),
  dataDir: z
    .string()
    .min(1)
    .default('holdpoint-data')
    .describe('Folder for the embedded database, keys, the guard file and the admin token.'),
  databaseUrl: reference(
    'PostgreSQL connection string by reference; without it, PGlite.',
  ).optional(),
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .optional()
    .describe('Address people and runners use; its host is the only one answered.'),
  proxies: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      'Proxies of yours in front, each adding to X-Forwarded-For: whom a limit counts for.',
    ),
  guardFile: z
    .string()
    .min(1)
    .optional()
    .describe('Last signed size and root; best on another volume. <dataDir>/guard by default.'),
  logLevel: z.enum(LOG_LEVELS).default('info').describe('What the server logs, as JSON lines.'),
  keys: z
    .strictObject({
      log: reference('Seed of the log key. <dataDir>/keys/log.key by default.').optional(),
      mac: reference('Key of the entries’ MACs. <dataDir>/keys/mac.key by default.').optional(),
      secrets: reference(
        'Master of hiding keys. <dataDir>/keys/secrets.key by default.',
      ).optional(),
      issuer: reference(
        'Seals the keys that tokens are signed with. <dataDir>/keys/issuer.key by default.',
      ).optional(),
    })
    .prefault({}),
  aws: z
    .strictObject({
      stsEndpoint: z
        .url({ protocol: /^https?$/, error: 'must be an http or https address' })
        .optional()
        .describe('Where AWS STS is asked; by default the public endpoint of the region.'),
      iamEndpoint: z
        .url({ protocol: /^https?$/, error: 'must be an http or https address' })
        .optional()
        .describe('Where AWS IAM is asked by doctor --cloud; by default its public endpoint.'),
    })
    .prefault({}),
  oidc: OidcSchema.optional(),
  scim: ScimSchema.optional(),
  workloads: WorkloadsSchema,
  onCall: OnCallSchema,
})

export type ConfigInput = z.output<typeof ConfigSchema>

/** One row of the reference page. */
export interface ConfigKey {
  /** Dotted, as in problems and flags. */
  readonly key: string
  /** Empty for what only a file can hold. */
  readonly environment: string
  readonly flag: string
  readonly type: string
  /** As text; `null` when there is none. */
  readonly default: string | null
  readonly summary: string
}

/** Every key with its type, default and summary, in the order of the schema. */
export function configReference(): readonly ConfigKey[] {
  return rowsOf(z.toJSONSchema(ConfigSchema, { io: 'input' }), [])
}

type JsonSchema = z.core.JSONSchema.BaseSchema

function rowsOf(schema: JsonSchema, path: readonly string[]): readonly ConfigKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return []
    const here = [...path, name]
    return property.type === 'object' ? rowsOf(property, here) : [rowOf(property, here)]
  })
}

function rowOf(property: JsonSchema, path: readonly string[]): ConfigKey {
  const words = path.join('.').replaceAll(/([A-Z])/g, '_$1')
  const isList = property.type === 'array'
  return {
    key: path.join('.'),
    environment: isList ? '' : `HOLDPOINT_${words.replaceAll('.', '_').toUpperCase()}`,
    flag: isList ? '' : `--${words.replaceAll(/[._]/g, '-').toLowerCase()}`,
    type: property.enum === undefined ? String(property.type) : property.enum.join(' | '),
    default: property.default === undefined || isList ? null : String(property.default),
    summary: property.description ?? '',
  }
}
