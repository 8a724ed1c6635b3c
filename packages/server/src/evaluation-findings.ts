/** The findings that are not a rule's: what a first change binds, and what is still unresolved. */
import {
  accountsOf,
  type ChangeId,
  type Finding,
  MESSAGE_LENGTH_MAX,
  regionsOf,
  type Target,
  type Verdict,
} from '@holdpoint/core'
import type { CredentialFindings } from './evaluation-process.ts'

/** Shown as "Binds the workspace to …": its release pins the workspace to this target. */
export function bindingFinding(target: Target): Finding {
  const place = [...accountsOf(target), ...regionsOf(target)]
  const words = [target.backend.type, ...place].join(', ')
  return {
    rule: 'binds-target',
    outcome: 'hold',
    message: shortened(`Binds the workspace to ${words}`),
    resources: [],
    error: null,
  }
}

const UNRESOLVED_RULE = 'outcome-unknown'
const REQUESTER_RULE = 'requester-not-verified'

const UNBOUNDED_RULE = 'unbounded-credentials'
const OWN_RULE = 'own-credentials'

/** What is open about the credentials, whatever the rules accept of it. */
export function credentialFindings(
  { gaps, own }: CredentialFindings,
  verdict: Verdict,
): readonly Finding[] {
  const tell = (rule: string, message: string): Finding => ({
    rule,
    outcome: verdict,
    message: shortened(message),
    resources: [],
    error: null,
  })
  return [
    ...(gaps.includes('unbounded')
      ? [tell(UNBOUNDED_RULE, 'Credentials are not narrowed to this plan')]
      : []),
    ...own.map((words) => tell(OWN_RULE, `Brings its own credentials: ${words}`)),
  ]
}

const TELLING: readonly string[] = [UNRESOLVED_RULE, REQUESTER_RULE, UNBOUNDED_RULE, OWN_RULE]

/** Whether a finding only tells something, and is no reason for the verdict. */
export function isTelling(finding: Finding): boolean {
  return TELLING.includes(finding.rule)
}

/** Why one person more is asked than the rules ask for. */
export function requesterFinding(verdict: Verdict): Finding {
  return {
    rule: REQUESTER_RULE,
    outcome: verdict,
    message: 'One person more: no verified person stands behind who asked',
    resources: [],
    error: null,
  }
}

/** It only tells: an unresolved outcome changes no verdict. */
export function unresolvedFinding(earlier: ChangeId, verdict: Verdict): Finding {
  return {
    rule: UNRESOLVED_RULE,
    outcome: verdict,
    message: shortened(`The outcome of ${earlier} is still unknown`),
    resources: [],
    error: null,
  }
}

function shortened(text: string): string {
  const characters = [...text]
  if (characters.length <= MESSAGE_LENGTH_MAX) return text
  return `${characters.slice(0, MESSAGE_LENGTH_MAX - 1).join('')}…`
}
