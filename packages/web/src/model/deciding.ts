/**
 * Whether one can approve or reject here and now, and if not, why: the control stays and carries
 * its reason. The server's own answer comes first; the page adds what only it can know.
 */
import type { FingerprintState } from './evidence.ts'
import { type Shown, shownReason } from './shown.ts'
import type { ChangeView } from './wire.ts'

export interface Reason {
  readonly title: string
  readonly detail: string
}

export interface Page {
  readonly offline: boolean
  readonly fingerprint: FingerprintState
  readonly shown: Shown
}

/** `null` means yes. */
export function whyNotApprove(change: ChangeView, page: Page): Reason | null {
  const refused = change.you.approve
  if (refused !== null)
    return { title: refused.title, detail: sentences(refused.detail, refused.remedy) }
  return (
    connection(page) ?? terminalOnly(change) ?? evidence(page.fingerprint) ?? unseen(page.shown)
  )
}

export function whyNotReject(change: ChangeView, page: Page): Reason | null {
  const refused = change.you.reject
  if (refused !== null)
    return { title: refused.title, detail: sentences(refused.detail, refused.remedy) }
  return connection(page)
}

/** A rule can ask for the installed terminal, which no page can stand in for (threat D8). */
function terminalOnly(change: ChangeView): Reason | null {
  if (change.evaluation?.requirement?.assurance !== 'passkey+cli') return null
  return {
    title: 'Decide it in the terminal',
    detail: `A rule asks for your passkey and the installed holdpoint: holdpoint approve ${change.id}`,
  }
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

function connection(page: Page): Reason | null {
  if (!page.offline) return null
  return { title: 'No connection', detail: 'Deciding is off until it is back.' }
}

function evidence(fingerprint: FingerprintState): Reason | null {
  if (fingerprint.state === 'same') return null
  if (fingerprint.state === 'computing')
    return { title: 'Reading the plan', detail: 'Its fingerprint is being computed here.' }
  if (fingerprint.state === 'unavailable')
    return { title: 'The plan could not be read here', detail: fingerprint.why }
  return { title: 'Do not approve', detail: DISAGREE }
}

export const DISAGREE =
  'This page and the server disagree on what this change is. Do not approve. Reload, and tell ' +
  'the operator.'

function unseen(shown: Shown): Reason | null {
  const detail = shownReason(shown)
  return detail === null ? null : { title: 'Not all shown yet', detail }
}

/** Which controls the state leaves. */
export interface Controls {
  readonly approve: boolean
  readonly reject: boolean
  readonly takeBack: boolean
  readonly withdraw: boolean
  readonly resolve: boolean
  readonly stop: boolean
}

export function controlsOf(change: ChangeView, me: string | null): Controls {
  const { status } = change
  const open = status === 'held' || status === 'released'
  const mine = change.decisions.some(
    (each) => each.person.id === me && me !== null && each.decision === 'approve',
  )
  return {
    approve: status === 'held' && !mine,
    reject: open,
    takeBack: open && mine,
    withdraw: change.yours && (open || status === 'evaluating'),
    resolve: status === 'outcome_unknown' && change.you.resolve === null,
    stop: change.you.revoke === null,
  }
}
