/**
 * Everything once more, immediately before the tool runs: plan file, source, inputs, target, and
 * the environment as it is now. The same plan file is not the same change (DESIGN §5). A difference
 * is named and stops the start; it never consumes the approval.
 */
import type { Difference } from '@holdpoint/core'
import { refuseCliConfig } from './cli-config.ts'
import { compareFacts, computeFacts, environmentOf, type Facts } from './facts.ts'
import type { Prepared } from './prepare.ts'

export interface Rechecked {
  readonly facts: Facts
  /** Empty: what would run is what was approved. */
  readonly differences: readonly Difference[]
}

export async function recheck(prepared: Prepared, approved: Facts): Promise<Rechecked> {
  // First, because of other bytes nothing else can be read that would mean anything.
  const artifact = await prepared.planFile.digest()
  if (artifact !== approved.binding.artifact) {
    const { artifact: was } = approved.binding
    const difference = { part: 'artifact', name: null, approved: was, now: artifact }
    return { facts: approved, differences: [difference] }
  }
  const environment = environmentOf(prepared.job)
  const facts = await computeFacts({ ...prepared.factsRequest, environment })
  const differences = compareFacts(approved, facts)
  const refused = await refuseCliConfig(environment.env)
  if (refused === null) return { facts, differences }
  const overrides = { part: 'cli configuration', name: null, approved: 'plain', now: refused }
  return { facts, differences: [...differences, overrides] }
}
