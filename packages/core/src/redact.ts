/**
 * Takes everything secret out of a plan before it leaves the runner: what the tool marks, what
 * stands in sensitive variables, wherever else it stands, and what looks secret to us. It hides
 * values and nothing else: no entry disappears, no action, mask or path changes, and of an address,
 * a name or a word only a secret in it. Redact a plan once: the text of a redacted plan is escaped so that its
 * markers cannot be forged.
 */
import { mayHaveMarker } from './hidden-text.ts'
import type { Hide } from './hiders.ts'
import { pointerStep } from './json.ts'
import { knownTextsOf } from './known-texts.ts'
import type { Plan, Reference, ResourceChange, Variable } from './plan.ts'
import type { PlainChange } from './plans/plain-change.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
import { redactAddress, redactWords } from './redact-address.ts'
import {
  inside,
  redactActions,
  redactExtra,
  redactFrame,
  redactMasks,
  redactReferences,
  redactSides,
} from './redact-frame.ts'
import {
  type HidingPatterns,
  isClear,
  keySecrets,
  marksNothing,
  type Redaction,
  redactKey,
  SecretNames,
} from './redact-value.ts'
import { isList, type Value } from './value.ts'

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
    const keys = new SecretNames((key) => {
      return mayHaveMarker(key) || keySecrets(key, { known, patterns }).length > 0
    })
    this.#redaction = { hide, known, names: new SecretNames(), keys, patterns }
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
    if (!clear(entry.beforeSensitive) || !clear(entry.afterSensitive)) return false
    if (!clear(entry.afterUnknown) || !clear(entry.replacePaths)) return false
    return redactPlace(entry, this.#redaction) === null
  }

  /** The same for a change by its own text; false where only the change itself can tell. */
  hidesNothingIn(change: Pick<PlainChange, 'address' | 'reason' | 'closer'>): boolean {
    const { address, reason, closer } = change
    const redaction = this.#redaction
    if (!redaction.known.isEmpty || redaction.patterns !== null) return false
    if (reason !== null && redactWords(reason, address, redaction) !== reason) return false
    return closer.every((text) => redactAddress(text, redaction) === text)
  }

  references(references: readonly Reference[]): readonly Reference[] {
    return redactReferences(references, this.#redaction)
  }

  /** Everything besides the resource changes. */
  frame(frame: PlanFrame): PlanFrame {
    const redacted = redactFrame(frame, this.#redaction)
    return {
      ...redacted,
      deferred: redacted.deferred.map((entry) => ({ ...entry, change: this.change(entry.change) })),
      drift: redacted.drift.map((entry) => this.change(entry)),
    }
  }
}

/** One change; `before` and `after` are hidden where either side is masked. */
function redactChange(change: ResourceChange, redaction: Redaction): ResourceChange {
  const { address } = change
  const { before, after } = redactSides(change, { address, path: '', name: '' }, redaction)
  const importing = inside(change.importing, { address, path: '/$importing' }, redaction)
  const extra = redactExtra(change, redaction)
  const replacePaths = change.replacePaths.map((each) => redactPath(each, address, redaction))
  const masks = redactMasks(change, address, redaction)
  const place = redactPlace(change, redaction)
  return { ...change, ...place, before, after, importing, extra, replacePaths, ...masks }
}

/** Steps that are keys of `before` or `after` become what those keys become. */
function redactPath(path: Value, address: string, redaction: Redaction): Value {
  if (!isList(path)) return inside(path, { address, path: '/$replace' }, redaction)
  let at = ''
  return path.map((step) => {
    const place = { address, path: at, name: '' }
    if (typeof step === 'string' || typeof step === 'number') at += pointerStep(step)
    if (typeof step === 'string') return redactKey(step, { place, redaction })
    return inside(step, { address, path: '/$replace' }, redaction)
  })
}

const TEXTS = ['name', 'address', 'module', 'type', 'provider'] as const

type Texts = Pick<
  ResourceChange,
  (typeof TEXTS)[number] | 'previousAddress' | 'deposed' | 'reason' | 'actions'
>

/** Null where no name, address or word holds a secret, which is nearly always. */
function redactPlace(change: ResourceChange, redaction: Redaction): Texts | null {
  const { address, previousAddress, deposed, reason } = change
  const clear = (text: string): string => redactAddress(text, redaction)
  const texts: Texts = {
    name: clear(change.name),
    address: clear(address),
    previousAddress: previousAddress === null ? null : clear(previousAddress),
    deposed: deposed === null ? null : clear(deposed),
    module: clear(change.module),
    type: clear(change.type),
    provider: clear(change.provider),
    reason: reason === null ? null : redactWords(reason, address, redaction),
    actions: redactActions(change, redaction),
  }
  const isSame =
    TEXTS.every((field) => texts[field] === change[field]) &&
    texts.previousAddress === previousAddress &&
    texts.deposed === deposed &&
    texts.reason === reason &&
    texts.actions.every((each, at) => each === change.actions[at])
  return isSame ? null : texts
}
