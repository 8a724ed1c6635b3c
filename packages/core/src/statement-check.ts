/**
 * What a decision's statement must say before a passkey signs it: the change, the fingerprint and the
 * rules as whoever shows it has them, and what was typed. A server that says anything else gets no
 * signature. For the page and the terminal alike.
 */
import { decodeBase64 } from './base64.ts'
import { joinBytes } from './bytes.ts'
import { type ChangeId, digestText } from './ids.ts'
import { type DecisionStatement, requirementDigest, type ShownRows } from './passkey.ts'
import { hex, type Primitives } from './primitives.ts'
import type { Requirement } from './verdict.ts'

export interface Decided {
  readonly decision: DecisionStatement['decision']
  readonly change: ChangeId
  readonly person: string | null
  /** As it was computed where it is shown. */
  readonly fingerprint: string
  readonly artifact: string
  readonly policyRevision: number
  readonly requirement: Requirement | null
  /** Digest of what credentials would be granted, as it was shown; `null` where none would. */
  readonly scope: string | null
  /** As it was typed. */
  readonly reason: string | null
  readonly shown: ShownRows | null
  readonly client: DecisionStatement['client']
}

/** What differs, in a word or two; `null` when it says what was decided. */
export function statementDifference(
  said: { readonly statement: DecisionStatement; readonly reasonSalt: string | null },
  decided: Decided,
  primitives: Primitives,
): string | null {
  const { statement, reasonSalt } = said
  const { reason, requirement } = decided
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['decision', statement.decision, decided.decision],
    ['change', statement.change, decided.change],
    ['person', statement.person, decided.person],
    ['fingerprint', statement.fingerprint, decided.fingerprint],
    ['plan file', statement.artifact, decided.artifact],
    ['policy revision', statement.policyRevision, decided.policyRevision],
    ['requirement', statement.requirement, requirementDigest(requirement, primitives)],
    ['session policy', statement.sessionPolicy, decided.scope],
    ['reason', statement.reason, reasonDigest(reason, reasonSalt, primitives)],
    ['what was shown', JSON.stringify(statement.shown), JSON.stringify(decided.shown)],
    ['client', statement.client, decided.client],
  ]
  return pairs.find(([, one, other]) => one !== other)?.[0] ?? null
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

/** What people compare on two screens: the first and the last of the challenge, in fours. */
export function challengeWords(challenge: Uint8Array): string {
  const text = hex(challenge)
  return [text.slice(0, 4), text.slice(4, 8), text.slice(-8, -4), text.slice(-4)].join('-')
}
