/** Reads the rules of a policy: one condition and one outcome each, nothing else. */
import type { Compile, Expression, Scope } from './cel.ts'
import { ACCEPTABLE, type Acceptable, type Rule } from './document.ts'
import { readHold, readMessage } from './hold.ts'
import type { Place, PolicyReader } from './yaml.ts'

const RULES_MAX = 500
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const NAME_LENGTH_MAX = 200
const EXPRESSION_LENGTH_MAX = 10_000
/** Names that findings use for what no rule says. */
const RESERVED = ['default']
const OUTCOMES = ['allow', 'hold', 'deny'] as const
type Outcome = (typeof OUTCOMES)[number]

type Keys = ReadonlyMap<string, Place>

/** Every rule that could be read; the problems of the others are in the reader. */
export function readRules(reader: PolicyReader, place: Place, compile: Compile): readonly Rule[] {
  const items = reader.list(place)
  if (items === null) return []
  if (items.length > RULES_MAX) {
    reader.problem(place, `a policy has at most ${RULES_MAX} rules, not ${items.length}`)
    return []
  }
  const names = new Set<string>()
  return items.flatMap((item) => {
    const rule = readRule(reader, item, { compile, names })
    return rule === null ? [] : [rule]
  })
}

interface Context {
  readonly compile: Compile
  readonly names: Set<string>
}

function readRule(reader: PolicyReader, place: Place, context: Context): Rule | null {
  const keys = reader.mapping(place, {
    required: ['name'],
    optional: ['when', 'match', ...OUTCOMES, 'message', 'accept', 'on_error', 'hidden'],
  })
  if (keys === null) return null
  const name = readName(reader, keys.get('name'), context.names)
  const condition = readCondition(reader, place, { keys, compile: context.compile })
  const outcome = oneOf(reader, place, { keys, of: OUTCOMES })
  refuseForeign(reader, keys, outcome)
  const said = keys.get('message')
  if (outcome !== null && outcome !== 'allow' && said === undefined)
    reader.problem(place, 'message is missing')
  const message = said === undefined ? '' : readMessage(reader, said)
  const secret = keys.get('hidden')
  const hidden = secret !== undefined && reader.isTrue(secret)
  const rest = outcome === null ? null : readOutcome(reader, keys, outcome)
  if (name === null || condition === null || message === null || rest === null) return null
  return { name, ...condition, message, ...rest, hidden, position: reader.position(place) }
}

function readName(
  reader: PolicyReader,
  place: Place | undefined,
  names: Set<string>,
): string | null {
  const name = place === undefined ? null : reader.text(place)
  if (place === undefined || name === null) return null
  if (!NAME.test(name) || name.length > NAME_LENGTH_MAX)
    reader.problem(place, 'a name is lower-case words joined by hyphens, at most 200 characters')
  else if (RESERVED.includes(name)) reader.problem(place, `the name ${name} is taken`)
  else if (names.has(name)) reader.problem(place, `another rule is named ${name} too`)
  else {
    names.add(name)
    return name
  }
  return null
}

function readCondition(
  reader: PolicyReader,
  place: Place,
  { keys, compile }: { readonly keys: Keys; readonly compile: Compile },
): { readonly scope: Scope; readonly condition: Expression } | null {
  const key = oneOf(reader, place, { keys, of: ['when', 'match'] as const })
  const at = key === null ? undefined : keys.get(key)
  const text = at === undefined ? null : reader.text(at, 'expected a CEL expression')
  if (key === null || at === undefined || text === null) return null
  if (text.length > EXPRESSION_LENGTH_MAX) {
    reader.problem(at, `an expression has at most ${EXPRESSION_LENGTH_MAX} characters`)
    return null
  }
  const scope = key === 'when' ? 'change' : 'resource'
  const compiled = compile(text, scope)
  if (compiled.ok) return { scope, condition: compiled.expression }
  for (const { offset, message } of compiled.problems)
    reader.problem(reader.within(at, offset), message)
  return null
}

function oneOf<K extends string>(
  reader: PolicyReader,
  place: Place,
  { keys, of }: { readonly keys: Keys; readonly of: readonly K[] },
): K | null {
  const [first, ...more] = of.filter((key) => keys.has(key))
  if (first !== undefined && more.length === 0) return first
  const names = `${of.slice(0, -1).join(', ')} and ${of.at(-1)}`
  reader.problem(place, `exactly one of ${names} is needed`)
  return null
}

function refuseForeign(reader: PolicyReader, keys: Keys, outcome: Outcome | null): void {
  const accept = keys.get('accept')
  if (accept !== undefined && outcome !== null && outcome !== 'allow')
    reader.problem(accept, 'accept belongs to rules that allow')
  const onError = keys.get('on_error')
  if (onError !== undefined && outcome !== null && outcome !== 'deny')
    reader.problem(onError, 'on_error belongs to rules that deny')
}

type Rest =
  | { readonly outcome: 'allow'; readonly accept: readonly Acceptable[] }
  | Omit<
      Extract<Rule, { outcome: 'hold' }>,
      'name' | 'scope' | 'condition' | 'message' | 'hidden' | 'position'
    >
  | { readonly outcome: 'deny'; readonly onError: 'policy' | 'deny' }

function readOutcome(reader: PolicyReader, keys: Keys, outcome: Outcome): Rest | null {
  const place = keys.get(outcome)
  if (place === undefined) return null
  if (outcome === 'hold') {
    const requirement = readHold(reader, place)
    return requirement === null ? null : { outcome, requirement }
  }
  if (!reader.isTrue(place)) return null
  if (outcome === 'allow') {
    const accept = readAccept(reader, keys.get('accept'))
    return accept === null ? null : { outcome, accept }
  }
  const onError = keys.get('on_error')
  if (onError === undefined) return { outcome, onError: 'policy' }
  if (reader.isWord(onError, 'deny')) return { outcome, onError: 'deny' }
  reader.problem(onError, 'expected deny')
  return null
}

function readAccept(reader: PolicyReader, place: Place | undefined): readonly Acceptable[] | null {
  if (place === undefined) return []
  const items = reader.list(place)
  if (items === null) return null
  const accepted = items.map((item) => {
    const text = reader.text(item)
    const known = ACCEPTABLE.find((one) => one === text)
    if (text !== null && known === undefined)
      reader.problem(item, `expected one of ${ACCEPTABLE.join(', ')}`)
    return known ?? null
  })
  return accepted.every((one) => one !== null) ? accepted : null
}
