/**
 * Values as a Pulumi preview shows them. Secrets become `Hidden` and what is not known before the
 * update becomes `Unknown`, whichever way the tool writes them, so that neither is ever left as a
 * text that somebody could take for the value. A hidden value has no token: the tool tells nothing
 * of it, not even whether it changes.
 */
import { OFFLINE_TOKEN } from '../hiders.ts'
import { field, Hidden, isList, isMap, UNKNOWN, type Value, type ValueMap } from '../value.ts'

/** One sentinel for each type of value that is not known yet. */
const UNKNOWNS: readonly string[] = [
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
]
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4'

/** What the tool itself hides: it says nothing of the value. */
export const HIDDEN: Hidden = new Hidden(OFFLINE_TOKEN, 'tool')

export function restoreValue(value: Value): Value {
  if (typeof value === 'string') return restoreText(value)
  if (isList(value)) return value.map(restoreValue)
  if (!isMap(value)) return value
  const signature = field(value, SIGNATURE)
  if (signature === SECRET) return HIDDEN
  if (signature === OUTPUT) return restoreOutput(value)
  const entries = Object.entries(value).map(([key, item]): [string, Value] => [
    key,
    restoreValue(item),
  ])
  return Object.fromEntries(entries)
}

function restoreText(text: string): Value {
  if (text === '[secret]') return HIDDEN
  // A sentinel inside a longer text was put there by a program; the text is as unknown.
  return text.length >= 36 && isUnknownText(text) ? UNKNOWN : text
}

export function isUnknownText(text: string): boolean {
  return UNKNOWNS.some((sentinel) => text.includes(sentinel))
}

function restoreOutput(output: ValueMap): Value {
  const isPublic = (field(output, 'secret') ?? false) === false
  if (!isPublic) return HIDDEN
  const value = field(output, 'value')
  return value === undefined ? UNKNOWN : restoreValue(value)
}

/** Outputs of a state, in which the program may have named further secrets. */
export function restoreOutputs(state: Value): Value | undefined {
  const outputs = field(state, 'outputs')
  if (outputs === undefined) return undefined
  const restored = restoreValue(outputs)
  const names = field(state, 'additionalSecretOutputs')
  if (names === undefined || !isList(names) || !isMap(restored)) return restored
  const secret = new Set(names)
  const entries = Object.entries(restored).map(([key, value]): [string, Value] => [
    key,
    secret.has(key) ? HIDDEN : value,
  ])
  return Object.fromEntries(entries)
}

/**
 * The steps of a property path such as `tags["a.b"][0].name`; a text that is none is one step.
 */
export function pathSteps(path: string): readonly Value[] {
  const steps: Value[] = []
  const step = /(?:^|\.)([^.[\]"]+)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]/y
  while (step.lastIndex < path.length) {
    const match = step.exec(path)
    if (match === null) return [path]
    const [, name, index, quoted] = match
    if (index !== undefined) steps.push(Number(index))
    else steps.push(name ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1'))
  }
  return steps
}
