/**
 * A plan file as `inspect` and `evaluate` see it: read, redacted and digested on this machine. Its
 * document never holds a clear secret, because everything that prints works from the redacted plan.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Digest,
  inspectDigest,
  offlineHide,
  type Plan,
  type ResourceChange,
  readPlan,
  redact,
  type Summary,
  summarise,
} from '@holdpoint/core'
import { badInput } from './ended.ts'
import { readInput } from './read-input.ts'
import { sensitivePathsOf } from './sensitive-paths.ts'

export interface OfflinePlan {
  readonly plan: Plan
  readonly summary: Summary
  readonly digest: Digest
}

export async function readOfflinePlan(file: string): Promise<OfflinePlan> {
  const bytes = await readInput(file)
  const parsed = readPlan(bytes, nodePrimitives)
  if (!parsed.ok) throw badInput(parsed.refusal.message)
  const plan = redact(parsed.plan, offlineHide)
  return { plan, summary: summarise(plan), digest: inspectDigest(plan, nodePrimitives) }
}

/** The document of `inspect --json` (DESIGN §9). */
export function inspectDocument({ plan, summary, digest }: OfflinePlan): object {
  return {
    tool: plan.tool,
    formatVersion: plan.formatVersion,
    toolVersion: plan.toolVersion,
    summary,
    resources: plan.resources.map(resourceDocument),
    digest,
    warnings: plan.warnings,
  }
}

function resourceDocument(resource: ResourceChange): object {
  return {
    address: resource.address,
    type: resource.type,
    action: resource.action,
    provider: resource.provider,
    module: resource.module,
    mode: resource.mode,
    actions: resource.actions,
    reason: resource.reason,
    deposed: resource.deposed,
    previousAddress: resource.previousAddress,
    importing: resource.importing !== null,
    sensitivePaths: sensitivePathsOf(resource),
  }
}
