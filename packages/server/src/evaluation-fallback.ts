/**
 * Who decides when the rules gave no answer: whom the policy's default asks, else whom its
 * `on_error` asks, else team platform. Never nobody, never `allow` (I13, I14).
 */
import {
  ALLOW_FOR_SECONDS_MAX,
  type Evaluation,
  parsePolicy,
  RELEASE_FOR_SECONDS_MAX,
  type Requirement,
} from '@holdpoint/core'
import { BUILT_IN_REQUIREMENT } from './built-in-policy.ts'

let kept: { readonly text: string; readonly requirement: Requirement } | null = null

/**
 * The default's slots. Only texts that the child has accepted come here, so reading one is known
 * to end.
 */
export function fallbackRequirement(policy: string): Requirement {
  if (kept === null || kept.text !== policy)
    kept = { text: policy, requirement: readRequirement(policy) }
  return kept.requirement
}

function readRequirement(text: string): Requirement {
  const parsed = parsePolicy(text)
  if (!parsed.ok) return BUILT_IN_REQUIREMENT
  const { fallback, onError } = parsed.policy
  if (fallback.outcome === 'hold') return fallback.requirement
  return onError.outcome === 'hold' ? onError.requirement : BUILT_IN_REQUIREMENT
}

const SENTENCES = {
  late: 'evaluating the rules took too long',
  crashed: 'evaluating the rules ended without an answer',
  missing: 'the plan is not among the evidence',
} as const

/** The hold that stands in for an evaluation that did not come to its end. */
export function heldRules(because: keyof typeof SENTENCES, policy: string): Evaluation {
  return {
    verdict: 'hold',
    allowedBy: null,
    findings: [
      {
        rule: 'evaluation',
        outcome: 'hold',
        message: 'The rules could not be evaluated',
        resources: [],
        error: SENTENCES[because],
      },
    ],
    requirement: fallbackRequirement(policy),
    allowForSeconds: ALLOW_FOR_SECONDS_MAX,
    releaseForSeconds: RELEASE_FOR_SECONDS_MAX,
  }
}
