/**
 * The program in which policies meet plans: a process of its own, without environment, network
 * code or secrets, that its parent kills when it is late or too large. One job at a time; it keeps
 * the last policy, because compiling is dearer than evaluating. It has no clock: `now` is told.
 */
import {
  decodePlan,
  evaluatePolicy,
  type ParsedPolicy,
  type Policy,
  parsePolicy,
} from '@holdpoint/core'
import type { ChildJob, ChildReply } from './evaluation-process.ts'

let kept: { readonly text: string; readonly parsed: ParsedPolicy } | null = null

function policyOf(text: string): ParsedPolicy {
  if (kept === null || kept.text !== text) kept = { text, parsed: parsePolicy(text) }
  return kept.parsed
}

function answer(job: ChildJob): ChildReply {
  const parsed = policyOf(job.policy)
  if (!parsed.ok) return { kind: 'problems', problems: parsed.problems }
  if (job.kind === 'read') return { kind: 'problems', problems: [] }
  return evaluation(job, parsed.policy)
}

function evaluation(job: Extract<ChildJob, { kind: 'evaluate' }>, policy: Policy): ChildReply {
  const decoded = decodePlan(JSON.parse(new TextDecoder().decode(job.plan)))
  if (!decoded.ok) throw new Error(`the stored plan cannot be read: ${decoded.problem}`)
  const { facts, now } = job
  return {
    kind: 'evaluated',
    evaluated: evaluatePolicy({ plan: decoded.plan, facts, policy, now }),
  }
}

// A throw ends the process: the parent sees a crash, and a crash holds.
process.on('message', (job: ChildJob) => {
  process.send?.(answer(job))
})
process.on('disconnect', () => process.exit(0))
