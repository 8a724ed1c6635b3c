/**
 * A plan file as `inspect` and `evaluate` see it: read, redacted and digested on this machine. Its
 * document never holds a clear secret, because everything that prints works from the redacted plan.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type ChangeHead,
  type Digest,
  type HidingPatterns,
  inspectDigest,
  inspectPlan,
  offlineHide,
  type Plan,
  type PlanFrame,
  readPlan,
  redact,
  type Summary,
  summarise,
} from '@holdpoint/core'
import { badInput } from './ended.ts'
import { readInput } from './read-input.ts'
import { sensitivePathsOf } from './sensitive-paths.ts'

export interface OfflinePlan {
  readonly plan: Plan
  readonly summary: Summary
  readonly digest: Digest
}

export async function readOfflinePlan(
  file: string,
  patterns: HidingPatterns | null,
): Promise<OfflinePlan> {
  return offlinePlanOf(await readInput(file), patterns)
}

export function offlinePlanOf(bytes: Uint8Array, patterns: HidingPatterns | null): OfflinePlan {
  const parsed = readPlan(bytes, nodePrimitives)
  if (!parsed.ok) throw badInput(parsed.refusal.message)
  const plan = redact(parsed.plan, offlineHide, patterns)
  return { plan, summary: summarise(plan), digest: inspectDigest(plan, nodePrimitives) }
}

/** The document of `inspect --json` (DESIGN §9). */
export function inspectDocument({ plan, summary, digest }: OfflinePlan): object {
  const resources = plan.resources.map((each) => rowOf(each, sensitivePathsOf(each)))
  return { ...aboutPlan(plan, { summary, digest }), resources }
}

/** What the document says of the plan as a whole. */
function aboutPlan(
  plan: PlanFrame,
  { summary, digest }: { readonly summary: Summary; readonly digest: Digest },
): object {
  return {
    tool: plan.tool,
    formatVersion: plan.formatVersion,
    toolVersion: plan.toolVersion,
    summary,
    digest,
    warnings: plan.warnings,
  }
}

/** A piece is written when it has grown to this, so that no text as large as the plan exists. */
const PIECE_CHARACTERS = 65_536

/**
 * The same document as text in pieces, one line for each resource, of a plan that is never held.
 * Nothing is returned before the whole plan was read, because it may be refused at its end.
 */
export async function inspectPieces(
  file: string,
  patterns: HidingPatterns | null,
): Promise<readonly string[]> {
  const bytes = await readInput(file)
  const pieces: string[] = []
  let piece = ''
  const about = inspectRows(bytes, patterns, (row) => {
    piece += `${pieces.length === 0 && piece === '' ? '' : ',\n'}${JSON.stringify(row)}`
    if (piece.length < PIECE_CHARACTERS) return
    pieces.push(piece)
    piece = ''
  })
  const text = JSON.stringify(about)
  return [`${text.slice(0, -1)},"resources":[\n`, ...pieces, piece, ']}\n']
}

/**
 * Every resource by itself, of a plan that is never held; returns what is said of the whole. Throws
 * `Ended` where the plan is refused, which may be at its end.
 */
export function inspectRows(
  bytes: Uint8Array,
  patterns: HidingPatterns | null,
  onRow: (row: InspectedRow) => void,
): object {
  const inspected = inspectPlan(bytes, { primitives: nodePrimitives, patterns }, (head, hiding) =>
    onRow(rowOf(head, hiding === null ? [] : sensitivePathsOf(hiding))),
  )
  if (!inspected.ok) throw badInput(inspected.refusal.message)
  return aboutPlan(inspected.frame, inspected)
}

export type InspectedRow = ReturnType<typeof rowOf>

function rowOf(resource: ChangeHead, sensitivePaths: readonly string[]) {
  return {
    address: resource.address,
    type: resource.type,
    action: resource.action,
    provider: resource.provider,
    module: resource.module,
    mode: resource.mode,
    actions: resource.actions,
    reason: resource.reason,
    deposed: resource.deposed,
    previousAddress: resource.previousAddress,
    importing: resource.importing !== null,
    sensitivePaths,
  }
}
