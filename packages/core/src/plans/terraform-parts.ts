/**
 * The parts of a plan that lie outside its resource changes: deferred changes, action invocations,
 * checks. A part that is there but not understood is a problem, never left out: what acts outside
 * `resource_changes` still acts.
 */
import type { ActionInvocation, CheckResult, DeferredChange } from '../plan.ts'
import { field, isMap, type Value, type ValueMap } from '../value.ts'
import { fieldsBesides, type Parsed, parseResourceChange, textOr } from './terraform-change.ts'
import { isContradicted, restoreUnknown } from './unknown-values.ts'

export function parseDeferredChange(entry: Value): Parsed<DeferredChange> {
  const change = field(entry, 'resource_change')
  if (change === undefined) return { ok: false, message: 'has no resource_change' }
  const parsed = parseResourceChange(change)
  if (!parsed.ok) return parsed
  const reason = field(entry, 'reason')
  const extra = Object.fromEntries([
    ...fieldsBesides(entry, DEFERRED_FIELDS),
    ...notText({ reason: reason ?? null }),
  ])
  return { ok: true, part: { reason: textOr(reason, ''), change: parsed.part, extra } }
}

const DEFERRED_FIELDS: ReadonlySet<string> = new Set(['reason', 'resource_change'])

/** Fields that are there and are no text, which would else count as empty. */
function notText(fields: ValueMap): readonly [string, Value][] {
  return Object.entries(fields).filter(([, value]) => value !== null && typeof value !== 'string')
}

const INVOCATION_FIELDS: ReadonlySet<string> = new Set([
  'address',
  'type',
  'name',
  'provider_name',
  'config_values',
  'config_sensitive',
  'config_unknown',
])

export function parseInvocation(entry: Value): Parsed<ActionInvocation> {
  return invocation(entry, { deferred: false, reason: null, besides: [] })
}

export function parseDeferredInvocation(entry: Value): Parsed<ActionInvocation> {
  const inner = field(entry, 'action_invocation')
  if (inner === undefined) return { ok: false, message: 'has no action_invocation' }
  const reason = field(entry, 'reason')
  const besides = [
    ...fieldsBesides(entry, DEFERRED_INVOCATION_FIELDS),
    ...notText({ reason: reason ?? null }),
  ].map(([key, value]): [string, Value] => [`deferred.${key}`, value])
  return invocation(inner, { deferred: true, reason: textOr(reason, ''), besides })
}

const DEFERRED_INVOCATION_FIELDS: ReadonlySet<string> = new Set(['reason', 'action_invocation'])

/** In `trigger`: the whole configuration, where it gives values that it also calls undecided. */
export const CONTRADICTED_CONFIG = 'config_values'

interface Put {
  readonly deferred: boolean
  readonly reason: string | null
  readonly besides: readonly [string, Value][]
}

function invocation(entry: Value, put: Put): Parsed<ActionInvocation> {
  if (!isMap(entry)) return { ok: false, message: 'is not an object' }
  const configUnknown = field(entry, 'config_unknown')
  const part: ActionInvocation = {
    address: textOr(field(entry, 'address'), ''),
    type: textOr(field(entry, 'type'), ''),
    provider: textOr(field(entry, 'provider_name'), ''),
    deferred: put.deferred,
    reason: put.reason,
    config: restoreUnknown(field(entry, 'config_values'), configUnknown),
    configSensitive: field(entry, 'config_sensitive') ?? null,
    configUnknown: configUnknown ?? null,
    trigger: triggerOf(entry, put.besides),
  }
  return { ok: true, part }
}

/** Whatever else it says, the known kinds of trigger and those of next year. */
function triggerOf(entry: ValueMap, besides: Put['besides']): Value {
  const { address, type, name, provider_name, config_values } = entry
  const texts = {
    address: address ?? null,
    type: type ?? null,
    provider_name: provider_name ?? null,
  }
  const said = fieldsBesides(entry, INVOCATION_FIELDS).map(([key, value]): [string, Value] => {
    return [/^(?:deferred|own)\./.test(key) ? `own.${key}` : key, value]
  })
  said.push(...notText(texts), ...besides)
  if (!isLastOf(name, textOr(address, ''))) said.push(['name', name ?? null])
  if (isContradicted(config_values, entry['config_unknown'])) {
    said.push([CONTRADICTED_CONFIG, config_values ?? null])
  }
  return Object.fromEntries(said)
}

/** The name is part of the address, and says more only where it is not. */
function isLastOf(name: Value | undefined, address: string): boolean {
  if (name === undefined || name === null) return true
  return typeof name === 'string' && (address.endsWith(`.${name}`) || address.includes(`.${name}[`))
}

/** Messages of checks may quote secrets and are not kept. */
export function parseCheck(entry: Value): CheckResult {
  const address = field(entry, 'address')
  return {
    address: textOr(field(address, 'to_display'), textOr(address, '')),
    kind: textOr(field(address, 'kind'), ''),
    status: checkStatus(field(entry, 'status')),
  }
}

function checkStatus(status: Value | undefined): CheckResult['status'] {
  return status === 'pass' || status === 'fail' || status === 'error' ? status : 'unknown'
}
