/**
 * What a decision's statement must say before a passkey signs it: the change, the fingerprint and
 * the rules as this page has them, and what was typed. A server that says anything else gets no
 * signature.
 */
import {
  decodeBase64,
  digestText,
  hex,
  joinBytes,
  type Primitives,
  requirementDigest,
} from '@holdpoint/core'
import type { ChangeView, DecisionBegun } from './wire.ts'

export interface Decided {
  readonly decision: 'approve' | 'reject' | 'break_glass' | 'review'
  /** As this page computed it; for a rejection as the server says. */
  readonly fingerprint: string
  readonly reason: string | null
  readonly shown: { readonly count: number; readonly of: number } | null
  readonly person: string | null
}

/** What differs, as a word; `null` when it says what was decided here. */
export function statementDifference(
  begun: DecisionBegun,
  change: ChangeView,
  { decided, primitives }: { readonly decided: Decided; readonly primitives: Primitives },
): string | null {
  const { statement } = begun
  const requirement = change.evaluation?.requirement ?? null
  const expected = {
    decision: decided.decision,
    change: change.id,
    person: decided.person,
    fingerprint: decided.fingerprint,
    artifact: change.binding.artifact,
    'policy revision': change.evaluation?.policyRevision ?? 0,
    requirement: requirementDigest(requirement, primitives),
    reason: reasonDigest(decided.reason, begun.reasonSalt, primitives),
    client: 'page',
    'session policy': null,
  }
  const said = {
    ...statement,
    'policy revision': statement.policyRevision,
    'session policy': statement.sessionPolicy,
  }
  const differing = Object.entries(expected).find(
    ([name, value]) => Reflect.get(said, name) !== value,
  )
  if (differing !== undefined) return differing[0]
  return JSON.stringify(statement.shown) === JSON.stringify(decided.shown) ? null : 'what was shown'
}

/** SHA-256(salt ‖ text), as the entry will hold it. */
function reasonDigest(
  reason: string | null,
  salt: string | null,
  primitives: Primitives,
): string | null {
  if (reason === null) return salt === null ? null : 'a reason that nobody typed'
  const bytes = salt === null ? null : decodeBase64(salt)
  if (bytes === null) return digestText(primitives, 'no salt')
  return hex(primitives.sha256(joinBytes([bytes, primitives.utf8(reason)])))
}
