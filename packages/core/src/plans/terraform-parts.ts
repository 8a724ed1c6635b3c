/**
 * The parts of a plan that lie outside its resource changes: deferred changes, action invocations,
 * checks. A part that is there but not understood is a problem, never left out: what acts outside
 * `resource_changes` still acts.
 */
import type { ActionInvocation, CheckResult, DeferredChange } from '../plan.ts'
import { field, isMap, type Value } from '../value.ts'
import { fieldsBesides, type Parsed, parseResourceChange, textOr } from './terraform-change.ts'
import { restoreUnknown } from './unknown-values.ts'

export function parseDeferredChange(entry: Value): Parsed<DeferredChange> {
  const change = field(entry, 'resource_change')
  if (change === undefined) return { ok: false, message: 'has no resource_change' }
  const parsed = parseResourceChange(change)
  if (!parsed.ok) return parsed
  return { ok: true, part: { reason: textOr(field(entry, 'reason'), ''), change: parsed.part } }
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
  return invocation(entry, { deferred: false, reason: null })
}

export function parseDeferredInvocation(entry: Value): Parsed<ActionInvocation> {
  const inner = field(entry, 'action_invocation')
  if (inner === undefined) return { ok: false, message: 'has no action_invocation' }
  return invocation(inner, { deferred: true, reason: textOr(field(entry, 'reason'), '') })
}

function invocation(
  entry: Value,
  put: { readonly deferred: boolean; readonly reason: string | null },
): Parsed<ActionInvocation> {
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
    // Whatever else it says, the known kinds of trigger and those of next year.
    trigger: Object.fromEntries(fieldsBesides(entry, INVOCATION_FIELDS)),
  }
  return { ok: true, part }
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
