/**
 * The one red block of a change page: stored data lost, an unknown outcome, or a rule that denies.
 * At most one; it names the object, what it is and how much, and what makes the loss final.
 */
import { storesData } from '@holdpoint/api/stored-data'
import {
  keyOf,
  losesData,
  type Plan,
  REMAINS_WORDS,
  type Recovery,
  type RecoveryFact,
  type Remains,
  type ResourceChange,
  recoveryOf,
} from '@holdpoint/core'
import type { ChangeView } from './wire.ts'
import { count, list } from './words.ts'

export interface DangerItem {
  readonly key: string
  readonly address: string
  readonly module: string
  readonly action: 'delete' | 'replace'
  readonly facts: readonly RecoveryFact[]
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
  const lost = plan.resources.filter((each) => losesData(each, storesData))
  if (lost.length === 0) return null
  const recoveries = lost.map(recoveryOf)
  return {
    kind: 'data',
    title: `${lossTitle(lost)} ${remainsText(recoveries.map((each) => each.remains))}`,
    detail: null,
    items: lost.slice(0, ITEMS_MAX).map((each) => item(each, recoveryOf(each))),
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
  const [first, ...others] = [...new Set(remains)]
  const words = REMAINS_WORDS[first !== undefined && others.length === 0 ? first : 'unsaid']
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

function item(change: ResourceChange, recovery: Recovery): DangerItem {
  const { what, arn, facts } = recovery
  return {
    key: keyOf(change),
    address: change.address,
    module: change.module,
    action: change.action === 'replace' ? 'replace' : 'delete',
    facts: [
      { label: 'What it is', value: what ?? 'The plan does not name it', final: false },
      ...(arn === null || arn === what ? [] : [{ label: 'ARN', value: arn, final: false }]),
      ...facts,
    ],
  }
}

function byType(lost: readonly ResourceChange[]): string {
  const counts = new Map<string, number>()
  for (const each of lost) counts.set(each.type, (counts.get(each.type) ?? 0) + 1)
  const parts = [...counts].map(([type, amount]) => `${amount} × ${type}`)
  return `${count(lost.length, 'resource')} that hold data: ${list(parts, 'and')}`
}
