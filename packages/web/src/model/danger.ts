/**
 * The one red block of a change page: stored data lost, an unknown outcome, or a rule that denies.
 * At most one; it names the object, what it is and how much, and what makes the loss final.
 */
import { storesData } from '@holdpoint/api/stored-data'
import { keyOf, type Plan, type ResourceChange } from '@holdpoint/core'
import { destroys } from './actions.ts'
import { type Fact, type Remains, type Stored, storedIn } from './stateful.ts'
import type { ChangeView } from './wire.ts'
import { count, list } from './words.ts'

export interface DangerItem {
  readonly key: string
  readonly address: string
  readonly module: string
  readonly action: 'delete' | 'replace'
  readonly facts: readonly Fact[]
}

export interface Danger {
  readonly kind: 'data' | 'outcome' | 'deny'
  readonly title: string
  readonly detail: string | null
  readonly items: readonly DangerItem[]
  /** Stateful resources beyond those listed, by type; the list below holds them all. */
  readonly more: string | null
  readonly total: number
}

const ITEMS_MAX = 5

export function dangerOf(change: ChangeView, plan: Plan | null): Danger | null {
  if (change.status === 'outcome_unknown') return block('outcome', 'Outcome unknown', OUTCOME)
  if (change.status === 'denied') return denied(change)
  return plan === null ? null : dataDanger(plan)
}

const OUTCOME =
  'It started and never reported back. It may have been applied in part, and is not tried again ' +
  'by itself. Somebody has to look.'

function block(kind: 'outcome' | 'deny', title: string, detail: string): Danger {
  return { kind, title, detail, items: [], more: null, total: 0 }
}

function denied(change: ChangeView): Danger {
  const denying = change.findings.filter((finding) => finding.outcome === 'deny')
  const messages = denying.map((finding) => `${finding.message} (${finding.rule})`)
  return block('deny', 'Nobody can approve this', `${list(messages, 'and')}.`)
}

function dataDanger(plan: Plan): Danger | null {
  const lost = plan.resources.filter((each) => destroys(each.action) && storesData(each.type))
  if (lost.length === 0) return null
  const stored = lost.map(storedIn)
  return {
    kind: 'data',
    title: `${lossTitle(lost)} ${remainsText(stored.map((each) => each.remains))}`,
    detail: null,
    items: lost.slice(0, ITEMS_MAX).map((each) => item(each, storedIn(each))),
    more: lost.length > ITEMS_MAX ? byType(lost) : null,
    total: lost.length,
  }
}

function lossTitle(lost: readonly ResourceChange[]): string {
  if (lost.some((each) => each.action === 'delete')) return 'Stored data will be deleted.'
  return 'Stored data will be deleted, and an empty one takes its place.'
}

/** Says that no backup remains only where the plan says so for every one. */
function remainsText(remains: readonly Remains[]): string {
  if (remains.every((each) => each === 'gone')) return 'No snapshot and no backup remains.'
  if (remains.every((each) => each === 'kept')) return 'A final snapshot is taken first.'
  return 'The plan does not say whether a backup remains.'
}

function item(change: ResourceChange, stored: Stored): DangerItem {
  const what: Fact = { label: 'What it is', value: stored.what, final: false }
  return {
    key: keyOf(change),
    address: change.address,
    module: change.module,
    action: change.action === 'replace' ? 'replace' : 'delete',
    facts: [what, ...stored.facts],
  }
}

function byType(lost: readonly ResourceChange[]): string {
  const counts = new Map<string, number>()
  for (const each of lost) counts.set(each.type, (counts.get(each.type) ?? 0) + 1)
  const parts = [...counts].map(([type, amount]) => `${amount} × ${type}`)
  return `${count(lost.length, 'resource')} that hold data: ${list(parts, 'and')}`
}
