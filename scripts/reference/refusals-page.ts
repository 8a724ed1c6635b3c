/** docs/reference/refusals.md: every refusal in its own words, with the status it has on the wire. */
import { composeId, describe, type Refusal, type RefusalCode } from '@holdpoint/core'
import { STATUS_OF } from '../../packages/server/src/http/problems.ts'

const CHANGE = composeId('chg', '8fq2kd0000000000')
const AT = Date.UTC(2026, 0, 2, 3, 4, 5)
const slots = [{ from: ['team:dba'], count: 1 }]
const differences = [
  { part: 'source', name: 'scripts/migrate.sh', approved: 'c41d0a77', now: '90fe3b12' },
]

/** One example of each, so that the page shows whole sentences; the compiler misses none. */
const EXAMPLES: { readonly [C in RefusalCode]: Extract<Refusal, { code: C }> } = {
  not_signed_in: { code: 'not_signed_in' },
  not_found: { code: 'not_found', what: 'change' },
  not_permitted: { code: 'not_permitted', action: 'change_policy', needs: 'the role admin' },
  invalid_input: { code: 'invalid_input', problems: ['workspace: must be a name'] },
  wrong_state: { code: 'wrong_state', status: 'applied', command: 'approve' },
  not_evaluated: { code: 'not_evaluated', changeId: CHANGE },
  other_fingerprint: {
    code: 'other_fingerprint',
    seen: '0f1e2d3c4b5a6978',
    current: '8796a5b4c3d2e1f0',
  },
  unknown_person: { code: 'unknown_person', name: 'jona', people: ['ada', 'jonas'] },
  evidence_differs: { code: 'evidence_differs', part: 'plan' },
  in_requester_set: { code: 'in_requester_set', why: 'you opened it' },
  not_eligible: { code: 'not_eligible', slots, because: 'no_slot' },
  assurance_too_low: { code: 'assurance_too_low', has: 'session', needs: 'passkey' },
  already_decided: { code: 'already_decided', decision: 'approve' },
  nothing_to_take_back: { code: 'nothing_to_take_back' },
  reason_required: { code: 'reason_required', charactersMin: 3 },
  not_the_requester: { code: 'not_the_requester' },
  not_an_owner: { code: 'not_an_owner', workspace: 'payments/prod' },
  approvals_missing: { code: 'approvals_missing', missing: slots },
  denied_now: { code: 'denied_now', rules: ['ssh-from-anywhere'] },
  differs: { code: 'differs', differences },
  target_differs: {
    code: 'target_differs',
    differences: [{ part: 'region', name: null, approved: 'aws:eu-north-1', now: 'aws:us-east-1' }],
  },
  other_runner: { code: 'other_runner' },
  expired: { code: 'expired', at: AT },
  not_due: { code: 'not_due', at: AT },
  grant_used: { code: 'grant_used', at: AT },
  workspace_busy: { code: 'workspace_busy', changeId: CHANGE },
  evaluation_stale: { code: 'evaluation_stale' },
  too_many_open: { code: 'too_many_open', max: 20 },
  already_exists: { code: 'already_exists', what: 'workspace' },
  policy_invalid: { code: 'policy_invalid', problems: ['line 3, column 5: unknown key'] },
  policy_moved: { code: 'policy_moved', basedOn: 3, current: 4 },
  terminal_never_decides: { code: 'terminal_never_decides' },
  not_from_a_terminal: { code: 'not_from_a_terminal', action: 'change_policy' },
  glass_refused: { code: 'glass_refused', because: 'too_often' },
  glass_review_overdue: { code: 'glass_review_overdue', changeId: 'chg_0000000000000000' },
  not_a_reviewer: { code: 'not_a_reviewer', because: 'broke_it' },
  grant_not_live: { code: 'grant_not_live', why: 'revoked' },
  asked_before: { code: 'asked_before' },
  connection_changed: { code: 'connection_changed', connection: 'con_0000000000000000' },
  no_plan_credentials: { code: 'no_plan_credentials', connection: 'con_0000000000000000' },
  grant_too_short: { code: 'grant_too_short', secondsMin: 900, secondsLeft: 60 },
  cloud_refused: {
    code: 'cloud_refused',
    connection: 'con_0000000000000000',
    because: 'the role does not trust this server',
  },
  too_large_for_cloud: { code: 'too_large_for_cloud', connection: 'con_0000000000000000' },
  signature_refused: { code: 'signature_refused', because: 'it signs another statement' },
  sign_in_refused: { code: 'sign_in_refused', because: 'that passkey is not known here' },
  passkey_refused: { code: 'passkey_refused', because: 'the person was not verified' },
  fresh_sign_in_needed: { code: 'fresh_sign_in_needed', minutesMax: 10 },
  link_used_up: { code: 'link_used_up', link: 'welcome' },
  unknown_code: { code: 'unknown_code' },
  last_admin: { code: 'last_admin' },
  too_many_tries: { code: 'too_many_tries', minutes: 10 },
  development_only: { code: 'development_only' },
  reads_only: { code: 'reads_only', why: 'The log is shorter than the last signed one.' },
}

export function refusalsPage(): string {
  const sections = Object.values<Refusal>(EXAMPLES).flatMap((refusal) => {
    const { title, detail, remedy } = describe(refusal)
    return [
      '',
      `## \`${refusal.code}\``,
      '',
      `Status ${STATUS_OF[refusal.code]}. For example:`,
      '',
      `> **${title}.** ${detail}`,
      '>',
      `> ${remedy}`,
    ]
  })
  return `${[
    '# Refusals',
    '',
    'Generated from the code. A refusal is the rules saying no: it has a code for programs, three',
    'sentences for people, and the same text in API, terminal and page. Anything else that goes',
    'wrong is a fault: code `fault`, and nothing was decided.',
    ...sections,
  ].join('\n')}\n`
}
