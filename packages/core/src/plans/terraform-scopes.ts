/**
 * What a reference in a configuration leads to: through variables to what the module's call gives,
 * through outputs to what the module reads. It never runs in circles and has a bound, because a
 * configuration is somebody's text and the ways through it can multiply.
 */
import { field, isList, isMap, type Value } from '../value.ts'
import { stepsOf } from './terraform-address.ts'
import { membersOf } from './terraform-configuration.ts'

/** A module of the configuration. `prefix` ends with a dot, and is empty for the root. */
export interface Scope {
  readonly prefix: string
  readonly depth: number
  readonly module: Value | undefined
  readonly call: Value | undefined
  readonly parent: Scope | null
  readonly children: ReadonlyMap<string, Scope>
}

export interface Target {
  /** As the configuration writes it, from the root. */
  readonly configured: string
  /** Instance keys that the reference names, for modules and the resource; null is any. */
  readonly keys: readonly (string | null)[]
  /** Depth of the module in which the reference is written; above it, keys are shared. */
  readonly depth: number
}

export function scopesOf(root: Value | undefined): readonly Scope[] {
  const all: Scope[] = []
  scopeOf({ prefix: '', depth: 0, module: root, call: undefined, parent: null }, all)
  return all
}

function scopeOf(own: Omit<Scope, 'children'>, all: Scope[]): Scope {
  const children = new Map<string, Scope>()
  const scope: Scope = { ...own, children }
  all.push(scope)
  for (const [name, call] of membersOf(field(own.module, 'module_calls'))) {
    const prefix = `${own.prefix}module.${name}.`
    const inner = { prefix, depth: own.depth + 1, module: field(call, 'module'), call }
    children.set(name, scopeOf({ ...inner, parent: scope }, all))
  }
  return scope
}

const WAY_MAX = 64
/** Characters of a reference that are looked at in one step. */
const STEP_CHARACTERS = 256
const NOTHING: readonly Target[] = []

/** Follows references; one for a whole plan, because it remembers and counts. */
export class Ways {
  readonly #exists: (configured: string) => boolean
  readonly #known = new Map<string, readonly Target[]>()
  /** What is written in a scope, by what asks for it: it may be asked for very often. */
  readonly #written = new WeakMap<Scope, Map<string, readonly string[]>>()
  #steps: number
  #length = 0

  constructor(exists: (configured: string) => boolean, stepsMax: number) {
    this.#exists = exists
    this.#steps = stepsMax
  }

  /** True when the bound was met and something is left out. */
  get isCut(): boolean {
    return this.#steps <= 0
  }

  /** Counts work that is done elsewhere; false when there has been enough. */
  take(steps: number): boolean {
    this.#steps -= steps
    return this.#steps > 0
  }

  /** All that a list of `references` leads to, each target once. */
  follow(scope: Scope, references: readonly string[]): readonly Target[] {
    const found = new Map<string, Target>()
    let longer = ''
    for (const text of references) {
      const characters = scope.prefix.length + text.length
      if (!this.take(1 + Math.floor(characters / STEP_CHARACTERS))) break
      // The tool writes `a.b.id`, and then its beginnings `a.b` too, which say less.
      const isBeginning = longer.startsWith(`${text}.`) || longer.startsWith(`${text}[`)
      longer = text
      if (isBeginning) continue
      const targets = this.#one(scope, text)
      if (!this.take(targets.length)) break
      for (const each of targets) found.set(`${each.keys.join('\n')}\n${each.configured}`, each)
    }
    return [...found.values()]
  }

  #one(scope: Scope, text: string): readonly Target[] {
    const id = `${scope.prefix}\n${text}`
    const known = this.#known.get(id)
    if (known !== undefined) return known
    if (this.isCut) return NOTHING
    if (this.#length >= WAY_MAX) {
      this.#steps = 0
      return NOTHING
    }
    // While it is being followed it leads nowhere: a circle ends here.
    this.#known.set(id, NOTHING)
    this.#length += 1
    const targets = this.#lead(scope, text)
    this.#length -= 1
    this.#known.set(id, targets)
    return targets
  }

  #lead(scope: Scope, text: string): readonly Target[] {
    const steps = stepsOf(text)
    const [first, second, third] = steps
    if (first === undefined || second === undefined) return NOTHING
    if (first.name === 'var') return this.#throughCall(scope, second.name)
    if (first.name === 'module') {
      const inner = scope.children.get(second.name)
      return inner === undefined ? NOTHING : this.#throughModule(inner, second.key, third?.name)
    }
    const named = first.name === 'data' ? steps.slice(0, 3) : steps.slice(0, 2)
    const configured = scope.prefix + named.map((step) => step.name).join('.')
    if (!this.#exists(configured)) return NOTHING
    const keys = [...Array<null>(scope.depth).fill(null), named.at(-1)?.key || null]
    return [{ configured, keys, depth: scope.depth }]
  }

  /** What the call of the module gives for a variable; `each` is what the call repeats over. */
  #throughCall(scope: Scope, variable: string): readonly Target[] {
    if (scope.parent === null) return NOTHING
    const texts = this.#writtenOnce(scope, `var.${variable}`, () => {
      const given = referencesIn(field(field(scope.call, 'expressions'), variable))
      const isRepeated = given.some((text) => text.startsWith('each.'))
      const over = isRepeated ? referencesIn(field(scope.call, 'for_each_expression')) : []
      return [...given, ...over]
    })
    return this.follow(scope.parent, texts)
  }

  #throughModule(inner: Scope, key: string, output: string | undefined): readonly Target[] {
    const outputs = field(inner.module, 'outputs')
    const all = output === undefined ? membersOf(outputs) : []
    // Outputs that lead nowhere are work as well: without this many reads of many take for ever.
    if (!this.take(all.length)) return NOTHING
    const texts = this.#writtenOnce(inner, output === undefined ? 'all' : `output.${output}`, () =>
      output === undefined
        ? all.flatMap(([, each]) => referencesIn(field(each, 'expression')))
        : referencesIn(field(field(outputs, output), 'expression')),
    )
    const depth = inner.depth - 1
    return this.follow(inner, texts).map((target) => {
      const isInside = key !== '' && target.configured.startsWith(inner.prefix)
      const keys = isInside ? target.keys.map((own, at) => (at === depth ? key : own)) : target.keys
      return { ...target, keys, depth: Math.min(depth, target.depth) }
    })
  }

  #writtenOnce(scope: Scope, what: string, read: () => readonly string[]): readonly string[] {
    const own = this.#written.get(scope) ?? new Map<string, readonly string[]>()
    this.#written.set(scope, own)
    const texts = own.get(what) ?? read()
    own.set(what, texts)
    return texts
  }
}

/** Every reference in one expression or block, at any depth. */
export function referencesIn(expression: Value | undefined): readonly string[] {
  if (expression === undefined) return []
  if (isList(expression)) return expression.flatMap(referencesIn)
  if (!isMap(expression)) return []
  const own = field(expression, 'references')
  const texts =
    own !== undefined && isList(own) ? own.filter((text) => typeof text === 'string') : []
  // A block may have an attribute of that name, and then it is no list of texts.
  if (texts.length > 0) return texts
  return Object.values(expression).flatMap(referencesIn)
}
