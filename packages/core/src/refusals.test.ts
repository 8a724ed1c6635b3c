import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenSlot, NOW } from '../test/given.ts'
import { ACCESS_ACTIONS, type AccessAction, whoMay } from './access.ts'
import { STATUSES, type Status } from './change.ts'
import { ACTION_OF, type ChangeCommandType } from './change-commands.ts'
import { describe, type Refusal, type RefusalCode } from './refusals.ts'

const difference = { part: 'source', name: 'main.tf', approved: 'aaaa', now: 'bbbb' }

/** One of each; the compiler asks for the next. */
const EXAMPLES: { readonly [C in RefusalCode]: Extract<Refusal, { code: C }> } = {
  not_signed_in: { code: 'not_signed_in' },
  unknown_person: { code: 'unknown_person', name: 'nobody', people: ['ada', 'ines'] },
  not_found: { code: 'not_found', what: 'change' },
  not_permitted: { code: 'not_permitted', action: 'open_change', needs: 'the role requester' },
  invalid_input: { code: 'invalid_input', problems: ['flags is not a list'] },
  wrong_state: { code: 'wrong_state', status: 'outcome_unknown', command: 'take_back' },
  not_evaluated: { code: 'not_evaluated', changeId: 'chg_one' },
  other_fingerprint: { code: 'other_fingerprint', seen: 'a'.repeat(64), current: 'b'.repeat(64) },
  evidence_differs: { code: 'evidence_differs', part: 'plan' },
  in_requester_set: { code: 'in_requester_set', why: 'you requested it' },
  not_eligible: { code: 'not_eligible', slots: [givenSlot('team:dba')], because: 'no_slot' },
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
  assurance_too_low: { code: 'assurance_too_low', has: 'session', needs: 'passkey' },
  already_decided: { code: 'already_decided', decision: 'approve' },
  nothing_to_take_back: { code: 'nothing_to_take_back' },
  reason_required: { code: 'reason_required', charactersMin: 3 },
  not_the_requester: { code: 'not_the_requester' },
  not_an_owner: { code: 'not_an_owner', workspace: 'network' },
  approvals_missing: { code: 'approvals_missing', missing: [givenSlot('team:dba', 2)] },
  denied_now: { code: 'denied_now', rules: ['freeze'] },
  differs: { code: 'differs', differences: [difference] },
  target_differs: { code: 'target_differs', differences: [{ ...difference, name: null }] },
  other_runner: { code: 'other_runner' },
  expired: { code: 'expired', at: NOW },
  not_due: { code: 'not_due', at: NOW },
  grant_used: { code: 'grant_used', at: NOW },
  workspace_busy: { code: 'workspace_busy', changeId: 'chg_two' },
  evaluation_stale: { code: 'evaluation_stale' },
  too_many_open: { code: 'too_many_open', max: 20 },
  already_exists: { code: 'already_exists', what: 'workspace' },
  policy_invalid: { code: 'policy_invalid', problems: ['1:1: not a policy'] },
  policy_moved: { code: 'policy_moved', basedOn: 1, current: 2 },
  terminal_never_decides: { code: 'terminal_never_decides' },
  not_from_a_terminal: { code: 'not_from_a_terminal', action: 'change_policy' },
  sign_in_refused: { code: 'sign_in_refused', because: 'that passkey is not known here' },
  passkey_refused: { code: 'passkey_refused', because: 'the person was not verified' },
  fresh_sign_in_needed: { code: 'fresh_sign_in_needed', minutesMax: 10 },
  link_used_up: { code: 'link_used_up', link: 'welcome' },
  unknown_code: { code: 'unknown_code' },
  last_admin: { code: 'last_admin' },
  too_many_tries: { code: 'too_many_tries', minutes: 10 },
  development_only: { code: 'development_only' },
  reads_only: { code: 'reads_only', why: 'entries 3 to 5 are gone' },
}

/** The same codes with nothing in their lists. */
const EMPTY: readonly Refusal[] = [
  { code: 'link_used_up', link: 'invitation' },
  { code: 'invalid_input', problems: [] },
  { code: 'unknown_person', name: '', people: [] },
  { code: 'policy_invalid', problems: [] },
  { code: 'not_eligible', slots: [], because: 'not_a_person' },
  { code: 'approvals_missing', missing: [] },
  { code: 'denied_now', rules: [] },
  { code: 'differs', differences: [] },
  { code: 'target_differs', differences: [] },
  { code: 'reads_only', why: '' },
]

test('every refusal says what happened, why, and what to do next', () => {
  for (const refusal of [...Object.values(EXAMPLES), ...EMPTY]) {
    const { title, detail, remedy } = describe(refusal)
    for (const sentence of [title, detail, remedy]) {
      assert.match(sentence, /^\S.*\S$/s, `${refusal.code}: ${JSON.stringify(sentence)}`)
      assert.doesNotMatch(sentence, /undefined|null|NaN|\[object/, refusal.code)
    }
    assert.doesNotMatch(title, /\.$/, refusal.code)
    assert.match(remedy, /\.$/, refusal.code)
  }
})

test('each code has its own title, except where states differ', () => {
  const titles = Object.values(EXAMPLES).map((refusal) => describe(refusal).title)

  assert.equal(new Set(titles).size, titles.length)
})

test('a refusal names what it is about', () => {
  assert.deepEqual(describe(EXAMPLES.approvals_missing), {
    title: 'Still held',
    detail: 'Missing: 2 of team:dba.',
    remedy: 'Those people decide on the page or with holdpoint approve.',
  })
  assert.equal(describe(EXAMPLES.differs).detail, 'source main.tf: approved aaaa, now bbbb')
  assert.equal(describe(EXAMPLES.target_differs).detail, 'source: approved aaaa, now bbbb')
  assert.equal(describe(EXAMPLES.expired).detail, 'It was good until 2027-01-15T08:00:00.000Z.')
  assert.equal(describe(EXAMPLES.denied_now).detail, 'Under the policy in force now: freeze.')
})

test('what may not be done is said in words, for every action', () => {
  const detail = (action: AccessAction) =>
    describe({ code: 'not_permitted', action, needs: whoMay(action) }).detail

  assert.deepEqual(ACCESS_ACTIONS.map(detail), [
    'You may not see changes here.',
    'You may not read plans here.',
    'You may not read what hidden rules found here.',
    'You may not open changes here.',
    'You may not withdraw changes here.',
    'You may not approve or reject changes here.',
    'You may not apply changes here.',
    'You may not break the glass here.',
    'You may not revoke grants here.',
    'You may not say what became of changes here.',
    'You may not read the audit log.',
    'You may not read the policy.',
    'You may not change the policy.',
    'You may not read who may do what.',
    'You may not change who may do what.',
    'You may not manage this; it is about somebody else.',
    'You may not record this; only the server itself does.',
  ])
  assert.deepEqual(describe(EXAMPLES.not_permitted), {
    title: 'Not permitted',
    detail: 'You may not open changes here.',
    remedy: 'It needs the role requester; an admin can give it with holdpoint access.',
  })
})

test('a wrong state is said in words, for every status and every command', () => {
  const said = (status: Status, command: ChangeCommandType) =>
    describe({ code: 'wrong_state', status, command }).detail

  for (const status of STATUSES)
    for (const command of Object.keys(ACTION_OF) as ChangeCommandType[]) {
      assert.match(said(status, command), /^A change that (is|has) .+ cannot (be|have|expire).*\.$/)
      assert.doesNotMatch(said(status, command), /_/)
    }
  assert.equal(
    said('outcome_unknown', 'take_back'),
    'A change that has an unknown outcome cannot have an approval taken back.',
  )
})

test('a fingerprint is shown by its first eight digits, not whole', () => {
  const { detail } = describe(EXAMPLES.other_fingerprint)

  assert.equal(detail, 'You saw fingerprint aaaaaaaa, the change is bbbbbbbb.')
})

test('who is too weakly signed in is told how to be stronger, where that is possible', () => {
  const remedy = (has: 'session' | 'development') =>
    describe({ code: 'assurance_too_low', has, needs: 'passkey' }).remedy

  assert.equal(remedy('session'), 'Sign in with passkey, then decide again.')
  assert.equal(remedy('development'), 'Development people cannot satisfy it: they prove nothing.')
})

test('no refusal has a field that could carry a secret', () => {
  const fields = new Set(Object.values(EXAMPLES).flatMap((refusal) => Object.keys(refusal)))

  for (const field of fields) assert.doesNotMatch(field, /secret|token|password|key$|bearer/i)
})
