/**
 * What the figures need of a change, folded from its recorded events: small enough to keep for every
 * change of a log. Nothing here names a person to anybody; insights.ts says what may be told to whom.
 */
import type { ChangeEvent, Evaluated, Recorded } from './change.ts'
import type { PersonId, WorkspaceId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { ShownRows } from './passkey.ts'
import type { Verdict } from './verdict.ts'

export interface DecisionFact {
  readonly person: PersonId
  readonly at: Instant
  /** When the change last came to ask for people. */
  readonly askedAt: Instant
  readonly shown: ShownRows | null
}

export interface ChangeFacts {
  readonly workspace: WorkspaceId
  readonly openedAt: Instant
  /** The first one, which is what its requester met. */
  readonly verdict: Verdict | null
  /** That gave it. */
  readonly rules: readonly string[]
  readonly heldAt: Instant | null
  /** When people had decided: released by them, or rejected. */
  readonly decidedAt: Instant | null
  readonly rejected: boolean
  readonly askedAt: Instant
  readonly decisions: readonly DecisionFact[]
}

/** Facts after one more event; `null` while the change was not opened. Never mutates. */
export function noteRecorded(
  facts: ChangeFacts | null,
  { event, at }: Pick<Recorded, 'event' | 'at'>,
): ChangeFacts | null {
  if (event.type === 'change_opened') return openedFacts(event.workspace, at)
  return facts === null ? null : noted(facts, event, at)
}

function openedFacts(workspace: WorkspaceId, at: Instant): ChangeFacts {
  return {
    workspace,
    openedAt: at,
    verdict: null,
    rules: [],
    heldAt: null,
    decidedAt: null,
    rejected: false,
    askedAt: at,
    decisions: [],
  }
}

function noted(facts: ChangeFacts, event: ChangeEvent, at: Instant): ChangeFacts {
  switch (event.type) {
    case 'evaluated':
      return evaluated(facts, event, at)
    case 'approved':
      return decided(facts, event, at)
    case 'rejected':
      return { ...decided(facts, event, at), rejected: true, decidedAt: at }
    case 'released':
      return event.by === 'approvals' ? { ...facts, decidedAt: facts.decidedAt ?? at } : facts
    case 'returned_to_hold':
      return { ...facts, askedAt: at }
    default:
      return facts
  }
}

/** A new revision asks again; what the requester met stays the first answer. */
function evaluated(facts: ChangeFacts, event: Evaluated, at: Instant): ChangeFacts {
  const asks = event.verdict === 'hold'
  const next = asks ? { ...facts, askedAt: at } : facts
  if (facts.verdict !== null) return next
  const { verdict, rules } = event
  return { ...next, verdict, rules, heldAt: asks ? at : null }
}

function decided(
  facts: ChangeFacts,
  event: Extract<ChangeEvent, { type: 'approved' | 'rejected' }>,
  at: Instant,
): ChangeFacts {
  const { person, shown } = event
  const decision = { person, at, askedAt: facts.askedAt, shown }
  return { ...facts, decisions: [...facts.decisions, decision] }
}
