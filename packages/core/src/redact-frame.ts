/**
 * Takes secrets out of everything in a plan that is not a resource change: outputs, invocations,
 * programs, modules, providers, variables, and the names and words beside them. The tool's own words
 * are searched like any other text, because whoever makes a plan may write anything there.
 */
import type {
  ActionInvocation,
  OutputChange,
  ProviderConfig,
  Reference,
  ResourceChange,
  Variable,
} from './plan.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
import { CONTRADICTED_AFTER } from './plans/terraform-change.ts'
import { CONTRADICTED_CONFIG } from './plans/terraform-parts.ts'
import { redactAddress, redactWords } from './redact-address.ts'
import {
  fromEntries,
  joinMasks,
  type Place,
  type Redaction,
  redactKey,
  redactValue,
} from './redact-value.ts'
import { isMap, type Value } from './value.ts'

/** `drift` and `deferred` are changes, and stay what they are. */
export function redactFrame(frame: PlanFrame, redaction: Redaction): PlanFrame {
  const name = (text: string): string => redactAddress(text, redaction)
  const words = (text: string): string => redactWords(text, '', redaction)
  return {
    ...frame,
    formatVersion: words(frame.formatVersion),
    toolVersion: words(frame.toolVersion),
    outputs: frame.outputs.map((output) => redactOutput(output, redaction)),
    deferred: frame.deferred.map((entry) => {
      const { address, afterSensitive } = entry.change
      const extra = redactExtra({ address, afterSensitive, extra: entry.extra }, redaction)
      return { ...entry, reason: words(entry.reason), extra }
    }),
    invocations: frame.invocations.map((entry) => redactInvocation(entry, redaction)),
    provisioners: frame.provisioners.map((entry, index) => {
      const at = { address: entry.resource, path: `/provisioners/${index}` }
      const { resource, type, when, reads } = entry
      return {
        resource: name(resource),
        type: name(type),
        when: name(when),
        config: inside(entry.config, at, redaction),
        reads: reads.map(name),
      }
    }),
    modules: frame.modules.map(({ address, source, version }) => ({
      address: name(address),
      source: redactWords(source, address, redaction),
      version: version === null ? null : words(version),
    })),
    providers: frame.providers.map((entry) => redactProvider(entry, redaction)),
    checks: frame.checks.map((entry) => {
      return { ...entry, address: name(entry.address), kind: name(entry.kind) }
    }),
    variables: frame.variables.map((variable) => redactVariable(variable, redaction)),
    unknownFields: frame.unknownFields.map(name),
    warnings: frame.warnings.map(words),
  }
}

export function redactReferences(
  references: readonly Reference[],
  redaction: Redaction,
): readonly Reference[] {
  const name = (text: string): string => redactAddress(text, redaction)
  return references.map(({ from, to, attribute }) => {
    return { from: name(from), to: name(to), attribute: name(attribute) }
  })
}

function redactProvider(entry: ProviderConfig, redaction: Redaction): ProviderConfig {
  const name = (text: string): string => redactAddress(text, redaction)
  const { alias, versionConstraint } = entry
  const at = { address: `provider.${entry.key}`, path: '' }
  return {
    key: name(entry.key),
    name: name(entry.name),
    fullName: name(entry.fullName),
    alias: alias === null ? null : name(alias),
    module: name(entry.module),
    versionConstraint:
      versionConstraint === null ? null : redactWords(versionConstraint, at.address, redaction),
    config: inside(entry.config, at, redaction),
  }
}

function redactOutput(output: OutputChange, redaction: Redaction): OutputChange {
  const place = { address: `output.${output.name}`, path: '', name: output.name }
  return {
    ...output,
    name: redactAddress(output.name, redaction),
    actions: redactActions(output, redaction),
    ...redactSides(output, place, redaction),
    ...redactMasks(output, place.address, redaction),
    extra: redactExtra({ ...output, address: place.address }, redaction),
  }
}

function redactInvocation(entry: ActionInvocation, redaction: Redaction): ActionInvocation {
  const { address, configSensitive, reason } = entry
  const name = (text: string): string => redactAddress(text, redaction)
  const mask = joinMasks(configSensitive, null)
  const at = { address, path: '' }
  const where = { place: { ...at, name: '' }, redaction }
  return {
    address: name(address),
    type: name(entry.type),
    provider: name(entry.provider),
    deferred: entry.deferred,
    reason: reason === null ? null : redactWords(reason, address, redaction),
    config: redactValue(entry.config, mask, where),
    configSensitive: inside(configSensitive, at, redaction),
    configUnknown: inside(entry.configUnknown, at, redaction),
    trigger: redactTrigger(entry, mask, redaction),
  }
}

/** A configuration that it contradicts is hidden where its masks hide it. */
function redactTrigger(entry: ActionInvocation, mask: Value, redaction: Redaction): Value {
  const { address, trigger } = entry
  const path = '/$trigger'
  if (!isMap(trigger)) return inside(trigger, { address, path }, redaction)
  const place = { address, path, name: '' }
  return redactValue(trigger, { [CONTRADICTED_CONFIG]: mask }, { place, redaction })
}

interface WithExtra {
  readonly address: string
  readonly afterSensitive: Value
  readonly extra: ResourceChange['extra']
}

/** Fields without a place of their own. */
export function redactExtra(
  { address, afterSensitive, extra }: WithExtra,
  redaction: Redaction,
): ResourceChange['extra'] {
  const redacted: [string, Value][] = []
  for (const key in extra) {
    const value = extra[key] ?? null
    const mask = key === CONTRADICTED_AFTER ? afterSensitive : null
    const place = { address, path: `/$extra/${key}`, name: key }
    const shown = redactKey(key, { place: { ...place, path: '/$extra' }, redaction })
    redacted.push([shown, redactValue(value, joinMasks(mask, null), { place, redaction })])
  }
  return redacted.length === 0 ? extra : fromEntries(redacted)
}

function redactVariable(variable: Variable, redaction: Redaction): Variable {
  const { name, sensitive, value } = variable
  const shown = { name: redactAddress(name, redaction), sensitive }
  const place = { address: `var.${name}`, path: '', name }
  // Inside an object nothing has the variable's own name, and all of it is what the name says.
  if (!sensitive && isMap(value) && redaction.names.has(name)) {
    return { ...shown, value: redaction.hide({ ...place, value, by: 'detection' }) }
  }
  return { ...shown, value: redactValue(value, sensitive, { place, redaction }) }
}

interface Masks {
  readonly beforeSensitive: Value
  readonly afterSensitive: Value
  readonly afterUnknown: Value
}

interface Sides extends Pick<Masks, 'beforeSensitive' | 'afterSensitive'> {
  readonly before: Value
  readonly after: Value
}

/** Both sides are hidden where either is masked. */
export function redactSides(
  change: Sides,
  place: Place,
  redaction: Redaction,
): Pick<Sides, 'before' | 'after'> {
  const mask = joinMasks(change.beforeSensitive, change.afterSensitive)
  const where = { place, redaction }
  // A side that is null is an object that does not exist, and that is no secret.
  const before = change.before === null ? null : redactValue(change.before, mask, where)
  const after = change.after === null ? null : redactValue(change.after, mask, where)
  return { before, after }
}

/** Masks as they are, but for secrets among their keys or where they say something odd. */
export function redactMasks(masks: Masks, address: string, redaction: Redaction): Masks {
  const mask = (value: Value): Value => inside(value, { address, path: '' }, redaction)
  return {
    beforeSensitive: mask(masks.beforeSensitive),
    afterSensitive: mask(masks.afterSensitive),
    afterUnknown: mask(masks.afterUnknown),
  }
}

/** Known words are no secrets. */
export function redactActions(
  { action, actions }: Pick<OutputChange, 'action' | 'actions'>,
  redaction: Redaction,
): readonly string[] {
  return action === 'unknown' ? actions.map((each) => redactWords(each, '', redaction)) : actions
}

/** A value that comes without a mask. */
export function inside(
  value: Value,
  at: { readonly address: string; readonly path: string },
  redaction: Redaction,
): Value {
  return redactValue(value, null, { place: { ...at, name: '' }, redaction })
}
