/**
 * The rules say no: a value, never an exception. A closed union, so that the compiler lists every
 * place that must answer a new one. `describe` gives the same three sentences to API, CLI and page:
 * what happened, why, and what to do next.
 */
import type { AccessAction } from './access.ts'
import type { Status } from './change.ts'
import type { ChangeCommandType } from './change-commands.ts'
import { GLASS_REASON_CHARACTERS_MIN } from './glass-reason.ts'
import { type Instant, isoInstant } from './instant.ts'
import { actionWords, commandWords, oneOf, statusWords } from './refusal-words.ts'
import { CREDENTIAL_WORDS, type CredentialRefusal } from './refusals-credentials.ts'
import { GLASS_WORDS, type GlassRefusal } from './refusals-glass.ts'
import { IDENTITY_WORDS, type IdentityRefusal } from './refusals-identity.ts'
import type { Difference } from './target.ts'
import type { Assurance, Slot } from './verdict.ts'

export type Refusal =
  | IdentityRefusal
  | GlassRefusal
  | CredentialRefusal
  | { readonly code: 'not_signed_in' }
  /** Development only: whoever may name themselves may read the names. */
  | { readonly code: 'unknown_person'; readonly name: string; readonly people: readonly string[] }
  | { readonly code: 'not_found'; readonly what: string }
  | { readonly code: 'not_permitted'; readonly action: AccessAction; readonly needs: string }
  | { readonly code: 'invalid_input'; readonly problems: readonly string[] }
  | {
      readonly code: 'wrong_state'
      readonly status: Status
      readonly command: ChangeCommandType
    }
  | { readonly code: 'not_evaluated'; readonly changeId: string }
  | { readonly code: 'other_fingerprint'; readonly seen: string; readonly current: string }
  | { readonly code: 'evidence_differs'; readonly part: string }
  | { readonly code: 'in_requester_set'; readonly why: string }
  | {
      readonly code: 'not_eligible'
      readonly slots: readonly Slot[]
      readonly because: 'no_slot' | 'joined_later' | 'not_active' | 'not_a_person'
    }
  | { readonly code: 'assurance_too_low'; readonly has: Assurance; readonly needs: Assurance }
  | { readonly code: 'signature_refused'; readonly because: string }
  | { readonly code: 'already_decided'; readonly decision: 'approve' | 'reject' }
  | { readonly code: 'nothing_to_take_back' }
  | { readonly code: 'reason_required'; readonly charactersMin: number }
  | { readonly code: 'not_the_requester' }
  | { readonly code: 'not_an_owner'; readonly workspace: string }
  | { readonly code: 'approvals_missing'; readonly missing: readonly Slot[] }
  | { readonly code: 'denied_now'; readonly rules: readonly string[] }
  | { readonly code: 'differs'; readonly differences: readonly Difference[] }
  | { readonly code: 'target_differs'; readonly differences: readonly Difference[] }
  | { readonly code: 'other_runner' }
  | { readonly code: 'expired'; readonly at: Instant }
  | { readonly code: 'not_due'; readonly at: Instant }
  | { readonly code: 'grant_used'; readonly at: Instant }
  | { readonly code: 'workspace_busy'; readonly changeId: string }
  | { readonly code: 'evaluation_stale' }
  | { readonly code: 'too_many_open'; readonly max: number }
  | { readonly code: 'already_exists'; readonly what: string }
  | { readonly code: 'policy_invalid'; readonly problems: readonly string[] }
  | { readonly code: 'policy_moved'; readonly basedOn: number; readonly current: number }
  | { readonly code: 'terminal_never_decides' }
  /** The person may; what lies on a disk of theirs may not. */
  | { readonly code: 'not_from_a_terminal'; readonly action: AccessAction }
  | { readonly code: 'development_only' }
  | { readonly code: 'reads_only'; readonly why: string }

export type RefusalCode = Refusal['code']

export interface Description {
  readonly title: string
  readonly detail: string
  /** What to do next, and who can do it. */
  readonly remedy: string
}

/** Text for people. Values that came from outside are quoted raw: the surface escapes them. */
export function describe(refusal: Refusal): Description {
  const writer = WRITERS[refusal.code]
  return writer(refusal)
}

type Writer = (refusal: Refusal) => Description
type Of<C extends RefusalCode> = Extract<Refusal, { code: C }>

/** Lets each entry of the table speak of its own refusal, checked once here. */
function text<C extends RefusalCode>(code: C, write: (refusal: Of<C>) => Description): Writer {
  return (refusal) => {
    if (!isOf(refusal, code)) throw new Error(`refusal table is wired wrongly for ${code}`)
    return write(refusal)
  }
}

function isOf<C extends RefusalCode>(refusal: Refusal, code: C): refusal is Of<C> {
  return refusal.code === code
}

function say(title: string, detail: string, remedy: string): Description {
  return { title, detail, remedy }
}

function slotText(slots: readonly Slot[]): string {
  const one = (slot: Slot) => `${slot.count} of ${slot.from.join(' or ')}`
  return slots.map(one).join('; ') || 'nobody'
}

function differenceText(differences: readonly Difference[]): string {
  const one = (each: Difference) =>
    `${each.part}${each.name === null ? '' : ` ${each.name}`}: approved ${each.approved}, ` +
    `now ${each.now}`
  return differences.map(one).join('; ') || 'It is not said what differs.'
}

function problemText(problems: readonly string[]): string {
  return problems.join('; ') || 'It does not have the expected form.'
}

const NOT_ELIGIBLE = {
  no_slot: 'none of the open slots asks for you',
  joined_later: 'you joined after this change was opened',
  not_active: 'you are no longer active here',
  not_a_person: 'only people decide; a token never does',
} as const

const WRITERS: { readonly [C in RefusalCode]: Writer } = {
  not_signed_in: text('not_signed_in', () =>
    say(
      'Not signed in',
      'This needs to know who asks.',
      'Run holdpoint login, give a token by HOLDPOINT_TOKEN, or in development mode use --as.',
    ),
  ),
  unknown_person: text('unknown_person', (r) =>
    say(
      'Nobody of that name',
      `There is no development person named ${r.name || 'nothing'} on this server.`,
      `Use one of them with --as: ${r.people.join(', ') || 'there are none yet'}.`,
    ),
  ),
  not_found: text('not_found', (r) =>
    say(
      'Not found',
      `There is no such ${r.what}, or you may not know of it.`,
      'Check the name, and ask a workspace owner for access if it should be there.',
    ),
  ),
  not_permitted: text('not_permitted', (r) =>
    say(
      'Not permitted',
      `You may not ${actionWords(r.action)}.`,
      r.action === 'record'
        ? 'Nothing needs to be done.'
        : `It needs ${r.needs}; an admin can give it with holdpoint access.`,
    ),
  ),
  invalid_input: text('invalid_input', (r) =>
    say('Not understood', problemText(r.problems), 'Mend what is named and send it again.'),
  ),
  wrong_state: text('wrong_state', (r) =>
    say(
      `The change ${statusWords(r.status)}`,
      `A change that ${statusWords(r.status)} cannot ${commandWords(r.command)}.`,
      'Look at the change; if it is closed, plan again to open a new one.',
    ),
  ),
  not_evaluated: text('not_evaluated', () =>
    say(
      'Still reading the plan',
      'The rules have not answered yet, so nothing can be decided.',
      'Try again in a moment.',
    ),
  ),
  other_fingerprint: text('other_fingerprint', (r) =>
    say(
      'This is not the plan you looked at',
      `You saw fingerprint ${r.seen.slice(0, 8)}, the change is ${r.current.slice(0, 8)}.`,
      'Reload, look at what is there now, and decide again.',
    ),
  ),
  evidence_differs: text('evidence_differs', (r) =>
    say(
      'What was sent does not fit together',
      `The ${r.part} that was uploaded does not give the digest the change was opened with.`,
      'Plan again with an unmodified holdpoint; if it happens twice, tell the operator.',
    ),
  ),
  in_requester_set: text('in_requester_set', (r) =>
    say(
      'You cannot approve this one',
      `You stand behind the request: ${r.why}.`,
      'Somebody else who fills a slot has to decide.',
    ),
  ),
  not_eligible: text('not_eligible', (r) =>
    say(
      'Your decision would not count',
      `For this change ${NOT_ELIGIBLE[r.because]}.`,
      `Needed: ${slotText(r.slots)}.`,
    ),
  ),
  assurance_too_low: text('assurance_too_low', (r) =>
    say(
      'This needs a stronger sign-in',
      `The slot asks for ${r.needs}; you are here with ${r.has}.`,
      r.has === 'development'
        ? 'Development people cannot satisfy it: they prove nothing.'
        : `Sign in with ${r.needs}, then decide again.`,
    ),
  ),
  signature_refused: text('signature_refused', (r) =>
    say(
      'Your signature was not accepted',
      `Nothing was decided: ${r.because}.`,
      'Sign again. If it is refused again, look at your passkeys under People, or ask the operator.',
    ),
  ),
  already_decided: text('already_decided', (r) =>
    say(
      'Already decided',
      `Your ${r.decision} is recorded for this very fingerprint.`,
      'Take it back first if you changed your mind.',
    ),
  ),
  nothing_to_take_back: text('nothing_to_take_back', () =>
    say(
      'Nothing to take back',
      'You have no approval on this change.',
      'Nothing needs to be done.',
    ),
  ),
  glass_refused: text('glass_refused', GLASS_WORDS.glass_refused),
  glass_review_overdue: text('glass_review_overdue', GLASS_WORDS.glass_review_overdue),
  not_a_reviewer: text('not_a_reviewer', GLASS_WORDS.not_a_reviewer),
  grant_not_live: text('grant_not_live', CREDENTIAL_WORDS.grant_not_live),
  asked_before: text('asked_before', CREDENTIAL_WORDS.asked_before),
  connection_changed: text('connection_changed', CREDENTIAL_WORDS.connection_changed),
  no_plan_credentials: text('no_plan_credentials', CREDENTIAL_WORDS.no_plan_credentials),
  grant_too_short: text('grant_too_short', CREDENTIAL_WORDS.grant_too_short),
  cloud_refused: text('cloud_refused', CREDENTIAL_WORDS.cloud_refused),
  too_large_for_cloud: text('too_large_for_cloud', CREDENTIAL_WORDS.too_large_for_cloud),
  reason_required: text('reason_required', (r) =>
    say(
      'A reason is needed',
      r.charactersMin < GLASS_REASON_CHARACTERS_MIN
        ? 'The requester has to know what to change.'
        : 'Whoever looks at it afterwards has to know why.',
      `Say why in at least ${r.charactersMin} characters.`,
    ),
  ),
  not_the_requester: text('not_the_requester', () =>
    say(
      'Not yours to withdraw',
      'Only who opened a change may withdraw it.',
      'Reject it instead if you fill one of its slots.',
    ),
  ),
  not_an_owner: text('not_an_owner', (r) =>
    say(
      'An owner has to say what happened',
      `You do not own ${r.workspace}, or you requested the change yourself.`,
      'Ask an owner of the workspace who did not request it.',
    ),
  ),
  approvals_missing: text('approvals_missing', (r) =>
    say(
      'Still held',
      `Missing: ${slotText(r.missing)}.`,
      'Those people decide on the page or with holdpoint approve.',
    ),
  ),
  denied_now: text('denied_now', (r) =>
    say(
      'Denied by a rule',
      `Under the policy in force now: ${r.rules.join(', ') || 'no rule is named'}.`,
      'No one can approve this. Change the configuration, or the rule.',
    ),
  ),
  differs: text('differs', (r) =>
    say(
      'Refused to start: what would run is not what was approved',
      differenceText(r.differences),
      'Nothing was applied. The approvals stand: put it back and start again, or plan anew.',
    ),
  ),
  target_differs: text('target_differs', (r) =>
    say(
      'This plan acts somewhere else than its workspace',
      differenceText(r.differences),
      'Use the right workspace name, or have an admin pin the target with ' +
        'holdpoint access workspace pin.',
    ),
  ),
  other_runner: text('other_runner', () =>
    say(
      'Another runner opened this change',
      'Only the runner that opened a change can start, renew or finish it.',
      'Continue where it was opened, or plan again here.',
    ),
  ),
  expired: text('expired', (r) =>
    say(
      'Too late',
      `It was good until ${isoInstant(r.at)}.`,
      'Plan again; equal approvals are asked anew because the world may have moved.',
    ),
  ),
  not_due: text('not_due', (r) =>
    say('Not due yet', `It is due at ${isoInstant(r.at)}.`, 'Nothing needs to be done.'),
  ),
  grant_used: text('grant_used', (r) =>
    say(
      'Already started',
      `The one execution of this change started at ${isoInstant(r.at)}.`,
      'A change is applied at most once. Look at its outcome, and plan again if more is needed.',
    ),
  ),
  workspace_busy: text('workspace_busy', (r) =>
    say(
      'Another change is being applied here',
      `${r.changeId} is executing in this workspace.`,
      'Wait until it ends, then start again.',
    ),
  ),
  evaluation_stale: text('evaluation_stale', () =>
    say(
      'The rules were read too long ago',
      'The policy moved, or more than five seconds passed since it was evaluated.',
      'Start again; the rules are then read anew.',
    ),
  ),
  too_many_open: text('too_many_open', (r) =>
    say(
      'Too many open changes',
      `You have as many open changes in this workspace as one may have: ${r.max}.`,
      'Withdraw those you no longer need.',
    ),
  ),
  already_exists: text('already_exists', (r) =>
    say(
      'It exists already',
      `There is ${oneOf(r.what)} already.`,
      'Use that one, or choose another name.',
    ),
  ),
  policy_invalid: text('policy_invalid', (r) =>
    say(
      'This policy cannot be used; the one in force stays',
      problemText(r.problems),
      'Mend what is named; holdpoint policy check says the same without a server.',
    ),
  ),
  policy_moved: text('policy_moved', (r) =>
    say(
      'The policy moved on',
      `This was made from revision ${r.basedOn}, and revision ${r.current} is in force.`,
      'Look at what changed, then push again from the newest revision.',
    ),
  ),
  not_from_a_terminal: text('not_from_a_terminal', (r) =>
    say(
      'Not from a signed-in terminal',
      `You may ${actionWords(r.action)}, and a terminal that you signed in may not.`,
      'Do it on the page, or with --token-file and the admin token in the data folder.',
    ),
  ),
  terminal_never_decides: text('terminal_never_decides', () =>
    say(
      'A terminal does not decide by itself',
      'What lies on a disk or in an environment can open and watch; it never decides.',
      'Decide on the page, or with holdpoint approve, which asks for your passkey there.',
    ),
  ),
  sign_in_refused: text('sign_in_refused', IDENTITY_WORDS.sign_in_refused),
  passkey_refused: text('passkey_refused', IDENTITY_WORDS.passkey_refused),
  fresh_sign_in_needed: text('fresh_sign_in_needed', IDENTITY_WORDS.fresh_sign_in_needed),
  link_used_up: text('link_used_up', IDENTITY_WORDS.link_used_up),
  unknown_code: text('unknown_code', IDENTITY_WORDS.unknown_code),
  last_admin: text('last_admin', IDENTITY_WORDS.last_admin),
  too_many_tries: text('too_many_tries', IDENTITY_WORDS.too_many_tries),
  development_only: text('development_only', () =>
    say(
      'Only in development mode',
      'Naming who you are without proof works only on a development server.',
      'Use a token.',
    ),
  ),
  reads_only: text('reads_only', (r) =>
    say(
      'Holdpoint is in read-only',
      r.why || 'Its log disagrees with what was last signed.',
      'The operator has to run holdpoint recover. Nothing can be opened, decided or started.',
    ),
  ),
}
