/** The plan and the manifests of a change, and the fingerprint this page computes from them. */
import {
  headline,
  type OpaqueCounts,
  opaqueInPlan,
  type Plan,
  programsThatRun,
  summarise,
} from '@holdpoint/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { manifestsQuery, planQuery } from '../../api.ts'
import { checkFingerprint, type FingerprintState, type Manifests } from '../../model/evidence.ts'
import { type Row, rowsOf } from '../../model/rows.ts'
import type { ChangeView } from '../../model/wire.ts'
import { primitives } from '../../platform.ts'

export interface Evidence {
  readonly plan: Plan | null
  readonly manifests: Manifests | null
  readonly rows: readonly Row[]
  readonly opaque: OpaqueCounts | null
  /** How many programs run beside the resources. */
  readonly programs: number
  readonly headline: string
  readonly fingerprint: FingerprintState
  /** Why the plan cannot be shown, or null. */
  readonly problem: string | null
}

export function useEvidence(change: ChangeView): Evidence {
  const planAnswer = useQuery(planQuery(change))
  const manifestAnswer = useQuery(manifestsQuery(change))
  const plan = planAnswer.data?.ok === true ? planAnswer.data.value : null
  const manifests = manifestAnswer.data?.ok === true ? manifestAnswer.data.value : null
  const { findings } = change
  const rows = useMemo(() => (plan === null ? [] : rowsOf(plan, findings)), [plan, findings])
  const opaque = useMemo(() => (plan === null ? null : opaqueInPlan(plan)), [plan])
  const line = useMemo(() => (plan === null ? null : headline(plan, summarise(plan))), [plan])
  const programs = useMemo(() => (plan === null ? 0 : programsThatRun(plan).length), [plan])
  const problem = problemOf(planAnswer) ?? problemOf(manifestAnswer)
  const fingerprint = useFingerprint(change, { plan, manifests, problem })
  return {
    plan,
    manifests,
    rows,
    opaque,
    programs,
    headline: line ?? change.headline,
    fingerprint,
    problem,
  }
}

function problemOf(query: {
  readonly isError: boolean
  readonly data: { readonly ok: boolean; readonly problem?: string } | undefined
}): string | null {
  if (query.data?.ok === false) return query.data.problem ?? 'the evidence cannot be read'
  return query.isError && query.data === undefined ? 'The server did not answer.' : null
}

interface Parts {
  readonly plan: Plan | null
  readonly manifests: Manifests | null
  readonly problem: string | null
}

/**
 * Only what goes into it makes it computed again. The query client keeps equal parts identical, so
 * an event that changes nothing here costs nothing.
 */
function useFingerprint(change: ChangeView, parts: Parts): FingerprintState {
  const { plan, manifests, problem } = parts
  const { tool, workspace, target, flags, binding } = change
  return useMemo<FingerprintState>(() => {
    if (problem !== null) return { state: 'unavailable', why: problem }
    if (plan === null || manifests === null) return { state: 'computing' }
    const seen = { tool, workspace, target, flags, said: binding.fingerprint, plan, manifests }
    return checkFingerprint(seen, primitives)
  }, [tool, workspace, target, flags, binding, plan, manifests, problem])
}
