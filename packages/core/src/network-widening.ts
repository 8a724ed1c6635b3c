/**
 * What is open to the internet after a change and was not before, in one sentence for each
 * resource. It looks at firewalls and at switches that are known to make something public; what is
 * hidden or undecided there is `unclear` and never counts as closed.
 */
import {
  type Attributes,
  isOpaque,
  isSet,
  onlyBlock,
  type ReadSides,
  readerOf,
  textOf,
} from './attribute-reader.ts'
import { FIREWALLS, type OpenRule, openRules, PORT_MAX, RULE_NAMES } from './open-rules.ts'
import { join, type Phrase, phraseText, plain, say } from './phrase.ts'
import type { Comparison } from './policy-document.ts'
import { Hidden, type Value } from './value.ts'

type Found = Exclude<Comparison, { readonly kind: 'same' }>

export function networkWidening({ key, action, before, after, told }: ReadSides): readonly Found[] {
  if (!told || action === 'unknown') return FIREWALLS.test(key) ? [UNTOLD] : []
  if (action === 'delete') return BLOCKS.test(key) && blocks(before) ? [UNBLOCKED] : []
  const opened = FIREWALLS.test(key) ? firewall(key, before, after) : []
  return [...opened, ...switches(key, before, after)]
}

const UNTOLD: Found = {
  kind: 'unclear',
  says: plain('It is a firewall, and the plan does not tell what changes'),
}

function firewall(key: string, before: Attributes, after: Attributes): readonly Found[] {
  const old = openRules(key, before)
  const next = openRules(key, after)
  const news = next.rules.filter((rule) => !old.rules.some((one) => includes(one, rule)))
  if (news.length > 0) return [{ kind: 'wider', says: openedText(news) }]
  if (!next.unclear) return []
  return [{ kind: 'unclear', says: plain('What it lets in cannot be compared') }]
}

function includes(wide: OpenRule, rule: OpenRule): boolean {
  if (wide.source !== rule.source) return false
  if (wide.protocol !== 'all' && wide.protocol !== rule.protocol) return false
  return wide.from <= rule.from && wide.to >= rule.to
}

/** `Opens port 22 to 0.0.0.0/0`, `Opens ports 20-25 and 1 more to ::/0`. */
function openedText(news: readonly OpenRule[]): Phrase {
  const ports = [...new Set(news.map(portText))].toSorted(byLength)
  const sources = [...new Set(news.map((rule) => rule.source))]
  const [first = '', ...others] = ports
  const noun = first.includes('-') ? 'ports' : 'port'
  const what = first === '' ? plain('every port') : join(plain(noun), say`${first}`)
  const more = first === '' || others.length === 0 ? [] : plain(`and ${others.length} more`)
  return join(plain('Opens'), what, more, say`to ${sources.join(', ')}`)
}

/** Every port stands first, and then the rest is no news. */
function byLength(left: string, right: string): number {
  return Number(right === '') - Number(left === '')
}

function portText({ protocol, from, to }: OpenRule): string {
  if (protocol === 'all' || (from === 0 && to === PORT_MAX)) return ''
  if (protocol.startsWith('icmp')) return protocol
  const range = from === to ? `${from}` : `${from}-${to}`
  return protocol === 'tcp' || protocol === '6' ? range : `${range}/${protocol}`
}

/** Turns away what would be public; taking one of them away, or the whole, opens. */
const BLOCKS = /publicaccessblock$/

const BLOCKING = [
  'blockpublicacls',
  'blockpublicpolicy',
  'ignorepublicacls',
  'restrictpublicbuckets',
] as const

const UNBLOCKED: Found = { kind: 'wider', says: plain('No longer turns away public access') }

function blocks(read: Attributes): boolean {
  return BLOCKING.some((name) => isSet(read(name)) === true)
}

interface Switch {
  readonly names: readonly string[]
  readonly opens: (value: Value | undefined) => boolean
  readonly words: string
  readonly applies?: RegExp
  /** Opens only what was closed before; of a new resource it says nothing. */
  readonly closed?: true
}

const isOn = (value: Value | undefined): boolean => isSet(value) === true

const SWITCHES: readonly Switch[] = [
  {
    names: ['publiclyaccessible', 'publicnetworkaccess', 'publicnetworkaccessenabled'],
    opens: isOn,
    words: 'Can be reached from the internet',
  },
  {
    names: ['endpointpublicaccess'],
    opens: isOn,
    words: 'Its endpoint can be reached from the internet',
  },
  {
    names: ['mappubliciponlaunch', 'associatepublicipaddress'],
    opens: isOn,
    words: 'Gives a public address',
  },
  {
    names: ['allownesteditemstobepublic', 'allowblobpublicaccess'],
    opens: isOn,
    words: 'Lets what is in it be public',
  },
  {
    names: ['acl', 'accesscontrol'],
    opens: (value) => /^(?:public-?read|website$|authenticated-?read)/i.test(textOf(value) ?? ''),
    words: 'Lets anyone read it',
    applies: /s3|bucket/,
  },
  {
    names: ['authorizationtype', 'authtype'],
    opens: (value) => textOf(value)?.toUpperCase() === 'NONE',
    words: 'Can be called by anyone on the internet',
    applies: /^aws:lambda(?:function)?url$/,
  },
  {
    names: ['internal'],
    opens: (value) => isSet(value) === false,
    words: 'Faces the internet',
    applies: /loadbalancer$/,
  },
  {
    names: ['scheme'],
    opens: (value) => value === 'internet-facing',
    words: 'Faces the internet',
    applies: /loadbalancer$/,
  },
  ...BLOCKING.map((name) => ({
    names: [name],
    opens: (value: Value | undefined) => !isOpaque(value) && isSet(value) !== true,
    words: 'No longer turns away public access',
    closed: true as const,
  })),
]

const NESTED = ['vpcconfig', 'resourcesvpcconfig', 'publicaccessblockconfiguration'] as const

function switches(key: string, before: Attributes, after: Attributes): readonly Found[] {
  const [old, next] = [withNested(before), withNested(after)]
  const found = SWITCHES.flatMap((one): readonly Found[] => {
    if (one.applies !== undefined && !one.applies.test(key)) return []
    const value = next(...one.names)
    const was = old(...one.names)
    const isClosed =
      one.closed === true ? isSet(was) === true : was === undefined || !one.opens(was)
    if (!isClosed) return []
    if (one.opens(value)) return [{ kind: 'wider', says: plain(one.words) }]
    // Of a new resource the cloud decides most switches, and its defaults are no news.
    // What somebody hides is no default.
    const isTold = was !== undefined || value instanceof Hidden
    return isOpaque(value) && isTold ? [UNSURE] : []
  })
  if (NESTED.some((name) => hidesBlock(before(name), after(name)))) found.push(UNSURE)
  return [...new Map(found.map((each) => [phraseText(each.says), each])).values()]
}

const UNSURE: Found = {
  kind: 'unclear',
  says: plain('Whether it can be reached from the internet cannot be compared'),
}

/** A block that is hidden as a whole, or was told and is decided at apply, may turn any switch. */
function hidesBlock(before: Value | undefined, after: Value | undefined): boolean {
  const [old, next] = [before, after].map((each) => (each === undefined ? each : onlyBlock(each)))
  return next instanceof Hidden || (isOpaque(next) && old !== undefined)
}

function withNested(read: Attributes): Attributes {
  const blocks = NESTED.flatMap((name) => {
    const block = read(name)
    return block === undefined ? [] : [onlyBlock(block)]
  })
  const nested = readerOf(blocks)
  return (...names) => read(...names) ?? nested(...names)
}

/** Every attribute that is asked for. */
export const NETWORK_NAMES: readonly string[] = [
  ...RULE_NAMES,
  ...NESTED,
  ...SWITCHES.flatMap((one) => one.names),
]
