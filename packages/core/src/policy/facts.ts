/**
 * From a plan and the facts beside it to what rules see. A fact that nobody told is not "no": it
 * errs when a rule reads it.
 */
import type { Instant } from '../instant.ts'
import type { ActionInvocation, OutputChange, Plan, ResourceChange } from '../plan.ts'
import { summarise } from '../plan.ts'
import { isIncomplete } from '../plans/completeness.ts'
import { Hidden, NumberText, Unknown, type Value } from '../value.ts'
import { isList, NOT_KNOWN, toCel } from './value.ts'
import {
  Check,
  Deferred,
  Invocation,
  Module,
  Output,
  PlanType,
  Provider,
  Provisioner,
  Requester,
  Resource,
  Runner,
  Source,
  SUMMARY_EFFECTS,
  SummaryType,
  Variable,
  Workspace,
} from './vocabulary.ts'

/** Facts beside the plan. `null` means: not known here. */
export interface PolicyFacts {
  readonly workspace: {
    readonly id: string | null
    readonly name: string | null
    readonly labels: Readonly<Record<string, string>> | null
    /** True when nothing was ever applied in this workspace through Holdpoint. */
    readonly firstChange: boolean | null
  }
  readonly source: {
    /** Whether the root module has a dependency lock file. */
    readonly lock: boolean | null
    readonly fileCount: number | null
    readonly repository: string | null
    readonly ref: string | null
    readonly commit: string | null
  }
  readonly requester: {
    readonly kind: 'person' | 'service' | 'agent' | null
    readonly id: string | null
    readonly name: string | null
    readonly teams: readonly string[] | null
    /** Whether a human stands behind the request by verified means. */
    readonly human: boolean | null
  }
  readonly runner: {
    readonly trust: 'self_reported' | 'attested' | 'managed' | null
  }
}

/** For an evaluation that knows the plan only: every rule that reads a fact errs. */
export const NO_FACTS: PolicyFacts = {
  workspace: { id: null, name: null, labels: null, firstChange: null },
  source: { lock: null, fileCount: null, repository: null, ref: null, commit: null },
  requester: { kind: null, id: null, name: null, teams: null, human: null },
  runner: { trust: null },
}

export type Variables = Readonly<Record<string, unknown>>

export interface Subject {
  readonly plan: Plan
  readonly facts: PolicyFacts
  readonly now: Instant
}

export function changeVariables({ plan, facts, now }: Subject): Variables {
  return {
    plan: viewPlan(plan),
    summary: viewSummary(plan),
    workspace: viewWorkspace(facts.workspace),
    source: new Source.constructedBy({
      lock: facts.source.lock ?? NOT_KNOWN,
      fileCount: facts.source.fileCount === null ? NOT_KNOWN : BigInt(facts.source.fileCount),
      repository: facts.source.repository ?? NOT_KNOWN,
      ref: facts.source.ref ?? NOT_KNOWN,
      commit: facts.source.commit ?? NOT_KNOWN,
    }),
    requester: new Requester.constructedBy({
      kind: facts.requester.kind ?? NOT_KNOWN,
      id: facts.requester.id ?? NOT_KNOWN,
      name: facts.requester.name ?? NOT_KNOWN,
      teams: facts.requester.teams ?? NOT_KNOWN,
      human: facts.requester.human ?? NOT_KNOWN,
    }),
    runner: new Runner.constructedBy({ trust: facts.runner.trust ?? NOT_KNOWN }),
    now: new Date(now),
  }
}

export function viewResource(change: ResourceChange): object {
  const attributes = viewSides(change)
  return new Resource.constructedBy({
    address: change.address,
    type: change.type,
    name: change.name,
    module: change.module,
    mode: change.mode,
    provider: change.provider,
    action: change.action,
    actions: change.actions,
    reason: change.reason,
    deposed: change.deposed,
    previousAddress: change.previousAddress,
    importing: change.importing === null ? null : toCel(change.importing),
    get before() {
      return attributes.before()
    },
    get after() {
      return attributes.after()
    },
  })
}

function viewSides(change: ResourceChange | OutputChange) {
  return { before: once(() => toCel(change.before)), after: once(() => toCel(change.after)) }
}

function viewPlan(plan: Plan): object {
  const resources = once(() => plan.resources.map(viewResource))
  const drift = once(() => plan.drift.map(viewResource))
  return new PlanType.constructedBy({
    tool: plan.tool,
    formatVersion: plan.formatVersion,
    toolVersion: plan.toolVersion,
    errored: plan.errored,
    incomplete: isIncomplete(plan),
    get resources() {
      return resources()
    },
    get drift() {
      return drift()
    },
    outputs: plan.outputs.map(viewOutput),
    deferred: plan.deferred.map(
      ({ reason, change }) =>
        new Deferred.constructedBy({ reason, resource: viewResource(change) }),
    ),
    invocations: plan.invocations.map(viewInvocation),
    provisioners: plan.provisioners.map(
      (one) => new Provisioner.constructedBy({ ...one, config: toCel(one.config) }),
    ),
    modules: plan.modules.map((one) => new Module.constructedBy(one)),
    providers: plan.providers.map(
      (one) => new Provider.constructedBy({ ...one, config: toCel(one.config) }),
    ),
    checks: plan.checks.map((one) => new Check.constructedBy(one)),
    variables: plan.variables.map(
      (one) => new Variable.constructedBy({ ...one, value: toCel(one.value) }),
    ),
  })
}

function viewOutput(output: OutputChange): object {
  const { before, after } = viewSides(output)
  return new Output.constructedBy({
    name: output.name,
    action: output.action,
    actions: output.actions,
    before: before(),
    after: after(),
  })
}

function viewInvocation(one: ActionInvocation): object {
  return new Invocation.constructedBy({
    address: one.address,
    type: one.type,
    provider: one.provider,
    deferred: one.deferred,
    reason: one.reason,
    config: toCel(one.config),
    trigger: toCel(one.trigger),
  })
}

function viewWorkspace(facts: PolicyFacts['workspace']): object {
  return new Workspace.constructedBy({
    id: facts.id ?? NOT_KNOWN,
    name: facts.name ?? NOT_KNOWN,
    labels: facts.labels === null ? NOT_KNOWN : new Map(Object.entries(facts.labels)),
    firstChange: facts.firstChange ?? NOT_KNOWN,
  })
}

function viewSummary(plan: Plan): object {
  const counts = Object.entries({ ...summarise(plan), unknownValues: countUnknown(plan) })
  return new SummaryType.constructedBy(
    Object.fromEntries(counts.map(([name, count]) => [name, BigInt(count)])),
  )
}

/** Whether the plan does nothing but what is listed; what is not listed must count zero. */
export function onlyEffects(summary: object, allowed: readonly unknown[]): boolean {
  return SUMMARY_EFFECTS.every(
    (name) => allowed.includes(name) || Reflect.get(summary, name) === 0n,
  )
}

function countUnknown(plan: Plan): number {
  const sides = [...plan.resources, ...plan.outputs].map((one) => unknownIn(one.after))
  return sides.reduce((sum, count) => sum + count, 0)
}

function unknownIn(value: Value): number {
  if (value instanceof Unknown) return 1
  if (value instanceof Hidden || value instanceof NumberText) return 0
  if (typeof value !== 'object' || value === null) return 0
  const inside: readonly Value[] = isList<Value>(value) ? value : Object.values(value)
  return inside.reduce<number>((sum, entry) => sum + unknownIn(entry), 0)
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
