/**
 * The table that session policies are derived with: what is written down by hand about a type of
 * Terraform, joined with the maintained list of AWS's actions. What does not fit together is an
 * error here, never an entry that permits too much or too little.
 */
import { CALL_KINDS, type CallKind, type IamTable, type IamType } from '@holdpoint/core'
import { COMPUTE_TYPES } from './iam/compute-types.ts'
import { DATA_TYPES } from './iam/data-types.ts'
import { actionOf, actionsOf, arnOf, sourceName } from './iam/maintained.ts'
import { NETWORK_TYPES } from './iam/network-types.ts'
import {
  ALSO_PRIVILEGES,
  FAMILIES,
  HARMLESS_PROVIDERS,
  PRIVILEGE_SERVICES,
  READS_CONTENT,
} from './iam/privileges.ts'
import { STORAGE_TYPES } from './iam/storage-types.ts'
import type { ResourceSpec, TypeSpec, TypeSpecs } from './iam/type-spec.ts'

export const IAM_TABLE_PATH = 'packages/api/src/iam-table.json'

export const TYPE_SPECS: TypeSpecs = {
  ...STORAGE_TYPES,
  ...COMPUTE_TYPES,
  ...NETWORK_TYPES,
  ...DATA_TYPES,
}

export function iamTableFile(): string {
  return `${JSON.stringify(iamTable(), null, 1)}\n`
}

export function iamTable(): IamTable {
  const names = Object.keys(TYPE_SPECS).toSorted()
  const types = Object.fromEntries(names.map((name) => [name, typeOf(name)]))
  return {
    source: sourceName(),
    types,
    privileges: privilegesIn(Object.values(types)),
    families: Object.fromEntries(
      Object.entries(FAMILIES).map(([pattern, is]) => familyOf(pattern, is)),
    ),
    harmless: HARMLESS_PROVIDERS,
  }
}

function typeOf(name: string): IamType {
  const spec = TYPE_SPECS[name]
  if (spec === undefined) throw new Error(`${name} is not written down`)
  const resources = resourcesOf(spec)
  const arns = Object.entries(resources).map(([key, each]) => [key, templateOf(each)] as const)
  const calls = Object.fromEntries(CALL_KINDS.map((kind) => [kind, callsOf(spec, kind)]))
  return {
    arns: Object.fromEntries(arns),
    exact: spec.exact ?? ['arn'],
    calls: {
      create: calls['create'] ?? {},
      settle: calls['settle'] ?? {},
      read: calls['read'] ?? {},
      update: calls['update'] ?? {},
      tag: calls['tag'] ?? {},
      delete: calls['delete'] ?? {},
    },
    extras: spec.extras ?? [],
    privileged: privilegedOf(spec),
  }
}

function resourcesOf(spec: TypeSpec): { readonly [name: string]: ResourceSpec } {
  return { self: { is: spec.is, parts: spec.parts }, ...spec.also }
}

const FROM_TARGET: ReadonlySet<string> = new Set(['Partition', 'Region', 'Account'])

function templateOf({ is, parts }: ResourceSpec): string {
  const [service = '', ...type] = is.split('/')
  return arnOf(service, type.join('/')).replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => {
    if (FROM_TARGET.has(variable)) return `{@${variable.toLowerCase()}}`
    const part = parts[variable] ?? '*'
    return part === '*' || part.startsWith('{') ? part : `{${part}}`
  })
}

function callsOf(spec: TypeSpec, kind: CallKind): IamType['calls'][CallKind] {
  const words = (spec[kind] ?? '').split(' ').filter((each) => each !== '')
  const placed = words.map((word) => placedAction(word, spec))
  const places = [...new Set(placed.map(({ place }) => place))].toSorted()
  return Object.fromEntries(
    places.map((place) => {
      const own = placed.filter((each) => each.place === place).map(({ action }) => action)
      return [place, [...new Set(own)].toSorted()]
    }),
  )
}

/** `Subscribe@topic` on what is said; else on its own resource, where it knows that. */
function placedAction(
  word: string,
  spec: TypeSpec,
): { readonly action: string; readonly place: string } {
  const isCorrected = word.endsWith('!')
  const [written = '', condition] = word.replace(/!$/, '').split('?')
  const [full = '', place] = written.split('@')
  const [own = ''] = spec.is.split('/')
  const [service = own, name = full] = full.includes(':') ? full.split(':') : [own, full]
  const { on } = actionOf(service, name)
  const action = `${service}:${name}${condition === undefined ? '' : `?${condition}`}`
  if (on.length === 0) {
    if (place !== undefined) throw new Error(`${action} knows no resource`)
    return { action, place: '*' }
  }
  const resource = resourcesOf(spec)[place ?? 'self']
  const type = resource?.is.split('/').slice(1).join('/') ?? ''
  if (on.includes(type) === isCorrected)
    throw new Error(`${action} acts on ${on.join(', ')}, not on ${type}`)
  return { action, place: place ?? 'self' }
}

function privilegedOf({ privileged }: TypeSpec): IamType['privileged'] {
  if (privileged === undefined) return {}
  if (typeof privileged !== 'string') return privileged
  return { create: privileged, update: privileged, delete: privileged }
}

function privilegesIn(types: readonly IamType[]): readonly string[] {
  const used = types.flatMap(({ calls, extras }) => [
    ...CALL_KINDS.flatMap((kind) => Object.values(calls[kind]).flat()),
    ...extras.flatMap(({ actions }) => actions),
  ])
  const names = new Set(used.map((action) => action.split('?')[0] ?? action))
  return [...names].filter(isPrivilege).toSorted()
}

function isPrivilege(full: string): boolean {
  const [service = '', name = ''] = full.split(':')
  const { isRead, isPermissions } = actionOf(service, name)
  if (ALSO_PRIVILEGES.includes(full) || isPermissions) return true
  return PRIVILEGE_SERVICES.includes(service) && !isRead
}

/** Every action that a pattern matches, all of them settings of that one resource type. */
function familyOf(pattern: string, is: string): readonly [string, readonly string[]] {
  const [service = '', type = ''] = is.split('/')
  const start = pattern.split(':')[1]?.replace('*', '') ?? ''
  const members = [...actionsOf(service).values()].filter(({ name }) => name.startsWith(start))
  const bad = members.filter((each) => {
    const isOther = each.on.length > 0 && !each.on.includes(type)
    return !each.isRead || isOther || READS_CONTENT.test(`${service}:${each.name}`)
  })
  if (bad.length > 0) throw new Error(`${pattern} is wider: ${bad.map(({ name }) => name)}`)
  return [pattern, members.map(({ name }) => `${service}:${name}`).toSorted()]
}
