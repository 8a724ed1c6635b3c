/**
 * What saving the state needs, where the state is in S3: this workspace's object and its lock. Every
 * other key of the bucket stays shut, because state holds secrets in clear.
 */
import { isSafePart, partitionOf } from './session-policy-arn.ts'
import { documentOf } from './session-policy-document.ts'
import type { Grant } from './session-policy-grants.ts'
import type { Target } from './target.ts'

const PREFIX = 'env:'
const TERRAFORM_DEFAULT = 'default'

export type StateNeed =
  | { readonly kind: 'elsewhere' }
  /** The state is read with a role of its own, which the policy cannot follow. */
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'unclear'; readonly setting: string }
  | { readonly kind: 'object'; readonly grants: readonly Grant[] }

/**
 * The policy for a grace credential: it saves this workspace's state and takes its lock away, and
 * reads no other key. `null` where the backend is another one, or does not say which object it is.
 */
export function stateSessionPolicy(input: {
  readonly target: Target
  readonly account: string
}): string | null {
  const need = stateNeed(input)
  return need.kind === 'object' ? documentOf(need.grants, {}).text : null
}

export function stateNeed(input: { readonly target: Target; readonly account: string }): StateNeed {
  const { backend, toolWorkspace } = input.target
  if (backend.type !== 's3') return { kind: 'elsewhere' }
  const setting = (name: string): string =>
    Object.hasOwn(backend.settings, name) ? (backend.settings[name] ?? '') : ''
  const role = setting('role_arn') || setting('assume_role')
  if (role !== '') return { kind: 'role', role }
  const [bucket, key, table] = [setting('bucket'), setting('key'), setting('dynamodb_table')]
  const region = setting('region')
  const prefix = setting('workspace_key_prefix') || PREFIX
  const object = toolWorkspace === TERRAFORM_DEFAULT ? key : `${prefix}/${toolWorkspace}/${key}`
  const texts = {
    bucket,
    key: object,
    region: region || 'none',
    prefix,
    dynamodb_table: table || 'none',
  }
  const bad = Object.entries(texts).find(([, text]) => text === '' || !isSafePart(text))
  if (bad !== undefined || key === '') return { kind: 'unclear', setting: bad?.[0] ?? 'key' }
  if (!/^\d{12}$/.test(input.account)) return { kind: 'unclear', setting: 'account' }
  const base = `arn:${partitionOf(region)}`
  const locks = table === '' ? [] : lockGrants({ table, region, base, account: input.account })
  return {
    kind: 'object',
    grants: [
      ...s3Grants(`${base}:s3:::${bucket}`, object, `${prefix}/`),
      ...keyGrants(`${base}:s3:::${bucket}`, object, setting('kms_key_id')),
      ...locks.map(({ action, resource }) => ({
        action: `${action}?dynamodb:LeadingKeys=${bucket}/${object}|${bucket}/${object}-md5`,
        resource,
      })),
    ],
  }
}

function s3Grants(bucket: string, key: string, workspaces: string): readonly Grant[] {
  const grant = (action: string, resource: string): Grant => ({ action, resource })
  const state = `${bucket}/${key}`
  const lock = `${state}.tflock`
  return [
    ...['s3:GetObject', 's3:PutObject'].map((action) => grant(action, state)),
    ...['s3:DeleteObject', 's3:GetObject', 's3:PutObject'].map((action) => grant(action, lock)),
    // Terraform looks which workspaces there are; names alone, and that an object is missing.
    grant(`s3:ListBucket?s3:prefix=${[key, workspaces].toSorted().join('|')}`, bucket),
  ]
}

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/

/**
 * A bucket may encrypt with a key of KMS and the backend say nothing of it, so S3 may use any key,
 * but for these objects alone: S3 names them, or the bucket where it has a key of its own, as the
 * encryption context (Amazon S3 User Guide, encryption context of SSE-KMS).
 */
function keyGrants(bucket: string, key: string, named: string): readonly Grant[] {
  const objects = [bucket, `${bucket}/${key}`, `${bucket}/${key}.tflock`].join('|')
  const condition = `kms:EncryptionContext:aws:s3:arn=${objects}`
  const resource = KEY_ARN.test(named) ? named : '*'
  return ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => {
    return { action: `${action}?${condition}`, resource }
  })
}

function lockGrants(where: {
  readonly table: string
  readonly region: string
  readonly base: string
  readonly account: string
}): readonly Grant[] {
  const { table, region, base, account } = where
  const name = table.startsWith('arn:') ? table : `table/${table}`
  const resource = table.startsWith('arn:') ? name : `${base}:dynamodb:${region}:${account}:${name}`
  const actions = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem']
  return actions.map((action) => ({ action, resource }))
}
