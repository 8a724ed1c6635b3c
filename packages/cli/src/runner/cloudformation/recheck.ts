/**
 * Everything once more, immediately before the change set is executed: it is described again, with
 * the same credentials that planned. A difference is named and stops the start.
 */
import type { Difference } from '@holdpoint/core'
import { compareFacts } from '../facts.ts'
import type { Looked, Rechecked } from '../tool.ts'
import { serviceOf } from './job.ts'
import { type Look, lookAt } from './look.ts'
import type { CloudformationPlan } from './prepare.ts'

export async function recheck(prepared: CloudformationPlan): Promise<Rechecked> {
  const { job, secrets, planKeys, facts: approved } = prepared
  const service = serviceOf(job, planKeys, secrets)
  const look = await lookAt(service, prepared.look.described.name)
  const facts = prepared.factsOf(look)
  const problem = executionProblem(look)
  // A plan says whether it can be executed: where it cannot, that is named and not said twice.
  const found = compareFacts(approved, facts).filter(({ part }) => !problem || part !== 'plan')
  const differences = problem === null ? found : [problem, ...found]
  const isOutdated = look.execution === 'OBSOLETE' && job.wanted.type === 'deploy'
  return { facts, differences, looked: lookedAt(look), isOutdated }
}

function executionProblem({ execution }: Look): Difference | null {
  if (execution === 'AVAILABLE') return null
  return { part: 'change set', name: null, approved: 'AVAILABLE', now: execution }
}

function lookedAt({ described }: Look): readonly Looked[] {
  const { sets } = described
  const count = (items: (set: (typeof sets)[number]) => number) =>
    sets.reduce((sum, set) => sum + items(set), 0)
  return [
    { noun: 'change set', count: sets.length },
    { noun: 'template', count: count(({ templates }) => templates.length) },
    { noun: 'parameter', count: count(({ fields }) => fields.Parameters?.length ?? 0) },
    { noun: 'target', count: null },
  ]
}
