/**
 * From a policy's text to a policy, or to every problem in it at once, each with line and column.
 * What is not understood is refused: a policy that loads means exactly what it says.
 */
import { type Compile, createCompiler } from './cel.ts'
import {
  ALLOW_FOR_SECONDS_MAX,
  type ErrorFallback,
  type Fallback,
  type Policy,
  type PolicyProblem,
  RELEASE_FOR_SECONDS_MAX,
} from './document.ts'
import { readDuration, readHold, readMessage } from './hold.ts'
import { readRules } from './rule.ts'
import { type Place, PolicyReader } from './yaml.ts'

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/** Parses a policy. Problems come in the order of the text. */
export function parsePolicy(text: string): ParsedPolicy {
  const reader = new PolicyReader(text)
  const root = reader.open()
  const policy = root === null ? null : readPolicy(reader, root, createCompiler())
  if (policy !== null && reader.problems.length === 0) return { ok: true, policy }
  const problems = reader.problems.toSorted(
    (left, right) => left.line - right.line || left.column - right.column,
  )
  return { ok: false, problems }
}

function readPolicy(reader: PolicyReader, root: Place, compile: Compile): Policy | null {
  const keys = reader.mapping(root, {
    required: ['version', 'default'],
    optional: ['on_error', 'allow_for', 'release_for', 'rules'],
  })
  if (keys === null) return null
  const [version, standard, erring] = ['version', 'default', 'on_error'].map((key) => keys.get(key))
  if (version !== undefined && !reader.isNumber(version, 1))
    reader.problem(version, 'expected version 1')
  const fallback = standard === undefined ? null : readFallback(reader, standard)
  const onError = readOnError(reader, erring, fallback)
  if (fallback?.outcome === 'allow' && erring === undefined)
    reader.problem(root, 'on_error is missing: who decides on an error, where the default is allow')
  const seconds = (key: string, max: number): number => {
    const place = keys.get(key)
    return (place === undefined ? null : readDuration(reader, place, max)) ?? max
  }
  const rules = keys.get('rules')
  const read = rules === undefined ? [] : readRules(reader, rules, compile)
  const allowForSeconds = seconds('allow_for', ALLOW_FOR_SECONDS_MAX)
  const releaseForSeconds = seconds('release_for', RELEASE_FOR_SECONDS_MAX)
  if (fallback === null || onError === null) return null
  return { version: 1, fallback, onError, allowForSeconds, releaseForSeconds, rules: read }
}

function readFallback(reader: PolicyReader, place: Place): Fallback | null {
  const keys = reader.mapping(place, { optional: ['allow', 'hold', 'deny', 'message'] })
  if (keys === null) return null
  const chosen = ['allow', 'hold', 'deny'].filter((key) => keys.has(key))
  if (chosen.length !== 1) {
    reader.problem(place, 'exactly one of allow, hold and deny is needed')
    return null
  }
  const [allow, hold, deny, said] = ['allow', 'hold', 'deny', 'message'].map((key) => keys.get(key))
  if (deny !== undefined && said === undefined) reader.problem(place, 'message is missing')
  const message = said === undefined ? 'No rule matched' : readMessage(reader, said)
  if (allow !== undefined) return reader.isTrue(allow) ? { outcome: 'allow' } : null
  if (message === null) return null
  if (deny !== undefined) return reader.isTrue(deny) ? { outcome: 'deny', message } : null
  const requirement = hold === undefined ? null : readHold(reader, hold)
  return requirement === null ? null : { outcome: 'hold', requirement, message }
}

const ERROR_MESSAGE = 'A rule could not be evaluated'

/** Without `on_error`, an error asks whom the default asks, and is as final as the default. */
function readOnError(
  reader: PolicyReader,
  place: Place | undefined,
  fallback: Fallback | null,
): ErrorFallback | null {
  if (place === undefined)
    return fallback === null || fallback.outcome === 'allow'
      ? null
      : { ...fallback, message: ERROR_MESSAGE }
  if (reader.isWord(place, 'deny')) return { outcome: 'deny', message: ERROR_MESSAGE }
  const keys = reader.mapping(place, { required: ['hold'], optional: ['message'] })
  const [hold, said] = [keys?.get('hold'), keys?.get('message')]
  const requirement = hold === undefined ? null : readHold(reader, hold)
  const message = said === undefined ? ERROR_MESSAGE : readMessage(reader, said)
  return requirement === null || message === null ? null : { outcome: 'hold', requirement, message }
}
