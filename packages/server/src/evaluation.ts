/**
 * The verdict on one change under the policy in force: the rules' own answer from the child, and
 * what no rule may leave out — a first target is bound by people, and a request that no verified
 * human stands behind needs one more of them. Nothing that goes wrong here becomes `allow` (I14).
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  addPerson,
  type Change,
  type ChangeId,
  canonicalText,
  compareToPin,
  type Evaluated,
  type Finding,
  type Instant,
  loggedAllower,
  loggedRule,
  type PolicyFacts,
  type PolicyRevision,
  type Requirement,
  type Evaluation as Rules,
  type RuleTrace,
  uniteRequirements,
  type Workspace,
} from '@holdpoint/core'
import { BUILT_IN_POLICY } from './built-in-policy.ts'
import { credentialJob, keepScope, NO_CREDENTIALS } from './evaluation-credentials.ts'
import { factsOf } from './evaluation-facts.ts'
import { fallbackRequirement, heldRules } from './evaluation-fallback.ts'
import {
  bindingFinding,
  credentialFindings,
  isTelling,
  requesterFinding,
  unresolvedFinding,
} from './evaluation-findings.ts'
import type {
  ChildFailure,
  ChildReply,
  CredentialFindings,
  EvaluationProcess,
} from './evaluation-process.ts'
import { keepEvidence } from './kept.ts'
import type { Metrics } from './metrics.ts'
import type { Gate } from './ports.ts'
import type { Database } from './store/db.ts'
import { findEvidence } from './store/evidence.ts'
import { hasApplied, unresolvedIn } from './views-queries.ts'

export interface EvaluationSources {
  readonly mode: 'production' | 'development'
  readonly database: Database
  readonly gate: Gate
  readonly process: EvaluationProcess
  readonly metrics: Metrics
}

export interface Evaluation {
  /** Evaluates over stored evidence and keeps the findings as evidence, before anything is logged. */
  readonly evaluateChange: (id: ChangeId, now: Instant) => Promise<Evaluated>
  /** Why a policy's text cannot be used, each with line and column; empty when it can. */
  readonly policyProblems: (text: string) => Promise<readonly string[]>
  readonly policyText: (revision: PolicyRevision) => Promise<string>
}

export function createEvaluation(sources: EvaluationSources): Evaluation {
  return {
    evaluateChange: (id, now) => evaluateChange(id, now, sources),
    policyProblems: (text) => policyProblems(text, sources.process),
    policyText: (revision) => policyText(revision, sources.database),
  }
}

/** What the rules gave, with the trace where they ran to their end. */
interface Given extends Rules {
  readonly trace: readonly RuleTrace[]
  readonly credentials: CredentialFindings
}

/** Of what the entries say: whoever edits a row must not choose what the rules are asked about. */
async function evaluateChange(
  id: ChangeId,
  now: Instant,
  sources: EvaluationSources,
): Promise<Evaluated> {
  const change = (await sources.gate.change(id))?.change ?? null
  if (change === null) throw new Error(`${id} was never opened`)
  const revision = await sources.gate.policy()
  const policy = await policyText(revision, sources.database)
  const facts = await collectFacts(change, sources)
  const given = await runRules({ change, policy, facts, now }, sources)
  const whole = await withStandingRules(change, given, { policy, sources })
  const findings = await keepFindings(change, { ...whole, facts, now }, sources.database)
  return {
    verdict: whole.verdict,
    allowedBy: loggedAllower(whole),
    rules: decidingRules(whole),
    requirement: whole.requirement,
    findings,
    counts: countFindings(whole.findings),
    policyRevision: revision.revision,
    evaluatedAt: now,
    allowForSeconds: whole.allowForSeconds,
    releaseForSeconds: whole.releaseForSeconds,
    ...(await keepScope(change, whole.credentials.scope, sources.database)),
  }
}

async function collectFacts(change: Change, sources: EvaluationSources): Promise<PolicyFacts> {
  const { kysely } = sources.database
  const { workspace } = change
  const source = await findEvidence(kysely, { workspace, digest: change.binding.source })
  const appliedBefore = await hasApplied(kysely, workspace)
  return factsOf(change, { access: await sources.gate.access(), source, appliedBefore })
}

interface RuleInput {
  readonly change: Change
  readonly policy: string
  readonly facts: PolicyFacts
  readonly now: Instant
}

async function runRules(input: RuleInput, sources: EvaluationSources): Promise<Given> {
  const { change, policy, facts, now } = input
  const place = { workspace: change.workspace, digest: change.planDocument }
  const plan = await findEvidence(sources.database.kysely, place)
  const credentials = await credentialJob(change, sources)
  const held = (because: Parameters<typeof heldRules>[0]): Given => {
    sources.metrics.evaluated('failed')
    const scope = credentials?.frozen ?? null
    return {
      ...heldRules(because, policy),
      trace: [],
      credentials: { ...NO_CREDENTIALS, scope },
    }
  }
  if (plan === null) return held('missing')
  const job = { kind: 'evaluate', policy, plan, facts, now, credentials } as const
  const reply = await sources.process.run(job)
  if (reply.kind !== 'evaluated') return held(failureOf(reply))
  sources.metrics.evaluated(reply.evaluated.verdict)
  return { ...reply.evaluated, credentials: reply.credentials }
}

function failureOf(reply: Exclude<ChildReply, { kind: 'evaluated' }> | ChildFailure) {
  return reply.kind === 'failed' ? reply.because : 'crashed'
}

interface Standing {
  readonly policy: string
  readonly sources: EvaluationSources
}

/** What holds beside every policy. A deny stays a deny. */
async function withStandingRules(
  change: Change,
  given: Given,
  { policy, sources }: Standing,
): Promise<Given> {
  const access = await sources.gate.access()
  const unbound = binds(change, access.workspaces.get(change.workspace) ?? null)
  const unresolved = await unresolvedIn(sources.database.kysely, change)
  const bound = unbound && given.verdict !== 'deny' ? bind(change, given, policy) : given
  const findings = [
    ...bound.findings,
    ...credentialFindings(bound.credentials, bound.verdict),
    ...(unresolved === null ? [] : [unresolvedFinding(unresolved, bound.verdict)]),
  ]
  if (bound.requirement === null) return { ...bound, findings }
  const { mode } = sources
  if (change.requester.humanVerified)
    return { ...bound, findings, requirement: reachable(bound.requirement, mode) }
  const requirement = reachable(addPerson(bound.requirement), mode)
  return { ...bound, findings: [...findings, requesterFinding(bound.verdict)], requirement }
}

/**
 * Nothing is bound yet, or this very change bound it: what people approved in it stays a reason until
 * it ends, though its own release has set the pin by the time that it is looked at again.
 */
function binds({ bindsTarget, target }: Change, workspace: Workspace | null): boolean {
  if (workspace === null) return false
  const { pin, lineage } = workspace
  if (pin === null) return true
  return bindsTarget && compareToPin({ ...pin, lineage }, target).length === 0
}

/** A first target is bound by people: at least whom the default asks. */
function bind(change: Change, given: Given, policy: string): Given {
  const standard = fallbackRequirement(policy)
  const requirement =
    given.requirement === null ? standard : uniteRequirements(given.requirement, standard)
  const findings = [...given.findings, bindingFinding(change.target)]
  return { ...given, verdict: 'hold', allowedBy: null, findings, requirement }
}

/**
 * Development people have no sign-in, so there the ordinary strength is a name alone; whoever asks
 * for a passkey is still asked for one. The entry says which it was.
 */
function reachable(requirement: Requirement, mode: EvaluationSources['mode']): Requirement {
  return mode === 'development' && requirement.assurance === 'session'
    ? { ...requirement, assurance: 'development' }
    : requirement
}

const RULES_MAX = 20

function decidingRules({ findings, verdict }: Given): readonly string[] {
  const deciding = findings.filter((each) => each.outcome === verdict && !isTelling(each))
  return [...new Set(deciding.map(loggedRule))].slice(0, RULES_MAX)
}

function countFindings(findings: readonly Finding[]): Evaluated['counts'] {
  const count = (outcome: Finding['outcome']) =>
    findings.filter((finding) => finding.outcome === outcome).length
  return { allow: count('allow'), hold: count('hold'), deny: count('deny') }
}

/**
 * How every document of findings begins, and nothing else that is kept: its keys are sorted, so the
 * door tells them from plans without reading either.
 */
export const FINDINGS_START = '{"allowedBy":'

/** Everything a repetition needs, and what it gave: kept before the entry that names it. */
async function keepFindings(
  change: Change,
  kept: Given & { readonly facts: PolicyFacts; readonly now: Instant },
  database: Database,
) {
  const { verdict, allowedBy, findings, requirement, trace, facts, now } = kept
  const { gaps, own } = kept.credentials
  const credentials = gaps.length + own.length === 0 ? {} : { credentials: { gaps, own } }
  const said = { verdict, allowedBy, findings, requirement, trace }
  const document = { v: 1, now, facts, ...said, ...credentials }
  const text = canonicalText(JSON.parse(JSON.stringify(document)))
  return keepEvidence(database, { workspace: change.workspace, text })
}

async function policyProblems(
  text: string,
  process: EvaluationProcess,
): Promise<readonly string[]> {
  const reply = await process.run({ kind: 'read', policy: text })
  if (reply.kind === 'problems')
    return reply.problems.map(
      ({ line, column, path, message }) =>
        `${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`,
    )
  return ['1:1: reading this policy takes too long or too much memory']
}

async function policyText(revision: PolicyRevision, database: Database): Promise<string> {
  if (revision.revision === 0) return BUILT_IN_POLICY
  const place = { workspace: 'policy', digest: revision.document } as const
  const bytes = await findEvidence(database.kysely, place)
  if (bytes === null) throw new Error(`the text of policy revision ${revision.revision} is gone`)
  return nodePrimitives.text(bytes)
}
