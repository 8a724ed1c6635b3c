/**
 * The ARNs that a change acts on: exact where the plan says them, else by the service's own form,
 * filled from attributes. What nobody knows yet becomes `*`, and whoever asks is told which part.
 * A value that AWS would read as a pattern or a variable never gets into an ARN.
 */
import { manyOf, textOf } from './attribute-reader.ts'
import type { IamType } from './session-policy-table.ts'
import { field, type Value } from './value.ts'

/** Where a plan acts, as far as an ARN says it. */
export interface Place {
  readonly account: string
  readonly regions: readonly string[]
}

export type OpenPart = {
  readonly attribute: string
  /** Why it is open: decided at apply or hidden, invented by the cloud, or no name at all. */
  readonly why: 'unknown' | 'invented' | 'unsafe' | 'foreign'
}

export interface Located {
  readonly arns: readonly string[]
  readonly open: readonly OpenPart[]
}

/** How to look up an attribute: of the change itself, or of what it refers to. */
export type Lookup = (attribute: string) => Value | undefined

const PLACE_HOLDER = /\{([^{}]+)\}/g

/** What an ARN may be filled with: no wildcard, no variable, nothing that cannot be seen. */
const SAFE = /^[\w+=,.@:/#%~ -]+$/

export function isSafePart(text: string): boolean {
  return SAFE.test(text)
}

export function partitionOf(region: string): string {
  const known = PARTITIONS.find(([prefix]) => region.startsWith(prefix))
  return known === undefined ? 'aws' : known[1]
}

const PARTITIONS = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-iso-', 'aws-iso'],
  ['eusc-', 'aws-eusc'],
] as const

/** `name` of the type's ARNs for one side of a change. */
export function locate(
  type: IamType,
  name: string,
  context: { readonly lookup: Lookup; readonly place: Place },
): Located {
  const template = Object.hasOwn(type.arns, name) ? (type.arns[name] ?? '') : ''
  const { lookup, place } = context
  const given = name === 'self' ? type.exact.map(lookup).find((each) => isArn(each)) : undefined
  const filled = fill(template, lookup, place)
  if (typeof given !== 'string') return filled
  if (!fits(given, template, context)) return { ...filled, open: [...filled.open, foreign(type)] }
  // The plan knows its own resource better than the form does, for example a part that AWS adds.
  return { arns: [given], open: [] }
}

function foreign(type: IamType): OpenPart {
  return { attribute: type.exact[0] ?? 'arn', why: 'foreign' }
}

function isArn(value: Value | undefined): boolean {
  return typeof value === 'string' && value.startsWith('arn:')
}

interface Known {
  readonly lookup: Lookup
  readonly place: Place
}

/**
 * Is an ARN of this form, in this account and these regions, and no pattern? What the plan names has
 * to stand in it: else it would be shown under one name and permitted under another.
 */
function fits(arn: string, template: string, known: Known): boolean {
  if (!isSafePart(arn)) return false
  const source = template
    .split(/(\{[^{}]+\})/)
    .map((part) => (part.startsWith('{') ? partPattern(part, known) : escapeText(part)))
  return new RegExp(`^${source.join('')}$`).test(arn)
}

function partPattern(part: string, { lookup, place }: Known): string {
  const { account, regions } = place
  if (part === '{@partition}') return 'aws[a-z-]*'
  if (part === '{@account}') return escapeText(account)
  if (part === '{@region}') return `(?:${regions.map(escapeText).join('|')})`
  const { text, open } = partOf(part.slice(1, -1), lookup)
  if (open !== null) return '.+'
  // The characters that AWS adds to the name of a secret.
  return escapeText(text).replace(/(?:\\\?){6}$/, '[A-Za-z0-9]{6}')
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function fill(template: string, lookup: Lookup, place: Place): Located {
  const isRegional = template.includes('{@region}')
  const own = textOf(lookup('region'))
  const known = own !== null && place.regions.includes(own) ? [own] : place.regions
  const regions = isRegional ? known : known.slice(0, 1)
  const open: OpenPart[] = []
  if (isRegional && regions.length !== 1) open.push({ attribute: 'region', why: 'unknown' })
  const [first = '*'] = place.regions
  const body = template.replaceAll(PLACE_HOLDER, (whole, words: string) => {
    if (words.startsWith('@')) return whole
    const part = partOf(words, lookup)
    if (part.open !== null) open.push(part.open)
    return part.text
  })
  const arns = (regions.length === 0 ? ['*'] : regions).map((region) =>
    body
      .replaceAll('{@partition}', partitionOf(first))
      .replaceAll('{@region}', region)
      .replaceAll('{@account}', place.account),
  )
  return { arns, open }
}

interface Part {
  readonly text: string
  readonly open: OpenPart | null
}

function partOf(words: string, lookup: Lookup): Part {
  const isInvented = words.startsWith('!')
  const [names = '', transform = ''] = (isInvented ? words.slice(1) : words).split(':')
  const attributes = names.split('|')
  const [attribute = ''] = attributes
  const text = attributes.map((each) => textOf(lookup(each))).find((each) => (each ?? '') !== '')
  if (transform === 'path') return pathPart(text ?? '/', attribute)
  if (text === undefined || text === null) {
    const prefix = textOf(lookup(`${attribute}_prefix`)) ?? ''
    const why = isInvented ? 'invented' : 'unknown'
    return { text: isSafePart(prefix) ? `${prefix}*` : '*', open: { attribute, why } }
  }
  if (transform === 'secret') return secretPart(text, attribute)
  const part = transformed(nameIn(text), transform)
  if (isSafePart(part)) return { text: part, open: null }
  return { text: '*', open: { attribute, why: 'unsafe' } }
}

/** AWS adds a dash and six characters to the name of a secret; an ARN has them already. */
function secretPart(text: string, attribute: string): Part {
  const name = nameIn(text).replace(/-\?{6}$/, '')
  if (!isSafePart(name)) return { text: '*', open: { attribute, why: 'unsafe' } }
  const isWhole = text.startsWith('arn:') && name === nameIn(text)
  return { text: isWhole ? name : `${name}-??????`, open: null }
}

/** A path of IAM stands in front of the name, without the slash it begins with. */
function pathPart(text: string, attribute: string): Part {
  const path = text.replace(/^\//, '')
  if (path === '' || isSafePart(path)) return { text: path, open: null }
  return { text: '*', open: { attribute, why: 'unsafe' } }
}

/** What an ARN calls its resource, without the type in front; other text is a name already. */
function nameIn(text: string): string {
  if (!text.startsWith('arn:')) return text
  const resource = text.split(':').slice(5).join(':')
  return resource.replace(/^[a-z][a-z-]*(?::|\/(?=.))/i, (type) => (isType(type) ? '' : type))
}

function isType(text: string): boolean {
  return /^[a-z][a-zA-Z-]*[:/]$/.test(text)
}

function transformed(text: string, transform: string): string {
  if (transform === 'last') return text.split(/[/:]/).at(-1) ?? text
  if (transform === 'bare') return text.replace(/^\//, '')
  if (transform === 'first') return text.split(/[/:|,]/)[0] ?? text
  return text
}

/** The ARNs that an attribute names itself, one or a list; open where it is decided at apply. */
export function locateValue(attribute: string, lookup: Lookup): Located {
  const values = manyOf(lookup(attribute))
  const arns = values.filter((each) => typeof each === 'string' && isNamed(each))
  const open = values.length !== arns.length || values.length === 0
  return {
    arns: arns.map((each) => textOf(each) ?? ''),
    open: open ? [{ attribute, why: 'unknown' }] : [],
  }
}

function isNamed(text: string): boolean {
  return text.startsWith('arn:') && isSafePart(text) && text.split(':').length >= 6
}

/** A nested attribute by its path, `vpc_config.subnet_ids`; lists of blocks are looked through. */
export function lookIn(side: Value, path: string): Value | undefined {
  let found: readonly Value[] = [side]
  for (const key of path.split('.')) {
    found = found.flatMap((each) => {
      const inside = manyOf(each).map((one) => field(one, key))
      return inside.filter((one) => one !== undefined)
    })
  }
  if (found.length === 0) return undefined
  return found.length === 1 ? found[0] : found.flatMap((each) => manyOf(each))
}
