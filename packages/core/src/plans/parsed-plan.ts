/**
 * What every reader of plans gives, and the parts of it that all of them need. A refusal is one
 * sentence; texts of the document in it are rendered safe.
 */
import type { Plan } from '../plan.ts'
import { safeText } from '../safe-text.ts'
import type { Value } from '../value.ts'

export interface RefusedPlan {
  readonly ok: false
  readonly refusal: { readonly message: string }
}

export type ParsedPlan = { readonly ok: true; readonly plan: Plan } | RefusedPlan

export function refuse(message: string): RefusedPlan {
  return { ok: false, refusal: { message } }
}

const QUOTED_CHARACTERS = 60

/** A value of the document as a short quotation for a sentence. */
export function quote(value: Value | undefined): string {
  if (typeof value !== 'string') return value === undefined ? 'missing' : 'no text'
  return safeText(JSON.stringify(value.slice(0, QUOTED_CHARACTERS))).text
}

/** A plan in which nothing happens, for readers to fill in. */
export const EMPTY_PLAN = {
  toolVersion: '',
  resources: [],
  outputs: [],
  deferred: [],
  invocations: [],
  drift: [],
  provisioners: [],
  modules: [],
  providers: [],
  checks: [],
  references: [],
  referencesCut: false,
  variables: [],
  errored: false,
  unknownFields: [],
  warnings: [],
} as const

/** `1 change is`, `2 changes are`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

export function warningsOfUnknown(fields: readonly string[]): readonly string[] {
  if (fields.length === 0) return []
  return [`${fields.length} top-level fields are not known to this version`]
}
