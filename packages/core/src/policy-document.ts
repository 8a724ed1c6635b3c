/**
 * Whether a policy document of AWS allows more after than before, as one sentence. What cannot be
 * read or is not whole is `unclear`: it is never taken for allowing nothing more. This is for
 * people to look at; it is no proof about a policy, and no rule reads it.
 */
import { isOpaque } from './attribute-reader.ts'
import { hasMarker } from './hidden-text.ts'
import { jsonInText } from './json-in-text.ts'
import { join, type Phrase, plain, say } from './phrase.ts'
import { field, isList, isMap, type Value } from './value.ts'

export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'wider'; readonly says: Phrase }
  | { readonly kind: 'unclear'; readonly says: Phrase }

const SAME: Comparison = { kind: 'same' }

/** Documents as text or as data; absent, null and an empty text are a document without grants. */
export function comparePolicies(before: Value | undefined, after: Value | undefined): Comparison {
  if (typeof after === 'string' && after === before && !hasMarker(after)) return SAME
  const old = readDocument(before)
  const next = readDocument(after)
  if (old === null || next === null) return unclear('What it allows cannot be compared')
  const news = next.grants.flatMap((grant) => uncovered(grant, old.grants))
  if (news.length > TRIPLES_MAX) return unclear('It allows too much to compare')
  if (news.length > 0) return { kind: 'wider', says: sentence(news, old.grants) }
  if (next.odd.some((text) => !old.odd.includes(text))) {
    return unclear('It says what it does not cover, so what it allows cannot be compared')
  }
  const taken = old.denials.filter((text) => !next.denials.includes(text))
  if (taken.length === 0) return SAME
  const isChanged = next.denials.some((text) => !old.denials.includes(text))
  if (isChanged) return unclear('What it denies changes')
  return { kind: 'wider', says: plain('Takes a denial away') }
}

function unclear(words: string): Comparison {
  return { kind: 'unclear', says: plain(words) }
}

interface Grant {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly principals: readonly string[]
  readonly condition: string
}

interface PolicyDocument {
  readonly grants: Grant[]
  readonly denials: string[]
  /** Grants by what they leave out. */
  readonly odd: string[]
}

function readDocument(value: Value | undefined): PolicyDocument | null {
  const document: PolicyDocument = { grants: [], denials: [], odd: [] }
  if (value === undefined || value === null || value === '') return document
  const data = typeof value === 'string' && !hasMarker(value) ? jsonInText(value) : value
  if (data === null || !isMap(data)) return null
  const statements = field(data, 'Statement') ?? []
  for (const statement of isList(statements) ? statements : [statements]) {
    if (!isMap(statement) || !addStatement(statement, document)) return null
  }
  return document
}

const INVERSE = ['NotAction', 'NotResource', 'NotPrincipal'] as const

/** False where the statement is not one, or a part of it is hidden or undecided. */
function addStatement(statement: Value, document: PolicyDocument): boolean {
  // Two statements that differ in their name alone say the same.
  const text = textWithoutName(statement)
  const effect = field(statement, 'Effect')
  if (text === null || (effect !== 'Allow' && effect !== 'Deny')) return false
  if (effect === 'Deny') document.denials.push(text)
  else if (INVERSE.some((key) => field(statement, key) !== undefined)) document.odd.push(text)
  else {
    const actions = textsOf(field(statement, 'Action'))
    const resources = textsOf(field(statement, 'Resource') ?? '')
    const principals = principalsOf(field(statement, 'Principal'))
    if (actions === null || resources === null || principals === null) return false
    const condition = stableText(field(statement, 'Condition') ?? {}) ?? ''
    document.grants.push({ actions, resources, principals, condition })
  }
  return true
}

function textWithoutName(statement: Value): string | null {
  if (!isMap(statement)) return null
  const { Sid: _, ...rest } = statement
  return stableText(rest)
}

/** Equal for equal data in any order of keys; null where a part is hidden or undecided. */
function stableText(value: Value): string | null {
  if (isOpaque(value) || (typeof value === 'string' && hasMarker(value))) return null
  if (isList(value)) return listText(value.map(stableText), '[]')
  if (!isMap(value)) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const texts = entries.map(([key, item]) => {
    const text = stableText(item)
    return text === null ? null : `${JSON.stringify(key)}:${text}`
  })
  return listText(texts, '{}')
}

function listText(texts: readonly (string | null)[], around: '[]' | '{}'): string | null {
  return texts.includes(null) ? null : `${around[0]}${texts.join(',')}${around[1]}`
}

function textsOf(value: Value | undefined): readonly string[] | null {
  if (typeof value === 'string') return [value]
  if (value === undefined || !isList(value)) return null
  const texts = value.filter((item) => typeof item === 'string')
  return texts.length === value.length ? texts : null
}

/** None in a policy of an identity; `{"AWS": "*"}` is anybody, as `"*"` is. */
function principalsOf(value: Value | undefined): readonly string[] | null {
  if (value === undefined) return ['']
  if (value === '*') return ['*']
  if (!isMap(value)) return null
  const all = Object.values(value).map(textsOf)
  return all.includes(null) ? null : all.flatMap((texts) => texts ?? [])
}

interface Triple {
  readonly action: string
  readonly resource: string
  readonly principal: string
  /** It was allowed before under another condition. */
  readonly looser: boolean
}

const TRIPLES_MAX = 2_000

function uncovered(grant: Grant, old: readonly Grant[]): readonly Triple[] {
  const found: Triple[] = []
  for (const action of grant.actions) {
    for (const resource of grant.resources) {
      for (const principal of grant.principals) {
        const covering = old.filter((one) => coversTriple(one, { action, resource, principal }))
        const isCovered = covering.some((one) => {
          return one.condition === '{}' || one.condition === grant.condition
        })
        if (!isCovered) found.push({ action, resource, principal, looser: covering.length > 0 })
        if (found.length > TRIPLES_MAX) return found
      }
    }
  }
  return found
}

function coversTriple(grant: Grant, triple: Omit<Triple, 'looser'>): boolean {
  const { action, resource, principal } = triple
  return (
    grant.actions.some((one) => covers(one.toLowerCase(), action.toLowerCase())) &&
    grant.resources.some((one) => covers(one, resource)) &&
    grant.principals.some((one) => one === principal || one === '*')
  )
}

/** Whether all that `text` may mean lies in `pattern`; both may hold `*` and `?`. */
export function covers(pattern: string, text: string): boolean {
  let at = 0
  let from = 0
  let star = -1
  let mark = 0
  while (from < text.length) {
    const one = pattern[at]
    if (one === '*') {
      star = at
      mark = from
      at += 1
    } else if (one !== undefined && (one === text[from] || (one === '?' && text[from] !== '*'))) {
      at += 1
      from += 1
    } else if (star === -1) return false
    else {
      mark += 1
      from = mark
      at = star + 1
    }
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

function sentence(news: readonly Triple[], old: readonly Grant[]): Phrase {
  const actions = distinct(news.map((each) => each.action))
  if (news.every((each) => each.looser)) {
    return join(plain('Loosens the condition on'), named(actions, 'action'))
  }
  const isMore = actions.every((action) => {
    return old.some((grant) => grant.actions.some((one) => covers(one, action)))
  })
  return join(
    plain('Allows'),
    actions.includes('*') ? plain('every action') : named(actions, 'action'),
    onWhat(distinct(news.map((each) => each.resource)), isMore),
    forWhom(distinct(news.map((each) => each.principal))),
  )
}

/** `s3:PutObject and 2 more actions`. */
export function named(texts: readonly string[], noun: string): Phrase {
  const [first = '', ...others] = texts
  if (others.length === 0) return say`${first}`
  const rest = `and ${others.length} more ${noun}${others.length === 1 ? '' : 's'}`
  return join(say`${first}`, plain(rest))
}

/** Nouns by the service in an ARN. */
const NOUNS: ReadonlyMap<string, string> = new Map([
  ['s3', 'bucket'],
  ['sqs', 'queue'],
  ['sns', 'topic'],
  ['kms', 'key'],
  ['dynamodb', 'table'],
  ['secretsmanager', 'secret'],
  ['lambda', 'function'],
])

function onWhat(resources: readonly string[], isMore: boolean): Phrase {
  if (resources.includes('*')) return plain('on every resource')
  // A bucket and the objects in it are one; so are a table and its indexes.
  const owners = distinct(resources.filter((text) => text !== '').map(ownerOf))
  if (owners.length === 0) return []
  const nouns = distinct(owners.map((arn) => NOUNS.get(arn.split(':')[2] ?? '') ?? 'resource'))
  const noun = nouns.length === 1 ? (nouns[0] ?? 'resource') : 'resource'
  return plain(
    `on ${owners.length}${isMore ? ' more' : ''} ${noun}${owners.length === 1 ? '' : 's'}`,
  )
}

function ownerOf(arn: string): string {
  const [service = '', path = ''] = [arn.split(':')[2], arn.split(':').slice(5).join(':')]
  if (service === 's3') return `arn:aws:s3:::${path.split('/')[0] ?? ''}`
  return service === 'dynamodb' ? arn.split('/').slice(0, 2).join('/') : arn
}

function forWhom(principals: readonly string[]): Phrase {
  if (principals.includes('*')) return plain('for everyone')
  const known = principals.filter((text) => text !== '')
  return known.length === 0 ? [] : join(plain('for'), named(known, 'principal'))
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
