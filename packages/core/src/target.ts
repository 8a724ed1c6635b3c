/**
 * Where a plan would act. Plan JSON is identical for two regions, accounts and backends, so the
 * target is part of the fingerprint and a workspace is pinned to it (DESIGN §5).
 */
import type { JsonMap } from './value.ts'

export interface Target {
  readonly backend: { readonly type: string; readonly settings: { readonly [key: string]: string } }
  /** The tool's own workspace, `default` where it has none. */
  readonly toolWorkspace: string
  /** Lineage of the state; `null` for a first plan. */
  readonly lineage: string | null
  readonly providers: readonly TargetProvider[]
  /** Accounts, subscriptions or projects that planned; `unknown` where the tool cannot tell. */
  readonly principals: readonly { readonly provider: string; readonly account: string }[]
}

export interface TargetProvider {
  readonly key: string
  readonly type: string
  readonly alias: string | null
  /** As it resolves with the environment; `unknown` when it cannot be told, `null` if none. */
  readonly region: string | null
  readonly endpoints: { readonly [service: string]: string }
}

/** What a workspace is pinned to. A plan whose accounts and regions are a subset passes. */
export interface PinnedTarget {
  readonly backend: Target['backend']
  readonly toolWorkspace: string
  readonly accounts: readonly string[]
  readonly regions: readonly string[]
}

export interface Difference {
  /** What differs: `artifact`, `source`, `inputs`, `backend`, `account`, … */
  readonly part: string
  /** File, variable or setting, when the difference has a name. */
  readonly name: string | null
  readonly approved: string
  readonly now: string
}

export function accountsOf(target: Target): readonly string[] {
  return [
    ...new Set(target.principals.map((each) => `${each.provider}:${each.account}`)),
  ].toSorted()
}

export function regionsOf(target: Target): readonly string[] {
  const regions = target.providers.flatMap((each) =>
    each.region === null ? [] : [`${each.type}:${each.region}`],
  )
  return [...new Set(regions)].toSorted()
}

export function pinnedFrom(target: Target): PinnedTarget {
  return {
    backend: target.backend,
    toolWorkspace: target.toolWorkspace,
    accounts: accountsOf(target),
    regions: regionsOf(target),
  }
}

/** Differences between a pin and a plan's target; empty means the plan acts where it may. */
export function compareToPin(
  pin: PinnedTarget & { readonly lineage: string | null },
  target: Target,
): readonly Difference[] {
  const found: Difference[] = [...compareBackend(pin.backend, target.backend)]
  if (pin.toolWorkspace !== target.toolWorkspace)
    found.push(differs('tool workspace', pin.toolWorkspace, target.toolWorkspace))
  found.push(...outside('account', pin.accounts, accountsOf(target)))
  found.push(...outside('region', pin.regions, regionsOf(target)))
  if (pin.lineage !== null && target.lineage !== pin.lineage)
    found.push(differs('lineage', pin.lineage, target.lineage ?? 'none'))
  return found
}

/**
 * Does a plan act on the state that a workspace is pinned to? A backend `local` says nothing about
 * the machine and folder that it is in, so there only an equal lineage says so.
 */
export function sharesState(
  pin: PinnedTarget & { readonly lineage: string | null },
  target: Target,
): boolean {
  if (pin.toolWorkspace !== target.toolWorkspace) return false
  if (compareBackend(pin.backend, target.backend).length > 0) return false
  const isKnown = pin.lineage !== null && target.lineage !== null
  if (isKnown) return pin.lineage === target.lineage
  return target.backend.type !== 'local'
}

function compareBackend(pinned: Target['backend'], now: Target['backend']): readonly Difference[] {
  if (pinned.type !== now.type) return [differs('backend', pinned.type, now.type)]
  const names = [...new Set([...Object.keys(pinned.settings), ...Object.keys(now.settings)])]
  return names.toSorted().flatMap((name) => {
    const approved = setting(pinned, name)
    const current = setting(now, name)
    if (approved === current) return []
    return [{ part: 'backend', name, approved: approved ?? 'none', now: current ?? 'none' }]
  })
}

/** `null` when it is not set: a setting that says `none`, or is named like a method, is data. */
function setting(backend: Target['backend'], name: string): string | null {
  return Object.hasOwn(backend.settings, name) ? (backend.settings[name] ?? null) : null
}

function outside(
  part: string,
  allowed: readonly string[],
  used: readonly string[],
): readonly Difference[] {
  const unknownOrForeign = used.filter((each) => !allowed.includes(each))
  return unknownOrForeign.map((each) => differs(part, allowed.join(', ') || 'none', each))
}

function differs(part: string, approved: string, now: string): Difference {
  return { part, name: null, approved, now }
}

/** The target as a JSON document, for digests and evidence. */
export function targetDocument(target: Target): JsonMap {
  return {
    backend: { type: target.backend.type, settings: target.backend.settings },
    toolWorkspace: target.toolWorkspace,
    lineage: target.lineage,
    providers: target.providers.map((each) => ({
      key: each.key,
      type: each.type,
      alias: each.alias,
      region: each.region,
      endpoints: each.endpoints,
    })),
    principals: target.principals.map((each) => ({
      provider: each.provider,
      account: each.account,
    })),
  }
}
