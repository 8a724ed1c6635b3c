/**
 * The policy as an aggregate: an ordered row of revisions, each naming the one it was made from.
 * A document that does not parse never becomes a revision; the one in force stays.
 */
import type { Digest } from './ids.ts'
import type { Refusal } from './refusals.ts'

export interface PolicyRevision {
  /** 0 is the built-in policy that holds everything for an admin to replace. */
  readonly revision: number
  /** SHA-256 of the document's text, which is evidence. */
  readonly document: Digest
}

export type PolicyEvent = {
  readonly type: 'policy_pushed'
  readonly revision: number
  readonly document: Digest
  readonly basedOn: number
}

export interface PushPolicy {
  readonly type: 'push_policy'
  readonly document: Digest
  readonly basedOn: number
  /** Problems the parser found; a document with any is refused. */
  readonly problems: readonly string[]
}

export type PolicyAnswer =
  | { readonly ok: true; readonly events: readonly PolicyEvent[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly events: readonly [] }

export function decidePolicy(current: PolicyRevision, command: PushPolicy): PolicyAnswer {
  if (command.problems.length > 0)
    return refused({ code: 'policy_invalid', problems: command.problems })
  if (command.basedOn !== current.revision)
    return refused({
      code: 'policy_moved',
      basedOn: command.basedOn,
      current: current.revision,
    })
  const { document, basedOn } = command
  return {
    ok: true,
    events: [{ type: 'policy_pushed', revision: basedOn + 1, document, basedOn }],
  }
}

function refused(refusal: Refusal): PolicyAnswer {
  return { ok: false, refusal, events: [] }
}

/** `null` when the event does not continue the row of revisions. */
export function evolvePolicy(current: PolicyRevision, event: PolicyEvent): PolicyRevision | null {
  if (event.basedOn !== current.revision || event.revision !== current.revision + 1) return null
  return { revision: event.revision, document: event.document }
}
