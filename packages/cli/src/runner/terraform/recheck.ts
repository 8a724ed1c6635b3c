/**
 * Everything once more, immediately before the tool runs: plan file, source, inputs, target, and
 * the environment as it is now. The same plan file is not the same change (DESIGN §5). A difference
 * is named and stops the start; it never consumes the approval.
 */
import { compareFacts, type Facts } from '../facts.ts'
import type { Looked, Rechecked } from '../tool.ts'
import { refuseCliConfig } from './cli-config.ts'
import { computeFacts, environmentOf } from './facts.ts'
import type { TerraformPlan } from './prepare.ts'

export async function recheck(prepared: TerraformPlan, approved: Facts): Promise<Rechecked> {
  // First, because of other bytes nothing else can be read that would mean anything.
  const artifact = await prepared.planFile.digest()
  if (artifact !== approved.binding.artifact) {
    const { artifact: was } = approved.binding
    const difference = { part: 'artifact', name: null, approved: was, now: artifact }
    return { facts: approved, differences: [difference], looked: [], isOutdated: false }
  }
  const environment = environmentOf(prepared.job, prepared.granted)
  const facts = await computeFacts({ ...prepared.factsRequest, environment })
  const differences = compareFacts(approved, facts)
  const checked = { looked: lookedAt(facts), isOutdated: false }
  const refused = await refuseCliConfig(environment.env)
  if (refused === null) return { facts, differences, ...checked }
  const overrides = { part: 'cli configuration', name: null, approved: 'plain', now: refused }
  return { facts, differences: [...differences, overrides], ...checked }
}

function lookedAt({ source, inputs }: Facts): readonly Looked[] {
  return [
    { noun: 'plan file', count: null },
    { noun: 'source file', count: source.files.length },
    { noun: 'input', count: inputs.inputs.length },
    { noun: 'target', count: null },
  ]
}
