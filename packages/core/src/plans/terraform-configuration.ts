/**
 * What the `configuration` part of a plan tells: provisioners at any depth, module calls, provider
 * settings, and which variables are sensitive. Expressions are kept only where they are constant;
 * anything computed is `Unknown`, because the plan does not hold its value (nor any `locals`).
 */
import type { ModuleCall, ProviderConfig, Provisioner, Variable } from '../plan.ts'
import { field, isList, isMap, UNKNOWN, type Value } from '../value.ts'
import { listOr, textOr, textOrNull } from './terraform-change.ts'

export interface Configuration {
  readonly provisioners: readonly Provisioner[]
  readonly modules: readonly ModuleCall[]
  readonly providers: readonly ProviderConfig[]
}

export function parseConfiguration(configuration: Value | undefined): Configuration {
  const found: Found = { provisioners: [], modules: [] }
  walkModule(field(configuration, 'root_module'), '', found)
  return { ...found, providers: parseProviders(field(configuration, 'provider_config')) }
}

interface Found {
  readonly provisioners: Provisioner[]
  readonly modules: ModuleCall[]
}

function walkModule(module: Value | undefined, prefix: string, found: Found): void {
  for (const resource of listOr(field(module, 'resources'))) {
    const address = textOr(field(resource, 'address'), '')
    for (const provisioner of listOr(field(resource, 'provisioners'))) {
      found.provisioners.push({
        resource: prefix + address,
        type: textOr(field(provisioner, 'type'), ''),
        when: textOr(field(provisioner, 'when'), ''),
        config: constantsOf(field(provisioner, 'expressions')),
        reads: [...new Set(referencesIn(field(provisioner, 'expressions')))],
      })
    }
  }
  for (const [name, call] of membersOf(field(module, 'module_calls'))) {
    const address = `${prefix}module.${name}`
    const source = textOr(field(call, 'source'), '')
    found.modules.push({ address, source, version: textOrNull(field(call, 'version_constraint')) })
    walkModule(field(call, 'module'), `${address}.`, found)
  }
}

function parseProviders(providers: Value | undefined): readonly ProviderConfig[] {
  return membersOf(providers).map(([key, provider]) => ({
    key,
    name: nameOf(provider),
    fullName: textOr(field(provider, 'full_name'), ''),
    alias: textOrNull(field(provider, 'alias')),
    module: textOr(field(provider, 'module_address'), ''),
    versionConstraint: textOrNull(field(provider, 'version_constraint')),
    config: constantsOf(field(provider, 'expressions')),
  }))
}

/**
 * What its registry calls it. A configuration may call `hashicorp/aws` anything, and whoever asks for
 * the account, the region or the keys of `aws` must find it then too.
 */
function nameOf(provider: Value): string {
  const registered = textOr(field(provider, 'full_name'), '').split('/').at(-1) ?? ''
  return registered === '' ? textOr(field(provider, 'name'), '') : registered
}

export function membersOf(value: Value | undefined): readonly [string, Value][] {
  return value !== undefined && isMap(value) ? Object.entries(value) : []
}

/** At any depth, in the order of the document. */
function referencesIn(expressions: Value | undefined): readonly string[] {
  if (expressions === undefined) return []
  if (isList(expressions)) return expressions.flatMap(referencesIn)
  if (!isMap(expressions)) return []
  const own = listOr(field(expressions, 'references')).filter((each) => typeof each === 'string')
  // A constant is data, and what looks like a reference in it is none.
  const inside = Object.entries(expressions).filter(([key]) => key !== 'constant_value')
  return [...own, ...inside.flatMap(([, value]) => referencesIn(value))]
}

/** A block of expressions: attributes, nested blocks, lists of blocks. */
function constantsOf(expressions: Value | undefined): Value {
  if (expressions === undefined) return {}
  return isMap(expressions) ? mapOfConstants(expressions) : UNKNOWN
}

function constantOf(expression: Value): Value {
  if (isList(expression)) return expression.map((block) => constantOf(block))
  if (!isMap(expression)) return UNKNOWN
  const constant = field(expression, 'constant_value')
  const references = field(expression, 'references')
  if (references !== undefined && isList(references)) return UNKNOWN
  if (constant !== undefined && Object.keys(expression).length === 1) return constant
  // An attribute without references that is still computed, such as `timestamp()`, is written `{}`.
  return Object.keys(expression).length === 0 ? UNKNOWN : mapOfConstants(expression)
}

function mapOfConstants(map: { readonly [key: string]: Value }): Value {
  const entries: [string, Value][] = []
  for (const [key, expression] of Object.entries(map)) entries.push([key, constantOf(expression)])
  return Object.fromEntries(entries)
}

/**
 * Root variables. `variables` holds their values in clear with no mask; what is sensitive stands
 * only in the configuration. Without a configuration nobody can tell, so all are sensitive then.
 * Terraform 1.11 does not write which ones are ephemeral, and prints their defaults in clear.
 */
export function parseVariables(
  variables: Value | undefined,
  configuration: Value | undefined,
): readonly Variable[] {
  const root = field(configuration, 'root_module')
  const declared = new Map(membersOf(field(root, 'variables')))
  const found = new Map<string, Variable>()
  for (const [name, variable] of membersOf(variables)) {
    const sensitive = root === undefined || isSensitive(declared.get(name))
    found.set(name, { name, value: field(variable, 'value') ?? null, sensitive })
  }
  for (const [name, declaration] of declared) {
    if (found.has(name)) continue
    const value = field(declaration, 'default') ?? UNKNOWN
    found.set(name, { name, value, sensitive: isSensitive(declaration) })
  }
  return [...found.values()]
}

function isSensitive(declaration: Value | undefined): boolean {
  const sensitive = field(declaration, 'sensitive')
  const ephemeral = field(declaration, 'ephemeral')
  return isMarked(sensitive) || isMarked(ephemeral)
}

/** Anything but an absent, null or false mark is a mark. */
function isMarked(mark: Value | undefined): boolean {
  return mark !== undefined && mark !== null && mark !== false
}
