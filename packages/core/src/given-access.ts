/**
 * Access that is given by something else than a policy document or a list of members: a boundary
 * that goes, a permission without a source, a list of who may use a bucket, the place where a role
 * holds, a whole policy of a project. One sentence each; what is hidden or undecided is `unclear`.
 */
import {
  type Attributes,
  isOpaque,
  manyOf,
  onlyBlock,
  type ReadSides,
  readerOf,
  textOf,
} from './attribute-reader.ts'
import { hasMarker } from './hidden-text.ts'
import { jsonInText } from './json-in-text.ts'
import { join, plain, say } from './phrase.ts'
import type { Comparison } from './policy-document.ts'
import { field, type Value } from './value.ts'

type Found = Exclude<Comparison, { readonly kind: 'same' }>

export function givenAccess({ key, action, before, after }: ReadSides): readonly Found[] {
  // What is deleted gives nothing any more.
  if (action === 'delete') return []
  return KINDS.flatMap(([pattern, find]) => (pattern.test(key) ? find(before, after) : []))
}

type Find = (before: Attributes, after: Attributes) => readonly Found[]

const KINDS: readonly (readonly [RegExp, Find])[] = [
  [/^aws:iam(?:role|user)$/, boundary],
  [/^aws:lambdapermission$/, unscoped],
  [/^aws:s3(?:bucket|bucketacl|object|bucketobject|objectcopy)$/, publicGrantees],
  [/^azure:(?:authorization)?roleassignment$/, scope],
  [/^google:\w*iampolicy$/, bindings],
]

function wider(says: Found['says']): Found {
  return { kind: 'wider', says }
}

function unclear(words: string): Found {
  return { kind: 'unclear', says: plain(words) }
}

function isThere(value: Value | undefined): value is Value {
  return value !== undefined && value !== null && value !== ''
}

/** It limits whatever policies give (IAM User Guide, permissions boundaries). */
function boundary(before: Attributes, after: Attributes): readonly Found[] {
  const old = before('permissionsboundary')
  const next = after('permissionsboundary')
  if (!isThere(old)) return []
  if (isThere(next)) {
    const isSame = !isOpaque(next) && textOf(next) === textOf(old)
    return isSame ? [] : [unclear('Another permissions boundary limits it')]
  }
  const name = textOf(old)
  const says = plain('Takes its permissions boundary away')
  return [wider(name === null ? says : join(says, say`(${name})`))]
}

const SOURCES = ['sourcearn', 'sourceaccount', 'principalorgid'] as const

/** A service calls for whoever asks it to, unless the permission names for whom. */
function unscoped(before: Attributes, after: Attributes): readonly Found[] {
  const principal = textOf(after('principal'))
  if (principal === null || !isUnscoped(after)) return []
  if (textOf(before('principal')) === principal && isUnscoped(before)) return []
  if (principal === '*') return [wider(plain('Lets anyone call it'))]
  return [wider(say`Lets every account call it through ${principal}`)]
}

function isUnscoped(read: Attributes): boolean {
  const principal = textOf(read('principal')) ?? ''
  if (principal !== '*' && !/\.amazonaws\.com(?:\.cn)?$/.test(principal)) return false
  return !SOURCES.some((name) => isThere(read(name)))
}

const PUBLIC_GROUP = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/

/** The two groups of Amazon S3 that are everyone, and everyone who has an account. */
function publicGrantees(before: Attributes, after: Attributes): readonly Found[] {
  const old = granteesOf(before)
  const next = granteesOf(after)
  const news = (next.open ?? []).filter((each) => !(old.open ?? []).includes(each))
  const [first] = news
  if (first !== undefined) {
    const who = first.startsWith('AllUsers') ? 'anyone' : 'anyone with an account'
    return [wider(plain(`Lets ${who} use it, by its access list`))]
  }
  return next.isOpaque ? [unclear('Whom its access list lets in cannot be compared')] : []
}

interface Grantees {
  readonly open: readonly string[]
  readonly isOpaque: boolean
}

function granteesOf(read: Attributes): Grantees {
  const policy = read('accesscontrolpolicy')
  const inside = policy === undefined ? undefined : readerOf([onlyBlock(policy)])('grant', 'grants')
  const grants = [...manyOf(read('grant', 'grants')), ...manyOf(inside)]
  const blocks = grants.map((grant) => readerOf([grant]))
  const groups = blocks.map((block) => {
    const grantee = block('grantee')
    const uri = grantee === undefined ? block('uri') : readerOf([onlyBlock(grantee)])('uri')
    const rights = manyOf(block('permission', 'permissions')).map(textOf).toSorted().join(' ')
    return { uri, rights, grantee: grantee === undefined ? undefined : onlyBlock(grantee) }
  })
  const open = groups.flatMap(({ uri, rights }) => {
    const text = textOf(uri)
    if (text === null || !PUBLIC_GROUP.test(text)) return []
    return [`${text.slice(text.lastIndexOf('/') + 1)} ${rights}`]
  })
  const parts = [policy, policy === undefined ? undefined : onlyBlock(policy), inside, ...grants]
  const isHidden = [...parts, ...groups.flatMap(({ uri, grantee }) => [uri, grantee])]
  return { open, isOpaque: isHidden.some(isOpaque) }
}

/** A role holds for what lies below its scope; a new one is told with its role and principal. */
function scope(before: Attributes, after: Attributes): readonly Found[] {
  const old = before('scope')
  const next = after('scope')
  if (!isThere(old)) return []
  if (isOpaque(old) || isOpaque(next)) return [unclear('Where its role holds cannot be compared')]
  const [was, is] = [scopeText(old), scopeText(next)]
  if (is === was || is.startsWith(`${was}/`)) return []
  return [wider(say`Its role now holds in ${textOf(next) ?? ''}`)]
}

/** Names of the cloud do not mind case; the root is above all. */
function scopeText(value: Value | undefined): string {
  return (textOf(value) ?? '').toLowerCase().replace(/\/$/, '')
}

/** The policy of a whole project, folder, bucket and the like replaces every other binding. */
function bindings(before: Attributes, after: Attributes): readonly Found[] {
  const old = pairsOf(before('policydata'))
  const next = pairsOf(after('policydata'))
  if (old === null || next === null) return [unclear('What it allows cannot be compared')]
  const news = next.filter(([role, member]) => {
    return !old.some(([oldRole, oldMember]) => oldRole === role && oldMember === member)
  })
  const [first] = news.toSorted((left, right) => everyoneFirst(left[1], right[1]))
  if (first === undefined) return []
  const [role, member] = first
  const more = news.length === 1 ? [] : plain(`and ${news.length - 1} more`)
  return [wider(join(say`Gives ${role} to ${member}`, everyoneWords([member]), more))]
}

type Pair = readonly [role: string, member: string]

/** With its condition: who has a role at other times has another one. Null if it cannot be read. */
function pairsOf(policy: Value | undefined): readonly Pair[] | null {
  if (!isThere(policy)) return []
  const data = typeof policy === 'string' && !hasMarker(policy) ? jsonInText(policy) : null
  if (data === null) return null
  const pairs: Pair[] = []
  for (const binding of manyOf(field(data, 'bindings'))) {
    const role = textOf(field(binding, 'role'))
    const condition = field(binding, 'condition') ?? null
    if (role === null) return null
    for (const each of manyOf(field(binding, 'members'))) {
      const member = textOf(each)
      if (member === null) return null
      pairs.push([condition === null ? role : `${role} if ${JSON.stringify(condition)}`, member])
    }
  }
  return pairs
}

const EVERYONE: ReadonlyMap<string, string> = new Map([
  ['allUsers', '(anyone)'],
  ['*', '(anyone)'],
  ['allAuthenticatedUsers', '(anyone with an account)'],
])

/** They stand first where there is no room for all. */
export function everyoneFirst(left: string, right: string): number {
  return Number(EVERYONE.has(right)) - Number(EVERYONE.has(left))
}

/** What the names say that mean everybody; nothing where none does. */
export function everyoneWords(names: readonly string[]): Found['says'] {
  const word = names.map((name) => EVERYONE.get(name)).find((each) => each !== undefined)
  return plain(word ?? '')
}

/** Every attribute that is asked for. */
export const GIVEN_NAMES: readonly string[] = [
  ...['permissionsboundary', 'principal', ...SOURCES],
  ...['accesscontrolpolicy', 'grant', 'grants', 'scope', 'policydata'],
]
