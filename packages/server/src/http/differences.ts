/**
 * What a runner found to differ, as an entry can hold it: parts and digests. The names of files and
 * variables behind it become evidence.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type Change,
  canonicalText,
  type Difference,
  type Digest,
  digestText,
  parseDigest,
  type RefusedStart,
} from '@holdpoint/core'
import { keepEvidence } from '../kept.ts'
import type { Database } from '../store/db.ts'

export async function refusedDifferences(
  change: Change,
  differences: readonly Difference[],
  database: Database,
): Promise<RefusedStart> {
  const parts = [...new Set(differences.map((each) => each.part))]
  return {
    differences: parts.map((part) => {
      const here = differences.filter((each) => each.part === part)
      return {
        part,
        approved: approvedDigest(change, part, here),
        now: digestOfAll(here.map((each) => each.now)),
      }
    }),
    names: await keepNames(change, differences, database),
  }
}

/** `null` where the runner gave none. */
export async function keepNames(
  change: Change,
  differences: readonly Difference[],
  database: Database,
): Promise<Digest | null> {
  if (differences.length === 0) return null
  const list = differences.map(({ part, name, approved, now }) => ({ part, name, approved, now }))
  const text = canonicalText({ v: 1, differences: list })
  return keepEvidence(database, { workspace: change.workspace, text })
}

function approvedDigest(change: Change, part: string, here: readonly Difference[]): Digest {
  const bound = Object.entries(change.binding).find(([name]) => name === part)?.[1]
  return bound ?? digestOfAll(here.map((each) => each.approved))
}

/** A digest stays itself; several values, or a text, become the digest of their list. */
function digestOfAll(values: readonly string[]): Digest {
  const [only] = values
  const digest = values.length === 1 && only !== undefined ? parseDigest(only) : null
  return digest ?? digestText(nodePrimitives, canonicalText(values))
}
