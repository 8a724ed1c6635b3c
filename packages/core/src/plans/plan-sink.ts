/**
 * A plan while it is read: its resource changes one at a time, so that a plan of any size can be
 * looked through without being held, and the rest of it at the end. What a sink was told counts for
 * nothing until the reader has come to the end without a refusal.
 */
import type { Plan, ResourceChange, Variable } from '../plan.ts'
import type { ParsedPlan, RefusedPlan } from './parsed-plan.ts'
import type { PlainChange } from './plain-change.ts'
import type { References } from './references.ts'

/** Everything of a plan that is not a resource change, nor lies between two of them. */
export type PlanFrame = Omit<Plan, 'resources' | keyof References>

export interface PlanSink {
  /** Once, before the first change: which values are sensitive wherever they stand. */
  readonly variables: (variables: readonly Variable[]) => void
  /** Each change in the order of the document. */
  readonly resource: (change: ResourceChange) => void
  /** A change by its own text; false where the sink has to see it as a whole. */
  readonly plain?: (change: PlainChange) => boolean
}

export type StreamedPlan =
  | {
      readonly ok: true
      readonly frame: PlanFrame
      /** Computed only where somebody asks: it takes all changes at once. */
      readonly references: (resources: readonly ResourceChange[]) => References
    }
  | RefusedPlan

/** For readers that need the whole document before they know one change. */
export function tell(sink: PlanSink, parsed: ParsedPlan): StreamedPlan {
  if (!parsed.ok) return parsed
  const { resources, references, referencesCut, ...frame } = parsed.plan
  sink.variables(frame.variables)
  for (const resource of resources) sink.resource(resource)
  return { ok: true, frame, references: () => ({ references, referencesCut }) }
}

/** The plan as a whole. */
export function collectPlan(stream: (sink: PlanSink) => StreamedPlan): ParsedPlan {
  const resources: ResourceChange[] = []
  const streamed = stream({
    variables: () => undefined,
    resource: (change) => resources.push(change),
  })
  if (!streamed.ok) return streamed
  return { ok: true, plan: { ...streamed.frame, resources, ...streamed.references(resources) } }
}
