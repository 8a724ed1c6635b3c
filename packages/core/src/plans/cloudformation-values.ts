/**
 * Values as a change set shows them. CloudFormation masks in texts: what it hides becomes `Hidden`,
 * what is settled while deploying becomes `Unknown`, and neither is ever left as a text that a rule
 * or a reader could take for the value.
 */
import { OFFLINE_TOKEN } from '../hiders.ts'
import { readJson } from '../json.ts'
import type { Primitives } from '../primitives.ts'
import { Hidden, isList, isMap, UNKNOWN, type Value } from '../value.ts'

/** Stands for what is settled while the change set is executed. */
const KNOWN_LATER = '{{changeSet:KNOWN_AFTER_APPLY}}'
/** A parameter with NoEcho, and every value that is made of one. */
const NO_ECHO = /^\*{4,}$/
const REFERENCE = '{{resolve:'
const ONLY_REFERENCE = /^\{\{resolve:[^{}]*\}\}$/

export function maskValue(value: Value, primitives: Primitives): Value {
  if (typeof value === 'string') return maskText(value, primitives)
  if (isList(value)) return value.map((item) => maskValue(item, primitives))
  if (!isMap(value)) return value
  const entries = Object.entries(value).map(([key, item]): [string, Value] => [
    key,
    maskValue(item, primitives),
  ])
  return Object.fromEntries(entries)
}

function maskText(text: string, primitives: Primitives): Value {
  if (NO_ECHO.test(text)) return new Hidden(OFFLINE_TOKEN, 'tool')
  if (text.includes(KNOWN_LATER)) return UNKNOWN
  return text.includes(REFERENCE) ? hideReference(text, primitives) : text
}

/**
 * A dynamic reference names a secret and is none, so its digest may tell whether it changed. A
 * text around it may be one, and an unkeyed digest of that could be guessed.
 */
function hideReference(text: string, primitives: Primitives): Hidden {
  if (!ONLY_REFERENCE.test(text)) return new Hidden(OFFLINE_TOKEN, 'tool')
  return new Hidden(primitives.sha256Hex(`holdpoint-reference-v1\n${text}`), 'tool')
}

/** A context is JSON in a text; large ones are cut by the tool, and then nobody can read them. */
export type Context =
  | { readonly kind: 'absent' }
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'unreadable' }

export function readContext(context: Value | undefined, primitives: Primitives): Context {
  if (context === undefined || context === null) return { kind: 'absent' }
  if (isMap(context)) return { kind: 'read', value: maskValue(context, primitives) }
  if (typeof context !== 'string') return { kind: 'unreadable' }
  const read = readJson(primitives.utf8(context), primitives)
  if (!read.ok || !isMap(read.value)) return { kind: 'unreadable' }
  return { kind: 'read', value: maskValue(read.value, primitives) }
}
