/**
 * Takes everything secret out of a plan before it leaves the runner: what the tool marks, what
 * stands in sensitive variables, wherever else it stands, and what looks secret to us. It hides
 * values and nothing else: no entry disappears, no action, mask or path changes, and of an address
 * only a secret in it. Redact a plan once: the text of a redacted plan is escaped so that its
 * markers cannot be forged.
 */
import type { Hide } from './hiders.ts'
import { knownTextsOf } from './known-texts.ts'
import type {
  ActionInvocation,
  OutputChange,
  Plan,
  Reference,
  ResourceChange,
  Variable,
} from './plan.ts'
import type { PlainChange } from './plans/plain-change.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
import { CONTRADICTED_AFTER } from './plans/terraform-change.ts'
import { redactAddress, redactSource } from './redact-address.ts'
import {
  type HidingPatterns,
  isClear,
  joinMasks,
  marksNothing,
  type Place,
  type Redaction,
  redactValue,
  SecretNames,
} from './redact-value.ts'
import { isMap, type Value } from './value.ts'

export function redact(plan: Plan, hide: Hide, patterns: HidingPatterns | null = null): Plan {
  const redactor = new Redactor(plan.variables, hide, patterns)
  const resources = plan.resources.map((entry) => redactor.change(entry))
  const references = redactor.references(plan.references)
  return { ...plan, ...redactor.frame(plan), resources, references }
}

/** For a plan that is read one change at a time. */
export class Redactor {
  readonly #redaction: Redaction

  /** With the plan's variables as read, in clear. */
  constructor(variables: readonly Variable[], hide: Hide, patterns: HidingPatterns | null = null) {
    const known = knownTextsOf(variables)
    this.#redaction = { hide, known, names: new SecretNames(), patterns }
  }

  /** Most changes have nothing to hide and stay what they are. */
  change(entry: ResourceChange): ResourceChange {
    return this.hidesNothing(entry) ? entry : redactChange(entry, this.#redaction)
  }

  /** Whether a change has nothing to hide, nor anything that is hidden already. */
  hidesNothing(entry: ResourceChange): boolean {
    if (!marksNothing(entry.beforeSensitive) || !marksNothing(entry.afterSensitive)) return false
    for (const _key in entry.extra) return false
    const clear = (value: Value): boolean => isClear(value, '', this.#redaction)
    if (!clear(entry.before) || !clear(entry.after) || !clear(entry.importing)) return false
    return redactPlace(entry, this.#redaction) === null
  }

  /** The same for a change by its own text; false where only the change itself can tell. */
  hidesNothingIn({ address, module, name }: PlainChange): boolean {
    const { known, patterns } = this.#redaction
    if (!known.isEmpty || patterns !== null) return false
    return [address, module, name].every((each) => redactAddress(each, this.#redaction) === each)
  }

  references(references: readonly Reference[]): readonly Reference[] {
    const redaction = this.#redaction
    return references.map(({ from, to, attribute }) => {
      return { from: redactAddress(from, redaction), to: redactAddress(to, redaction), attribute }
    })
  }

  /** Everything besides the resource changes. */
  frame(frame: PlanFrame): PlanFrame {
    const redaction = this.#redaction
    return {
      ...frame,
      outputs: frame.outputs.map((output) => redactOutput(output, redaction)),
      deferred: frame.deferred.map((entry) => ({ ...entry, change: this.change(entry.change) })),
      invocations: frame.invocations.map((entry) => redactInvocation(entry, redaction)),
      drift: frame.drift.map((entry) => this.change(entry)),
      provisioners: frame.provisioners.map((entry, index) => {
        const at = { address: entry.resource, path: `/provisioners/${index}` }
        return { ...entry, config: inside(entry.config, at, redaction) }
      }),
      modules: frame.modules.map((entry) => {
        return { ...entry, source: redactSource(entry.source, entry.address, redaction) }
      }),
      providers: frame.providers.map((entry) => {
        const at = { address: `provider.${entry.key}`, path: '' }
        return { ...entry, config: inside(entry.config, at, redaction) }
      }),
      checks: frame.checks.map((entry) => {
        return { ...entry, address: redactAddress(entry.address, redaction) }
      }),
      variables: frame.variables.map((variable) => redactVariable(variable, redaction)),
    }
  }
}

/** One change; `before` and `after` are hidden where either side is masked. */
function redactChange(change: ResourceChange, redaction: Redaction): ResourceChange {
  const { address } = change
  const { before, after } = sides(change, { address, path: '', name: '' }, redaction)
  const importing = inside(change.importing, { address, path: '/$importing' }, redaction)
  const extra = redactExtra(change, redaction)
  return { ...change, ...redactPlace(change, redaction), before, after, importing, extra }
}

/** Null where no address holds a secret, which is nearly always. */
function redactPlace(
  { address, previousAddress, module, name }: ResourceChange,
  redaction: Redaction,
): Pick<ResourceChange, 'address' | 'previousAddress' | 'module' | 'name'> | null {
  const place = {
    name: redactAddress(name, redaction),
    address: redactAddress(address, redaction),
    previousAddress: previousAddress === null ? null : redactAddress(previousAddress, redaction),
    module: redactAddress(module, redaction),
  }
  const isSame = place.address === address && place.module === module && place.name === name
  return isSame && place.previousAddress === previousAddress ? null : place
}

function redactExtra(change: ResourceChange, redaction: Redaction): ResourceChange['extra'] {
  const { address } = change
  const extra: [string, Value][] = []
  for (const key in change.extra) {
    const value = change.extra[key] ?? null
    const mask = key === CONTRADICTED_AFTER ? change.afterSensitive : null
    const place = { address, path: `/$extra/${key}`, name: key }
    extra.push([key, redactValue(value, joinMasks(mask, null), { place, redaction })])
  }
  return extra.length === 0 ? change.extra : Object.fromEntries(extra)
}

interface Sides {
  readonly before: Value
  readonly after: Value
  readonly beforeSensitive: Value
  readonly afterSensitive: Value
}

function sides(
  change: Sides,
  place: Place,
  redaction: Redaction,
): { readonly before: Value; readonly after: Value } {
  const mask = joinMasks(change.beforeSensitive, change.afterSensitive)
  const where = { place, redaction }
  // A side that is null is an object that does not exist, and that is no secret.
  const before = change.before === null ? null : redactValue(change.before, mask, where)
  const after = change.after === null ? null : redactValue(change.after, mask, where)
  return { before, after }
}

function redactOutput(output: OutputChange, redaction: Redaction): OutputChange {
  const place = { address: `output.${output.name}`, path: '', name: output.name }
  return { ...output, ...sides(output, place, redaction) }
}

function redactInvocation(entry: ActionInvocation, redaction: Redaction): ActionInvocation {
  const { address, configSensitive } = entry
  const mask = joinMasks(configSensitive, null)
  const where = { place: { address, path: '', name: '' }, redaction }
  const config = redactValue(entry.config, mask, where)
  return {
    ...entry,
    address: redactAddress(address, redaction),
    config,
    trigger: inside(entry.trigger, { address, path: '/$trigger' }, redaction),
  }
}

function redactVariable(variable: Variable, redaction: Redaction): Variable {
  const { name, sensitive, value } = variable
  const place = { address: `var.${name}`, path: '', name }
  // Inside an object nothing has the variable's own name, and all of it is what the name says.
  if (!sensitive && isMap(value) && redaction.names.has(name)) {
    return { ...variable, value: redaction.hide({ ...place, value, by: 'detection' }) }
  }
  return { ...variable, value: redactValue(value, sensitive, { place, redaction }) }
}

/** A value that comes without a mask. */
function inside(
  value: Value,
  at: { readonly address: string; readonly path: string },
  redaction: Redaction,
): Value {
  return redactValue(value, null, { place: { ...at, name: '' }, redaction })
}
