/**
 * Looks through a plan of any size without holding it: each change is read, redacted, counted,
 * digested, handed on, and forgotten. What it hands on never holds a clear secret, and counts for
 * nothing where the plan is refused in the end.
 */
import { offlineHide } from './hiders.ts'
import type { Digest } from './ids.ts'
import { ActionCounts, type ResourceChange, type Summary } from './plan.ts'
import { inspectDigester } from './plan-digest.ts'
import type { RefusedPlan } from './plans/parsed-plan.ts'
import type { PlanFrame } from './plans/plan-sink.ts'
import { type Reading, streamPlan } from './plans/registry.ts'
import { Redactor } from './redact.ts'
import type { HidingPatterns } from './redact-value.ts'

export type InspectedPlan =
  | {
      readonly ok: true
      /** Redacted, as everything here. */
      readonly frame: PlanFrame
      readonly summary: Summary
      readonly digest: Digest
    }
  | RefusedPlan

export interface Inspecting extends Reading {
  readonly patterns?: HidingPatterns | null
}

/** A change without its values. */
export type ChangeHead = Pick<
  ResourceChange,
  | 'address'
  | 'deposed'
  | 'previousAddress'
  | 'module'
  | 'mode'
  | 'type'
  | 'name'
  | 'provider'
  | 'action'
  | 'actions'
  | 'reason'
  | 'importing'
>

/** Is told each change, in the order of the document, and the change itself if it hides a value. */
export type See = (head: ChangeHead, hiding: ResourceChange | null) => void

export function inspectPlan(bytes: Uint8Array, reading: Inspecting, see: See): InspectedPlan {
  const { patterns = null } = reading
  const counts = new ActionCounts()
  const digester = inspectDigester(reading.primitives)
  let redactor = new Redactor([], offlineHide, patterns)
  const streamed = streamPlan(bytes, reading, {
    variables: (variables) => {
      redactor = new Redactor(variables, offlineHide, patterns)
    },
    resource: (clear) => {
      const isOpen = redactor.hidesNothing(clear)
      const change = isOpen ? clear : redactor.change(clear)
      counts.add(change.action)
      digester.change(change)
      see(change, isOpen ? null : change)
    },
    plain: (change) => {
      if (!redactor.hidesNothingIn(change)) return false
      counts.add(change.action)
      digester.plain(change)
      see(change, null)
      return true
    },
  })
  if (!streamed.ok) return streamed
  const frame = redactor.frame(streamed.frame)
  return { ok: true, frame, summary: counts.summary(frame), digest: digester.finish(frame) }
}
