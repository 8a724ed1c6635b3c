/**
 * The one red block of a change page: stored data lost, an unknown outcome, or a rule that denies.
 * At most one; it names the object, what it is and how much, and what makes the loss final.
 */
import { storesData } from '@holdpoint/api/stored-data'
import { dataDangerOf, type Plan, type RecoveryFact } from '@holdpoint/core'
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
  const found = dataDangerOf(plan, storesData)
  if (found === null) return null
  const { title, items, total, types } = found
  const parts = types.map(({ type, count: amount }) => `${amount} × ${type}`)
  const more = `${count(total, 'resource')} that hold data: ${list(parts, 'and')}`
  return {
    kind: 'data',
    title,
    detail: null,
    items: items.map(({ key, change, facts }) => ({
      key,
      address: change.address,
      module: change.module,
      action: change.action === 'replace' ? 'replace' : 'delete',
      facts,
    })),
    more: total > items.length ? more : null,
    total,
  }
}
