/**
 * Everything once more, right before the update: the saved plan, the checkpoint it was made from, the
 * project's files, the environment and where the stack is kept. Pulumi refuses an update that does
 * other things than its plan, and does not notice that it starts from another state.
 */
import { compareFacts } from '../facts.ts'
import type { Rechecked } from '../tool.ts'
import type { PulumiPlan } from './prepare.ts'

export async function recheck(prepared: PulumiPlan): Promise<Rechecked> {
  const facts = await prepared.factsNow()
  const looked = [
    { noun: 'saved plan', count: null },
    { noun: 'checkpoint', count: null },
    { noun: 'source file', count: facts.source.files.filter(isFile).length },
    { noun: 'input', count: facts.inputs.inputs.length },
    { noun: 'target', count: null },
  ]
  const differences = compareFacts(prepared.facts, facts)
  return { facts, differences, looked, isOutdated: false }
}

function isFile({ path }: { readonly path: string }): boolean {
  return !path.startsWith('plan:')
}
