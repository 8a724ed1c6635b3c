/**
 * The headline and the counts of a change, computed from its plan when they are first asked for
 * and kept in memory: a plan document never changes.
 */
import { type Change, type Digest, decodePlan, headline, summarise } from '@holdpoint/core'
import type { Database } from './store/db.ts'
import { findEvidence } from './store/evidence.ts'

export interface PlanLine {
  readonly headline: string
  readonly summary: { readonly [name: string]: number }
}

export interface PlanLines {
  readonly of: (change: Change) => Promise<PlanLine>
}

const KEPT_MAX = 5_000
const GONE: PlanLine = { headline: 'The plan is not among the evidence', summary: {} }

export function createPlanLines(database: Database): PlanLines {
  const kept = new Map<Digest, PlanLine>()
  return {
    of: async (change) => {
      const known = kept.get(change.planDocument)
      if (known !== undefined) return known
      const place = { workspace: change.workspace, digest: change.planDocument }
      const bytes = await findEvidence(database.kysely, place)
      const line = bytes === null ? GONE : lineOf(bytes)
      if (kept.size >= KEPT_MAX) kept.clear()
      kept.set(change.planDocument, line)
      return line
    },
  }
}

function lineOf(bytes: Uint8Array): PlanLine {
  const decoded = decodePlan(JSON.parse(new TextDecoder().decode(bytes)))
  if (!decoded.ok) return GONE
  const summary = summarise(decoded.plan)
  return { headline: headline(decoded.plan, summary), summary }
}
