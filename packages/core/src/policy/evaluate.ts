/**
 * What the rules say of a plan. Complete: every rule is evaluated, always, so that the trace shows
 * all of them. Deny beats hold beats allow. An error demands people or denies, and there is no way
 * from one to `allow` (I14); a gap in the plan that no rule accepts by name leads to the default.
 */
import type { Instant } from '../instant.ts'
import type { Plan } from '../plan.ts'
import type { Evaluation, Finding, Requirement } from '../verdict.ts'
import type {
  Acceptable,
  AllowRule,
  DenyRule,
  ErrorFallback,
  HoldRule,
  Policy,
  Rule,
} from './document.ts'
import { MESSAGE_LENGTH_MAX } from './document.ts'
import { changeVariables, type PolicyFacts, viewResource } from './facts.ts'
import { type CredentialGap, gapsOf } from './gaps.ts'
import { uniteRequirements } from './requirement.ts'

/** What one rule gave, for whoever asks why: names and places, never values. */
export interface RuleTrace {
  readonly rule: string
  readonly matched: boolean
  /** Addresses that matched; empty for a rule about the whole change. */
  readonly resources: readonly string[]
  /** Sentences about what could not be evaluated, without repeats. */
  readonly errors: readonly string[]
  readonly erredResources: readonly string[]
}

export interface Evaluated extends Evaluation {
  readonly trace: readonly RuleTrace[]
}

export interface EvaluationInput {
  /** The redacted plan: what is hidden in it is hidden from rules. */
  readonly plan: Plan
  readonly facts: PolicyFacts
  readonly policy: Policy
  readonly now: Instant
  /** What is open about the credentials it would be given; none where nothing is granted. */
  readonly credentialGaps?: readonly CredentialGap[]
}

/** Evaluates a policy over a plan. A function of its arguments: the same ones, the same answer. */
export function evaluatePolicy(input: EvaluationInput): Evaluated {
  const { policy } = input
  const traces = traceRules(input)
  const gaps = gapsOf(input.plan, input.credentialGaps)
  const parts = policy.rules.map((rule, at) => weigh(rule, traces[at], { policy, gaps }))
  const standard = parts.some((part) => part.decides) ? NOTHING : weighDefault(policy, gaps)
  const all = [...parts, standard]
  const found = all.flatMap((part) => part.findings)
  const requirements = all.flatMap((part) => part.requirements)
  const denied = found.some((finding) => finding.outcome === 'deny')
  const held = requirements.length > 0
  // An allow that stumbled over a gap is no finding where another rule accepts that gap.
  const findings = denied || held ? found : found.filter((one) => one.outcome === 'allow')
  const [first, ...more] = requirements
  // Without anyone who allows there is no allow, whatever went wrong before.
  const [allowed] = all.flatMap((part) => part.allows)
  return {
    verdict: denied ? 'deny' : held ? 'hold' : allowed === undefined ? 'deny' : 'allow',
    allowedBy: denied || held ? null : (allowed ?? null),
    findings,
    requirement: denied || first === undefined ? null : uniteRequirements(first, ...more),
    allowForSeconds: policy.allowForSeconds,
    releaseForSeconds: policy.releaseForSeconds,
    trace: traces,
  }
}

/** What one rule, or the default, puts into the verdict. */
interface Part {
  readonly findings: readonly Finding[]
  readonly requirements: readonly Requirement[]
  /** Names of the rules that allow. */
  readonly allows: readonly string[]
  /** Whether the default has nothing more to say. */
  readonly decides: boolean
}

interface Terms {
  readonly policy: Policy
  readonly gaps: readonly Acceptable[]
}

const NOTHING: Part = { findings: [], requirements: [], allows: [], decides: false }

function weigh(rule: Rule, trace: RuleTrace | undefined, terms: Terms): Part {
  // A rule without a trace was not evaluated, which is an error like any other.
  const seen = trace ?? erredTrace(rule, 'could not be evaluated')
  const matched = seen.matched ? weighMatch(rule, seen, terms) : NOTHING
  const erred = seen.errors.length > 0 ? weighError(rule, seen, terms.policy) : NOTHING
  return hide(rule, joinParts([matched, erred]))
}

/** What a hidden rule found says so, and is told to who may read it alone. */
function hide({ hidden }: Rule, part: Part): Part {
  if (!hidden) return part
  return { ...part, findings: part.findings.map((each) => ({ ...each, hidden: true })) }
}

function weighMatch(rule: Rule, trace: RuleTrace, { gaps }: Terms): Part {
  if (rule.outcome === 'allow') return weighAllow(rule, trace, gaps)
  const { name, outcome, message } = rule
  const finding = { rule: name, outcome, message, resources: trace.resources, error: null }
  const requirements = rule.outcome === 'hold' ? [rule.requirement] : []
  return { findings: [finding], requirements, allows: [], decides: true }
}

function weighAllow(rule: AllowRule, trace: RuleTrace, gaps: readonly Acceptable[]): Part {
  const open = gaps.filter((gap) => !rule.accept.includes(gap))
  const { resources } = trace
  if (open.length === 0) {
    const message = rule.message === '' ? 'Allowed by this rule' : rule.message
    const finding = { rule: rule.name, outcome: rule.outcome, message, resources, error: null }
    return { findings: [finding], requirements: [], allows: [rule.name], decides: true }
  }
  // The rule would allow and may not, so the default decides; the page says why.
  const message = gapMessage(open)
  const finding = { rule: rule.name, outcome: 'hold', message, resources, error: null } as const
  return { ...NOTHING, findings: [finding] }
}

function weighError(rule: Rule, trace: RuleTrace, policy: Policy): Part {
  const response = rule.outcome === 'deny' && rule.onError === 'deny' ? rule : policy.onError
  const finding: Finding = {
    rule: rule.name,
    outcome: response.outcome === 'deny' ? 'deny' : 'hold',
    message: errorMessage(rule),
    resources: trace.erredResources,
    error: trace.errors.join('; '),
  }
  return {
    findings: [finding],
    requirements: [...slotsOf(rule), ...slotsOf(response)],
    allows: [],
    decides: true,
  }
}

function slotsOf(source: HoldRule | DenyRule | AllowRule | ErrorFallback): readonly Requirement[] {
  return source.outcome === 'hold' ? [source.requirement] : []
}

function errorMessage(rule: Rule): string {
  if (rule.outcome === 'hold') return rule.message
  if (rule.outcome === 'allow') return 'A rule that may allow this could not be evaluated'
  return rule.onError === 'deny'
    ? rule.message
    : 'A rule that may forbid this could not be evaluated'
}

function weighDefault({ fallback, onError }: Policy, gaps: readonly Acceptable[]): Part {
  if (fallback.outcome === 'allow' && gaps.length === 0)
    return { findings: [], requirements: [], allows: ['default'], decides: true }
  const response = fallback.outcome === 'allow' ? onError : fallback
  const message = fallback.outcome === 'allow' ? gapMessage(gaps) : fallback.message
  const { outcome } = response
  const finding = { rule: 'default', outcome, message, resources: [], error: null }
  return { findings: [finding], requirements: slotsOf(response), allows: [], decides: true }
}

function gapMessage(gaps: readonly Acceptable[]): string {
  const named = `Not accepted by the rule: ${gaps.join(', ')}`
  return named.length <= MESSAGE_LENGTH_MAX
    ? named
    : `Not accepted by the rule: ${gaps[0]} and more`
}

function joinParts(parts: readonly Part[]): Part {
  return {
    findings: parts.flatMap((part) => part.findings),
    requirements: parts.flatMap((part) => part.requirements),
    allows: parts.flatMap((part) => part.allows),
    decides: parts.some((part) => part.decides),
  }
}

function traceRules(input: EvaluationInput): readonly RuleTrace[] {
  const variables = changeVariables(input)
  // No-ops are nothing that would be done; one that moves or imports has another action.
  const entries = input.plan.resources
    .filter((change) => change.action !== 'noop')
    .map((change) => ({ change, variables: { ...variables, resource: viewResource(change) } }))

  return input.policy.rules.map((rule) => {
    if (rule.scope === 'change') {
      const answer = rule.condition.evaluate(variables, null)
      return answer.ok
        ? { ...NO_TRACE, rule: rule.name, matched: answer.value }
        : erredTrace(rule, answer.reason)
    }
    const answers = entries.map(({ change, variables: seen }) => ({
      address: change.address,
      answer: rule.condition.evaluate(seen, change),
    }))
    return traceResources(rule, answers)
  })
}

const NO_TRACE = { matched: false, resources: [], errors: [], erredResources: [] } as const

function erredTrace(rule: Rule, reason: string): RuleTrace {
  return { ...NO_TRACE, rule: rule.name, errors: [reason] }
}

type Answers = readonly {
  readonly address: string
  readonly answer: ReturnType<Rule['condition']['evaluate']>
}[]

function traceResources(rule: Rule, answers: Answers): RuleTrace {
  const resources = answers.flatMap(({ address, answer }) =>
    answer.ok && answer.value ? [address] : [],
  )
  const erred = answers.flatMap(({ address, answer }) =>
    answer.ok ? [] : [{ address, reason: answer.reason }],
  )
  const errors = [...new Set(erred.map(({ reason }) => reason))]
  const erredResources = erred.map(({ address }) => address)
  // One entry that does not match is enough for the change not to be what an allow describes.
  const matched =
    rule.outcome === 'allow'
      ? answers.length > 0 && resources.length === answers.length
      : resources.length > 0
  return { rule: rule.name, matched, resources, errors, erredResources }
}
