/**
 * One change on the terminal, in the order in which it matters: status, headline, place and people,
 * what is destroyed, why it is held, who is needed, and the fingerprint of what is shown here.
 */
import type { Reply } from '@holdpoint/api/client'
import {
  headline,
  isTerminal,
  type Plan,
  quotedLabel,
  reminderOf,
  runnerWords,
  type Slot,
  summarise,
} from '@holdpoint/core'
import type { Hue } from './render.ts'
import { credentialLines, issuedLines } from './render-credentials.ts'
import { glassLines } from './render-glass.ts'
import { findingLines, plannedLine, slotText, warningLines } from './render-plan.ts'
import { reachLines } from './render-reach.ts'
import { type Manner, resourceRows } from './render-resources.ts'
import {
  askedBy,
  clock,
  duration,
  left,
  quoted,
  safe,
  shortFingerprint,
  shortId,
} from './render-text.ts'

export type ChangeView = Reply<'change'>

export interface ShownChange {
  readonly view: ChangeView
  readonly plan: Plan
  readonly checked: boolean
}

export interface TimedManner extends Manner {
  readonly now: number
}

export function renderChange(change: ShownChange, manner: TimedManner): readonly string[] {
  const { view } = change
  return [
    ...whatLines(change, manner),
    ...glassLines(view.glass, manner.now),
    ...whyLines(view, manner),
    ...slotLines(view, manner),
    ...issuedLines(view, manner.now),
    ...outcomeLines(view, manner),
    fingerprintLine(change, manner),
    `${manner.ink('dim', safe(view.url))}`,
    statusLine(view, manner),
  ]
}

/** What would happen, where, and who asks: also what is shown before a decision. */
export function whatLines({ view, plan }: ShownChange, manner: TimedManner): readonly string[] {
  const summary = summarise(plan)
  const before =
    view.unresolvedBefore === null
      ? []
      : [`! an earlier change has an unknown outcome: ${shortId(view.unresolvedBefore)}`]
  return [
    manner.ink('bold', headline(plan, summary)),
    `${shortId(view.id)}  ${safe(view.workspace.name)}   ${requesterText(view)}   opened ${ago(view.openedAt, manner.now)} ago`,
    ...(view.words === null ? [] : [`  ${quotedLabel(view)}: ${quoted(view.words)}`]),
    ...actsAsLines(view),
    ...bindLines(view, manner),
    ...before,
    plannedLine(safe(view.workspace.name), plan, summary),
    ...resourceRows(plan, manner),
    ...reachLines(plan, manner),
    ...warningLines(plan, manner),
    ...credentialLines(view, manner),
  ]
}

/** A tool that acts with a role of its own, whoever starts it. */
function actsAsLines({ target }: ChangeView): readonly string[] {
  const role = target.backend.settings['acts-as'] ?? null
  return role === null ? [] : [`  acts as ${safe(role)}`]
}

/** A misspelt name makes a workspace of its own, so one that is bound to nothing is said aloud. */
export function bindLines(view: ChangeView, { ink }: Manner): readonly string[] {
  if (!view.bindsTarget || isTerminal(view.status)) return []
  const others = view.sameStateAs.map((name) =>
    name === null ? 'one you may not see' : safe(name),
  )
  const mark = ink('amber', '!')
  return [
    `${mark} ${safe(view.workspace.name)} is bound to no place yet: ${bindsText(view)}`,
    ...(others.length === 0
      ? []
      : [`${mark} its state is already that of ${others.join(', ')}: is the name misspelt?`]),
  ]
}

function bindsText(view: ChangeView): string {
  const accounts = view.target.principals.map((each) => `${each.provider} ${each.account}`)
  const place = accounts.length === 0 ? view.target.backend.type : accounts.join(', ')
  return `its first release binds it to ${safe(place)}`
}

function requesterText(view: ChangeView): string {
  const name = askedBy(view)
  const door = view.door === 'gate' ? ' through a pipeline’s own apply' : ''
  return `by ${name}${door}, ${runnerWords(view.runner.trust)}`
}

export function whyLines(view: ChangeView, manner: TimedManner): readonly string[] {
  const { evaluation } = view
  if (evaluation === null || evaluation.verdict === 'allow') return []
  const denied = evaluation.verdict === 'deny'
  const word = denied ? 'DENIED' : 'HELD'
  return findingLines(view.findings, word.length, manner.ink(denied ? 'red' : 'amber', word))
}

/** Each slot with who filled it and who can. */
export function slotLines(view: ChangeView, { now }: TimedManner): readonly string[] {
  return view.slots.map(({ slot, filledBy, candidates, nextTurnAt }, index) => {
    const start = index === 0 ? '      needs  ' : '             '
    const filled = filledBy.map((each) => `${safe(each.name)} ${clock(each.at, now)}`)
    const open = candidates.map((each) => candidateText(each, now))
    const since = { openedAt: view.openedAt, now }
    const later = `${escalationText(slot, since)}${reminderText(slot, since)}`
    const next = nextTurnAt === null ? '' : `; the next turn begins ${clock(nextTurnAt, now)}`
    const nobody = `nobody can fill it now${next}`
    const who =
      filled.length >= slot.count
        ? filled.join(', ')
        : [...filled, open.length === 0 ? nobody : open.join(', ')].join('; ')
    return `${start}${slotText(slot)}   ${who}${filled.length >= slot.count ? '' : later}`
  })
}

function escalationText(
  { escalate }: Slot,
  { openedAt, now }: { readonly openedAt: number; readonly now: number },
): string {
  if (escalate === undefined) return ''
  const at = openedAt + escalate.afterSeconds * 1000
  const to = escalate.to.map((ref) => safe(ref.replace(/^team:/, ''))).join(' or ')
  return `; ${to} too ${now < at ? 'from' : 'since'} ${clock(at, now)}`
}

function reminderText(
  slot: Slot,
  { openedAt, now }: { readonly openedAt: number; readonly now: number },
): string {
  const reminder = reminderOf(slot, { openedAt, now })
  if (reminder === null) return ''
  return `; ${reminder.isDue ? 'reminded' : 'a reminder at'} ${clock(reminder.at, now)}`
}

function candidateText(
  each: ChangeView['slots'][number]['candidates'][number],
  now: number,
): string {
  const shift = each.onCallUntil === null ? '' : ` (on call until ${clock(each.onCallUntil, now)})`
  const lent = each.for === null ? '' : ` (for ${safe(each.for)})`
  return `${safe(each.name)}${each.you ? ' (you)' : ''}${shift}${lent}`
}

function outcomeLines(view: ChangeView, { now }: TimedManner): readonly string[] {
  const lines: string[] = []
  for (const each of view.decisions) {
    const verb = each.decision === 'approve' ? 'Approved' : 'Rejected'
    const who = safe(each.person.name ?? 'somebody')
    const why = each.reason === null ? '' : `   ${quoted(each.reason)}`
    lines.push(`${verb}  by ${who} ${clock(each.at, now)}   ${each.assurance}${why}`)
  }
  const { outcome } = view
  if (outcome !== null) {
    const counts = `${outcome.appliedCount} of ${outcome.totalCount}`
    lines.push(`Tool  ended with ${outcome.exitCode}, ${counts} applied`)
    if (outcome.sourceChanged) lines.push('! the source changed while it was applied')
  }
  if (view.resolution !== null) {
    lines.push(`Resolved  it was ${view.resolution.replace('_', ' ')}`)
  }
  return lines
}

function fingerprintLine({ view, checked }: ShownChange, { ink }: Manner): string {
  const text = shortFingerprint(view.binding.fingerprint)
  if (checked) return `Fingerprint of what is shown here  ${text}`
  return ink('red', `This does not give the fingerprint ${text}: do not approve it`)
}

const TITLES: { readonly [S in ChangeView['status']]: { text: string; hue: Hue } } = {
  evaluating: { text: 'Reading the plan', hue: 'dim' },
  held: { text: 'Held', hue: 'amber' },
  released: { text: 'Released', hue: 'green' },
  executing: { text: 'Applying', hue: 'blue' },
  applied: { text: 'Applied', hue: 'green' },
  failed: { text: 'Failed while applying', hue: 'red' },
  outcome_unknown: { text: 'Outcome unknown', hue: 'red' },
  denied: { text: 'Denied by a rule', hue: 'red' },
  rejected: { text: 'Rejected', hue: 'red' },
  expired: { text: 'Expired', hue: 'dim' },
  superseded: { text: 'Superseded', hue: 'dim' },
  withdrawn: { text: 'Withdrawn', hue: 'dim' },
}

/** Who moves next, in every state; the last line. */
export function statusLine(view: ChangeView, manner: TimedManner): string {
  const title = TITLES[view.status]
  return `${manner.ink(title.hue, title.text)}  ${nextMove(view, manner)}`.trimEnd()
}

function nextMove(view: ChangeView, { now, columns }: TimedManner): string {
  switch (view.status) {
    case 'evaluating':
      return 'nothing can be decided yet'
    case 'held':
      return heldText(view, { now, width: columns - 'Held  '.length })
    case 'released':
      return `may be applied exactly once, until ${clock(view.releasedUntil ?? now, now)}`
    case 'executing':
      return 'rejecting no longer stops it: holdpoint grants revoke does'
    case 'outcome_unknown':
      return 'look at cloud and state; then an owner says what happened: holdpoint resolve'
    case 'denied':
      return 'nobody can approve this'
    case 'superseded':
      return supersededText(view.supersededBy)
    case 'expired':
      return 'not decided in time; plan again to ask again'
    case 'applied':
    case 'failed':
    case 'rejected':
    case 'withdrawn':
      return ''
  }
}

function supersededText(by: string | null): string {
  return by === null
    ? 'approvals do not carry over'
    : `by ${shortId(by)}; approvals do not carry over`
}

/**
 * `1 of 2 approvals; still needed: one of team:dba; opened 3 min ago; expires in 3 h 57 min`.
 * Where that is wider than `width`, the least needed is left out first, and the end never.
 */
export function heldText(
  view: Pick<ChangeView, 'missing' | 'slotsFilled' | 'slotsTotal' | 'openedAt' | 'dueAt'>,
  { now, width }: { readonly now: number; readonly width: number },
): string {
  const due = view.dueAt === null ? '' : `; expires in ${left(view.dueAt - now)}`
  const opened = `; opened ${ago(view.openedAt, now)} ago`
  const filled = `${view.slotsFilled} of ${view.slotsTotal} approvals`
  const needed = (text: (slot: Slot) => string): string =>
    view.missing.length === 0 ? '' : `; still needed: ${view.missing.map(text).join(', ')}`
  const candidates = [
    `${filled}${needed(slotText)}${opened}${due}`,
    `${filled}${needed(slotText)}${due}`,
    `${filled}${needed(briefSlot)}${due}`,
  ]
  return candidates.find((text) => text.length <= width) ?? `${filled}${due}`
}

function briefSlot({ from, count }: Slot): string {
  const who = from.map((ref) => safe(ref.replace(/^(team|person):/, ''))).join('|')
  return count === 1 ? who : `${count} ${who}`
}

function ago(at: number, now: number): string {
  return duration(now - at)
}
