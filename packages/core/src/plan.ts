/**
 * A plan: the normalised description of what a tool would do, whichever tool wrote it.
 * People approve what is here, rules read what is here, and the fingerprint covers what is here.
 * It must never lose a change: what is not understood becomes `unknown`, never `noop`.
 */
import type { Value } from './value.ts'

export type Tool = 'terraform' | 'opentofu' | 'cloudformation' | 'pulumi'

/** Every entry counts under exactly one of these (DESIGN §9). */
export const ACTIONS = [
  'create',
  'update',
  'replace',
  'delete',
  'read',
  'import',
  'forget',
  'move',
  'noop',
  'unknown',
] as const
export type Action = (typeof ACTIONS)[number]

export interface ResourceChange {
  /** The tool's own address, as text; hostile until rendered. */
  readonly address: string
  /** Key of a deposed object; with `address` it identifies the entry. */
  readonly deposed: string | null
  readonly previousAddress: string | null
  /** Module address, empty for the root module. */
  readonly module: string
  readonly mode: 'managed' | 'data' | 'other'
  readonly type: string
  readonly name: string
  readonly provider: string
  readonly action: Action
  /** The tool's own words, for display and for the digest. */
  readonly actions: readonly string[]
  /** The tool's reason for the action, for example `replace_because_tainted`. */
  readonly reason: string | null
  readonly before: Value
  /** Unknown attributes are in place as `Unknown`, also where the tool left them out. */
  readonly after: Value
  /** The tool's masks as it wrote them: `true`, or the same shape as the value with `true` leaves. */
  readonly beforeSensitive: Value
  readonly afterSensitive: Value
  readonly afterUnknown: Value
  /** Attribute paths that force a replacement. */
  readonly replacePaths: readonly Value[]
  /** Present when the entry imports an existing object; its `id` or `identity`. */
  readonly importing: Value | null
  /** Fields of the change that this version does not know; kept, and in the digest. */
  readonly extra: { readonly [key: string]: Value }
}

export interface OutputChange {
  readonly name: string
  readonly action: Action
  readonly actions: readonly string[]
  readonly before: Value
  readonly after: Value
  readonly beforeSensitive: Value
  readonly afterSensitive: Value
  readonly afterUnknown: Value
  /** As of a resource change. */
  readonly extra: { readonly [key: string]: Value }
}

/** A change the tool puts off to a later plan. */
export interface DeferredChange {
  readonly reason: string
  readonly change: ResourceChange
  /** Fields of the entry around the change that this version does not know. */
  readonly extra: { readonly [key: string]: Value }
}

/** An action the tool would invoke (Terraform 1.14 and later), deferred ones included. */
export interface ActionInvocation {
  readonly address: string
  readonly type: string
  readonly provider: string
  readonly deferred: boolean
  readonly reason: string | null
  readonly config: Value
  readonly configSensitive: Value
  readonly configUnknown: Value
  /** What triggers it, and whatever else is said of it. */
  readonly trigger: Value
}

/** A program that runs on the runner or the machine when the resource is made or destroyed. */
export interface Provisioner {
  readonly resource: string
  readonly type: string
  readonly when: string
  readonly config: Value
  /** What its computed settings are made of, as the configuration names it. */
  readonly reads: readonly string[]
}

export interface ModuleCall {
  readonly address: string
  readonly source: string
  readonly version: string | null
}

export interface ProviderConfig {
  /** Key in the configuration, for example `aws` or `module.net:aws.west`. */
  readonly key: string
  /** As its registry calls it, whatever the configuration calls it. */
  readonly name: string
  readonly fullName: string
  readonly alias: string | null
  readonly module: string
  readonly versionConstraint: string | null
  /** Constant expressions only; anything computed is `Unknown`. */
  readonly config: Value
}

/**
 * `from` needs `to`: its attribute reads it. For display; not in the digest, because what the
 * attribute then is stands in the change itself, and what only orders the work changes no object.
 */
export interface Reference {
  readonly from: string
  readonly to: string
  readonly attribute: string
}

export interface CheckResult {
  readonly address: string
  readonly kind: string
  readonly status: 'pass' | 'fail' | 'error' | 'unknown'
}

export interface Plan {
  readonly tool: Tool
  readonly formatVersion: string
  readonly toolVersion: string
  readonly resources: readonly ResourceChange[]
  readonly outputs: readonly OutputChange[]
  readonly deferred: readonly DeferredChange[]
  readonly invocations: readonly ActionInvocation[]
  readonly drift: readonly ResourceChange[]
  readonly provisioners: readonly Provisioner[]
  readonly modules: readonly ModuleCall[]
  readonly providers: readonly ProviderConfig[]
  readonly checks: readonly CheckResult[]
  /**
   * Between entries of `resources`, by address, as far as the tool writes them down: what goes
   * through a local value of Terraform is not there. No reference does not mean that none exists.
   */
  readonly references: readonly Reference[]
  /** More were found than are kept. */
  readonly referencesCut: boolean
  /** Root variables as the plan shows them; sensitive ones are hidden by redaction. */
  readonly variables: readonly Variable[]
  readonly errored: boolean
  /** `null` where the tool does not say (OpenTofu, old Terraform): absent is not `true`. */
  readonly complete: boolean | null
  readonly applyable: boolean | null
  /** Top-level fields this version does not know; kept and counted. */
  readonly unknownFields: readonly string[]
  readonly warnings: readonly string[]
}

export interface Variable {
  readonly name: string
  readonly value: Value
  readonly sensitive: boolean
}

/** Counts per action, and three that lie outside the entries (DESIGN §9). */
export type Summary = { readonly [A in Action]: number } & {
  readonly deferred: number
  readonly invoke: number
}

/** Every entry under exactly one action; `invoke` includes deferred invocations. */
export function summarise(plan: Plan): Summary {
  const counts = new ActionCounts()
  for (const resource of plan.resources) counts.add(resource.action)
  return counts.summary(plan)
}

/** The same for a plan that is read one change at a time. */
export class ActionCounts {
  readonly #counts: { [A in Action]: number } = {
    create: 0,
    update: 0,
    replace: 0,
    delete: 0,
    read: 0,
    import: 0,
    forget: 0,
    move: 0,
    noop: 0,
    unknown: 0,
  }

  add(action: Action): void {
    this.#counts[action] += 1
  }

  summary(frame: Pick<Plan, 'deferred' | 'invocations'>): Summary {
    const { deferred, invocations } = frame
    return { ...this.#counts, deferred: deferred.length, invoke: invocations.length }
  }
}
