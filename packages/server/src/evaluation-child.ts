/**
 * The program in which policies meet plans: a process of its own, without environment, network
 * code or secrets, that its parent kills when it is late or too large. One job at a time; it keeps
 * the last policy, because compiling is dearer than evaluating. It has no clock: `now` is told.
 */
import {
  type CredentialGap,
  decodePlan,
  evaluatePolicy,
  ownCredentials,
  type ParsedPolicy,
  type Plan,
  type Policy,
  parsePolicy,
  parseScope,
  scopeOfPlan,
  scopeText,
} from '@holdpoint/core'
import type {
  ChildJob,
  ChildReply,
  CredentialFindings,
  CredentialJob,
} from './evaluation-process.ts'

let kept: { readonly text: string; readonly parsed: ParsedPolicy } | null = null

function policyOf(text: string): ParsedPolicy {
  if (kept === null || kept.text !== text) kept = { text, parsed: parsePolicy(text) }
  return kept.parsed
}

async function answer(job: ChildJob): Promise<ChildReply> {
  const parsed = policyOf(job.policy)
  if (!parsed.ok) return { kind: 'problems', problems: parsed.problems }
  if (job.kind === 'read') return { kind: 'problems', problems: [] }
  return evaluation(job, parsed.policy)
}

type EvaluateJob = Extract<ChildJob, { kind: 'evaluate' }>

async function evaluation(job: EvaluateJob, policy: Policy): Promise<ChildReply> {
  const decoded = decodePlan(JSON.parse(new TextDecoder().decode(job.plan)))
  if (!decoded.ok) throw new Error(`the stored plan cannot be read: ${decoded.problem}`)
  const { plan } = decoded
  const credentials = await credentialsOf(plan, job.credentials)
  const { facts, now } = job
  const evaluated = evaluatePolicy({ plan, facts, policy, now, credentialGaps: credentials.gaps })
  return { kind: 'evaluated', evaluated, credentials }
}

/** Where nothing is granted, nothing of it is open. */
async function credentialsOf(plan: Plan, job: CredentialJob | null): Promise<CredentialFindings> {
  if (job === null) return { scope: null, gaps: [], own: [] }
  const { connections, target, trust, frozen } = job
  const scope =
    frozen ?? scopeText(scopeOfPlan({ plan, target, connections, table: await table() }))
  const isNarrowed = parseScope(scope)?.connections.every(({ narrowed }) => narrowed) === true
  const own = ownCredentials(plan, target)
  const gaps: CredentialGap[] = []
  // Nobody but the machine itself says what it does with a whole identity (threat B1).
  if (!isNarrowed && trust === 'self_reported') gaps.push('unbounded')
  if (own.length > 0) gaps.push('own_credentials')
  return { scope, gaps, own }
}

/** Read once, and only where something is granted. */
async function table() {
  const { IAM_TABLE } = await import('@holdpoint/api/iam-table')
  return IAM_TABLE
}

// A throw ends the process: the parent sees a crash, and a crash holds.
process.on('message', (job: ChildJob) => {
  void answer(job).then((reply) => process.send?.(reply))
})
process.on('disconnect', () => process.exit(0))
