/**
 * Takes everything secret out of a plan before it leaves the runner: what the tool marks, what
 * stands in sensitive variables, and what looks secret to us. It hides values and nothing else: no
 * entry disappears, no action, mask, address or path changes. Redact a plan once: the text of a
 * redacted plan is escaped so that its markers cannot be forged.
 */
import type { Hide } from './hiders.ts'
import type { ActionInvocation, OutputChange, Plan, ResourceChange, Variable } from './plan.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
import { CONTRADICTED_AFTER } from './plans/terraform-change.ts'
import { joinMasks, type Place, type Redaction, redactValue, SecretNames } from './redact-value.ts'
import { isList, isMap, type Value } from './value.ts'

export function redact(plan: Plan, hide: Hide): Plan {
  const redactor = new Redactor(plan.variables, hide)
  const resources = plan.resources.map((entry) => redactor.change(entry))
  return { ...plan, ...redactor.frame(plan), resources }
}

/** For a plan that is read one change at a time. */
export class Redactor {
  readonly #redaction: Redaction
  readonly #known: Redaction

  /** With the plan's variables as read, in clear. */
  constructor(variables: readonly Variable[], hide: Hide) {
    const names = new SecretNames()
    this.#redaction = { hide, known: [], names }
    this.#known = { hide, known: sensitiveTexts(variables), names }
  }

  change(entry: ResourceChange): ResourceChange {
    return redactChange(entry, this.#redaction)
  }

  /** Everything besides the resource changes. */
  frame(frame: PlanFrame): PlanFrame {
    return {
      ...frame,
      outputs: frame.outputs.map((output) => redactOutput(output, this.#redaction)),
      deferred: frame.deferred.map((entry) => ({ ...entry, change: this.change(entry.change) })),
      invocations: frame.invocations.map((entry) => redactInvocation(entry, this.#redaction)),
      drift: frame.drift.map((entry) => this.change(entry)),
      provisioners: frame.provisioners.map((entry, index) => {
        const at = { address: entry.resource, path: `/provisioners/${index}` }
        return { ...entry, config: inside(entry.config, at, this.#known) }
      }),
      providers: frame.providers.map((entry) => {
        const at = { address: `provider.${entry.key}`, path: '' }
        return { ...entry, config: inside(entry.config, at, this.#known) }
      }),
      variables: frame.variables.map((variable) => redactVariable(variable, this.#redaction)),
    }
  }
}

/** One change; `before` and `after` are hidden where either side is masked. */
function redactChange(change: ResourceChange, redaction: Redaction): ResourceChange {
  const { address } = change
  const { before, after } = sides(change, { address, path: '', name: '' }, redaction)
  const importing = inside(change.importing, { address, path: '/$importing' }, redaction)
  const extra = redactExtra(change, redaction)
  // Most changes have nothing to hide and stay what they are.
  const isSame = before === change.before && after === change.after && extra === change.extra
  if (isSame && importing === change.importing) return change
  return { ...change, before, after, importing, extra }
}

function redactExtra(change: ResourceChange, redaction: Redaction): ResourceChange['extra'] {
  const { address } = change
  const extra: [string, Value][] = []
  for (const key in change.extra) {
    const value = change.extra[key] ?? null
    const mask = key === CONTRADICTED_AFTER ? change.afterSensitive : null
    const place = { address, path: `/$extra/${key}`, name: '' }
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
    config,
    trigger: inside(entry.trigger, { address, path: '/$trigger' }, redaction),
  }
}

function redactVariable(variable: Variable, redaction: Redaction): Variable {
  const { name, sensitive } = variable
  const place = { address: `var.${name}`, path: '', name }
  return { ...variable, value: redactValue(variable.value, sensitive, { place, redaction }) }
}

/** A value that comes without a mask. */
function inside(
  value: Value,
  at: { readonly address: string; readonly path: string },
  redaction: Redaction,
): Value {
  return redactValue(value, null, { place: { ...at, name: '' }, redaction })
}

/** Shorter texts would be found by chance. */
const KNOWN_CHARACTERS_MIN = 6

function sensitiveTexts(variables: readonly Variable[]): readonly string[] {
  const texts = new Set<string>()
  for (const variable of variables) if (variable.sensitive) collectTexts(variable.value, texts)
  return [...texts]
}

function collectTexts(value: Value, texts: Set<string>): void {
  if (typeof value === 'string' && value.length >= KNOWN_CHARACTERS_MIN) texts.add(value)
  if (isList(value)) for (const item of value) collectTexts(item, texts)
  if (isMap(value)) for (const item of Object.values(value)) collectTexts(item, texts)
}
