/**
 * Rules of firewalls that let in what comes from anywhere, from the blocks in which each tool and
 * each cloud writes them. A block of which a part is hidden or undecided makes the whole unclear.
 */
import { type Attributes, isOpaque, isSet, manyOf, readerOf, textOf } from './attribute-reader.ts'
import type { Value } from './value.ts'

export interface OpenRule {
  /** Lower case; `all` for every protocol, and then all ports. */
  readonly protocol: string
  readonly from: number
  readonly to: number
  /** As the plan writes it. */
  readonly source: string
}

export interface OpenRules {
  readonly rules: readonly OpenRule[]
  readonly unclear: boolean
}

export const PORT_MAX = 65_535

/** `key` is that of the resource's type; `read` is one side of its change. */
export function openRules(key: string, read: Attributes): OpenRules {
  const blocks = blocksOf(key, read)
  if (blocks === null) return { rules: [], unclear: false }
  if (blocks.some(isOpaque)) return { rules: [], unclear: true }
  const found = blocks.map((block) => rulesOf(readerOf([block])))
  return {
    rules: found.flatMap((each) => each?.rules ?? []),
    unclear: found.some((each) => each?.unclear === true),
  }
}

export const FIREWALLS =
  /^aws:(?:ec2)?(?:securitygroup(?!egress)\w*|(?:default)?networkacl(?:entry)?)$|^google:computefirewall$|^azure:(?:network)?(?:networksecurityrule|networksecuritygroup|securityrule)$/

/** The blocks that may let something in; `null` for a type that has none. */
function blocksOf(key: string, read: Attributes): readonly Value[] | null {
  if (!FIREWALLS.test(key)) return null
  const listed = read(...LISTS)
  if (listed !== undefined) return manyOf(listed)
  const isGroup = /securitygroup$|networkacl$/.test(key)
  return isGroup ? [] : [asBlock(read)]
}

const LISTS = ['ingress', 'securitygroupingress', 'securityrule', 'securityrules'] as const

const FIELDS = [
  'type',
  'egress',
  'direction',
  'access',
  'action',
  'ruleaction',
  'protocol',
  'ipprotocol',
  'fromport',
  'toport',
  'portrange',
  'destinationportrange',
  'destinationportranges',
  'allow',
  'allows',
  'cidrblocks',
  'ipv6cidrblocks',
  'cidrblock',
  'ipv6cidrblock',
  'cidripv4',
  'cidripv6',
  'cidrip',
  'sourceranges',
  'sourceaddressprefix',
  'sourceaddressprefixes',
] as const

/** A resource that is one rule by itself. */
function asBlock(read: Attributes): Value {
  const entries = FIELDS.map((name): [string, Value] => [name, read(name) ?? null])
  return Object.fromEntries(entries)
}

function rulesOf(read: Attributes): OpenRules | null {
  if (!letsIn(read)) return null
  const sources = SOURCES.flatMap((name) => manyOf(read(name)))
  const open = sources.map(textOf).filter((text) => text !== null && isAnywhere(text))
  const ports = portsOf(read)
  const rules = open.flatMap((source) => {
    return source === null ? [] : (ports ?? []).map((each) => ({ ...each, source }))
  })
  const isUnclear = sources.some(isOpaque) || (open.length > 0 && ports === null)
  return { rules, unclear: isUnclear }
}

const SOURCES = FIELDS.slice(FIELDS.indexOf('cidrblocks'))

/** Not for what goes out, and not for what is turned away; what is not said lets in. */
function letsIn(read: Attributes): boolean {
  const word = (name: string): string => textOf(read(name))?.toLowerCase() ?? ''
  if (word('type') === 'egress' || word('direction').startsWith('egress')) return false
  if (word('direction') === 'outbound' || isSet(read('egress')) === true) return false
  return ![word('access'), word('action'), word('ruleaction')].includes('deny')
}

const WORDS: ReadonlySet<string> = new Set(['*', 'any', 'internet'])

/** All addresses, or so many that it makes no difference. */
function isAnywhere(source: string): boolean {
  if (WORDS.has(source.toLowerCase())) return true
  const bits = /\/(\d{1,3})$/.exec(source)?.[1]
  return bits !== undefined && Number(bits) <= (source.includes(':') ? 12 : 7)
}

type Ports = Omit<OpenRule, 'source'>

/** `null` where they are hidden or undecided. */
function portsOf(read: Attributes): readonly Ports[] | null {
  const allowed = read('allow', 'allows')
  if (allowed !== undefined) {
    const blocks = manyOf(allowed).map((block) => onePortList(readerOf([block]), ['ports']))
    return blocks.includes(null) ? null : blocks.flatMap((ports) => ports ?? [])
  }
  return onePortList(read, ['destinationportrange', 'destinationportranges'])
}

function onePortList(read: Attributes, names: readonly string[]): readonly Ports[] | null {
  const given = read('protocol', 'ipprotocol')
  const block = readerOf([read('portrange')])
  const from = read('fromport') ?? block('from')
  const to = read('toport') ?? block('to')
  const ranges = names.flatMap((name) => manyOf(read(name)))
  if ([given, from, to, ...ranges].some(isOpaque)) return null
  const protocol = protocolOf(textOf(given))
  if (protocol === 'all') return [{ protocol, from: 0, to: PORT_MAX }]
  if (ranges.length > 0) {
    return ranges.map((range) => ({ protocol, ...rangeOf(textOf(range) ?? '*') }))
  }
  const first = Number(textOf(from) ?? 0)
  const last = Number(textOf(to) ?? PORT_MAX)
  // Minus one is every type of a protocol without ports.
  return [{ protocol, from: Math.max(0, first), to: last < 0 ? PORT_MAX : last }]
}

function protocolOf(text: string | null): string {
  const word = text?.toLowerCase() ?? 'all'
  return ['-1', 'all', '*', 'any'].includes(word) ? 'all' : word
}

function rangeOf(text: string): { readonly from: number; readonly to: number } {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? []
  if (first === undefined) return { from: 0, to: PORT_MAX }
  return { from: Number(first), to: Number(last ?? first) }
}

/** Every attribute that is asked for. */
export const RULE_NAMES: readonly string[] = [...LISTS, ...FIELDS]
