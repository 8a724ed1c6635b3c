/**
 * What approving and rejecting share: show it, make sure that what is shown is what is decided,
 * ask, and send the fingerprint that was computed here. Nothing is sent for a change that this
 * terminal and the server do not agree on.
 */
import { summarise } from '@holdpoint/core'
import {
  type ShownChange,
  slotLines,
  type TimedManner,
  whatLines,
  whyLines,
} from '../render-change.ts'
import { safe, shortFingerprint, shortId } from '../render-text.ts'
import { connect, take } from './connection.ts'
import { EXIT, refused, usage } from './ended.ts'
import { findChange } from './find-change.ts'
import { loadChange } from './load-change.ts'
import { signOnPage } from './page-signature.ts'
import type { Call } from './row.ts'

export interface Deciding {
  readonly route: 'approve' | 'reject'
  readonly done: string
}

export async function decide(call: Call, deciding: Deciding): Promise<number> {
  const { screen, flags } = call
  const yes = flags.has('yes')
  if (!yes && (screen.json || !screen.asks)) {
    throw usage(`${deciding.route} asks on a terminal; in a script give --yes`)
  }
  const client = connect(call.settings)
  const change = await findChange(client, call.words[0] ?? '')
  const loaded = await loadChange(client, change)
  show(call, loaded)
  if (!loaded.checked) throw disagreement()
  const blocked = loaded.view.you[deciding.route]
  if (blocked !== null) throw refused({ code: 'not_eligible', ...blocked })
  const reason = await reasonFor(call, deciding)
  if (!yes) await confirm(call, { loaded, deciding })
  const { fingerprint } = loaded.view.binding
  const me = take(await client.call('whoami', {}))
  const isTerminal = me.assurance === 'token' && me.actor.id !== null
  const signed = isTerminal
    ? await signOnPage(call, client, {
        loaded,
        person: me.actor.id ?? '',
        decision: deciding.route,
        reason,
      })
    : null
  const body = { fingerprint, reason: signed === null ? reason : null, signed }
  const done = take(await client.call(deciding.route, { params: { change }, body }))
  screen.document({ id: change, decision: deciding.route, fingerprint, status: done.status })
  screen.lines([`${deciding.done}  ${shortId(change)}   ${consequence(done.status)}`])
  return EXIT.done
}

function show(call: Call, loaded: ShownChange): void {
  const { ink, columns } = call.screen
  // What is approved is what is shown: nothing is folded away before that question.
  const full = call.flags.has('full') || call.row.path[0] === 'approve'
  const manner: TimedManner = { ink, columns, full, now: Date.now() }
  call.screen.lines([
    ...whatLines(loaded, manner),
    ...whyLines(loaded.view, manner),
    ...slotLines(loaded.view, manner),
    `Fingerprint of what is shown here  ${shortFingerprint(loaded.view.binding.fingerprint)}`,
  ])
}

function disagreement() {
  return refused({
    code: 'other_fingerprint',
    title: 'This terminal and the server disagree on what this change is',
    detail: 'The plan, target and inputs shown do not give the fingerprint that is asked about.',
    remedy: 'Nothing was decided. Do not approve it; try again, and tell the operator.',
  })
}

async function reasonFor(call: Call, deciding: Deciding): Promise<string | null> {
  const given = call.flags.find('reason')
  if (given !== null || deciding.route === 'approve') return given
  const answer = call.flags.has('yes') ? null : await call.screen.ask('Why? ')
  if (answer === null || answer === '') {
    throw usage('Rejecting needs a reason that the requester can act on: --reason <text>')
  }
  return answer
}

/** The question names what happens; only `y` goes on, and silence is no. */
async function confirm(
  { screen }: Call,
  { loaded, deciding }: { readonly loaded: ShownChange; readonly deciding: Deciding },
): Promise<void> {
  const place = safe(loaded.view.workspace.name)
  const verb = deciding.route === 'approve' ? 'Approve' : 'Reject'
  const answer = await screen.ask(`${verb} ${objectOf(loaded)} in ${place}? [y/N] `)
  if (answer !== null && /^y(es)?$/i.test(answer)) return
  throw refused({
    code: 'not_confirmed',
    title: 'Nothing was decided',
    detail: '',
    remedy: `holdpoint show ${shortId(loaded.view.id)}`,
  })
}

/** `delete 1, replace 1, update 3`. */
export function objectOf({ plan }: Pick<ShownChange, 'plan'>): string {
  const summary = summarise(plan)
  const verbs = ['delete', 'replace', 'forget', 'unknown', 'create', 'update'] as const
  const rest = ['import', 'move', 'read'] as const
  const counts = [...verbs, ...rest].flatMap((verb) =>
    summary[verb] === 0 ? [] : [`${verb} ${summary[verb]}`],
  )
  return counts.length === 0 ? 'no change to resources' : counts.join(', ')
}

function consequence(status: string): string {
  if (status === 'released') return 'it is released and may be applied exactly once'
  if (status === 'held') return 'it is still held for others'
  return `it is ${status.replaceAll('_', ' ')}`
}
