/**
 * Who may do more after a change than before, resource by resource, in one sentence each. A
 * document that is hidden, undecided or unreadable is `unclear` and never counts as not wider. It
 * looks at what is known to give access; what is not found here may still give some.
 */
import {
  type Attributes,
  isOpaque,
  manyOf,
  type ReadSides,
  readerOf,
  textOf,
} from './attribute-reader.ts'
import { everyoneFirst, everyoneWords, GIVEN_NAMES, givenAccess } from './given-access.ts'
import { join, type Phrase, phraseText, plain } from './phrase.ts'
import { type Comparison, comparePolicies, named } from './policy-document.ts'
import { isMap, type Value } from './value.ts'

type Found = Exclude<Comparison, { readonly kind: 'same' }>

export function accessWidening(sides: ReadSides): readonly Found[] {
  const { key, action, before, after, told } = sides
  if (!told || action === 'unknown') return GIVES.test(key) ? [UNTOLD] : []
  const documents = key.startsWith('aws:') ? documentPairs(before, after) : []
  const compared = documents.map(([old, next]) => comparePolicies(old, next))
  const given = [...grantOf(key, before, after), ...givenAccess(sides)]
  const found = [...compared, ...given].filter((each) => each.kind !== 'same')
  if (found.length < 2) return found
  return [...new Map(found.map((each) => [phraseText(each.says), each])).values()]
}

const GIVES = /^aws:(?:iam|kmskey|lambdapermission|\w*policy$)|iam(?:member|binding|policy)$/

const UNTOLD: Found = {
  kind: 'unclear',
  says: plain('It gives access, and the plan does not tell what changes'),
}

const DOCUMENTS = [
  'policy',
  'policydocument',
  'assumerolepolicy',
  'assumerolepolicydocument',
  'keypolicy',
  'accesspolicies',
  'resourcepolicy',
  'repositorypolicytext',
] as const

type Pair = readonly [Value | undefined, Value | undefined]

function documentPairs(before: Attributes, after: Attributes): readonly Pair[] {
  const own = DOCUMENTS.map((name): Pair => [before(name), after(name)])
  return [...own, ...inlinePairs(before, after)].filter(([old, next]) => {
    return old !== undefined || next !== undefined
  })
}

const INLINE = ['inlinepolicy', 'inlinepolicies', 'policies'] as const

/** Policies inside a role, by their names. */
function inlinePairs(before: Attributes, after: Attributes): readonly Pair[] {
  const old = inlineDocuments(before(...INLINE))
  const next = inlineDocuments(after(...INLINE))
  const names = new Set([...old.keys(), ...next.keys()])
  return [...names].map((name) => [old.get(name), next.get(name)])
}

function inlineDocuments(policies: Value | undefined): ReadonlyMap<string, Value | undefined> {
  if (isOpaque(policies)) return new Map([['', policies]])
  const blocks = manyOf(policies).filter((block) => isMap(block) || isOpaque(block))
  return new Map(
    blocks.map((block, at) => {
      if (isOpaque(block)) return [`${at}`, block]
      const read = readerOf([block])
      return [textOf(read('name', 'policyname')) ?? '', read('policy', 'policydocument')]
    }),
  )
}

interface Grant {
  readonly applies: RegExp
  /** Who or what is given: more of them than before is wider. */
  readonly given: readonly string[]
  /** What they get; where it changes, all of them are new. */
  readonly role: readonly string[]
  readonly words: (role: string | null, given: Phrase) => Phrase
  readonly noun: string
}

const ATTACHED = ['policyarn', 'policyarns', 'managedpolicyarns'] as const

const GRANTS: readonly Grant[] = [
  {
    applies: /^aws:iam(?:(?:role|user|group)?policyattachment|role|user|group|\w*exclusive)$/,
    given: ATTACHED,
    role: [],
    words: (_role, given) => join(plain('Attaches'), given),
    noun: 'policy',
  },
  {
    applies: /^aws:lambdapermission$/,
    given: ['principal'],
    role: ['action'],
    words: (role, given) => join(plain('Allows'), data(role), plain('for'), given),
    noun: 'principal',
  },
  {
    applies: /^google:\w*iam(?:member|binding)$/,
    given: ['member', 'members'],
    role: ['role'],
    words: (role, given) => join(plain('Gives'), data(role), plain('to'), given),
    noun: 'member',
  },
  {
    applies: /^azure:(?:authorization)?roleassignment$/,
    given: ['principalid'],
    role: ['roledefinitionname', 'roledefinitionid'],
    words: (role, given) => join(plain('Gives'), data(role), plain('to'), given),
    noun: 'principal',
  },
]

function data(text: string | null): Phrase {
  return text === null ? plain('a role') : [{ kind: 'data', text }]
}

function grantOf(key: string, before: Attributes, after: Attributes): readonly Found[] {
  const grant = GRANTS.find((each) => each.applies.test(key))
  if (grant === undefined) return []
  const role = after(...grant.role)
  const old = role === undefined || before(...grant.role) === role ? before(...grant.given) : null
  const had = new Set(manyOf(old).map(textOf))
  const given = manyOf(after(...grant.given))
  const news = given.filter((each) => isOpaque(each) || !had.has(textOf(each)))
  if (news.length === 0) return []
  const texts = news.map(textOf).filter((text) => text !== null)
  const names = texts.toSorted(everyoneFirst)
  const isNew = old === undefined || old === null
  // A role that is made has this undecided even where nothing is attached to it.
  if (names.length === 0 && (!isNew || HOLDER.test(key))) return [UNTOLD]
  const who = names.length === 0 ? plain(`a ${grant.noun} decided at apply`) : undefined
  const says = grant.words(textOf(role), who ?? named(names, grant.noun))
  return [{ kind: 'wider', says: join(says, everyoneWords(names)) }]
}

const HOLDER = /^aws:iam(?:role|user|group)$/

/** Every attribute that is asked for. */
export const ACCESS_NAMES: readonly string[] = [
  ...DOCUMENTS,
  ...INLINE,
  ...GIVEN_NAMES,
  ...GRANTS.flatMap((grant) => [...grant.given, ...grant.role]),
]
