/** What is one's own: only a person has it, and not by a terminal's token. */
import { type Actor, type PersonId, type Refusal, whoMay } from '@holdpoint/core'
import { refused } from './handler.ts'

/** `null`: a token, or a person's terminal, which never rules. */
export function personOf(actor: Actor): PersonId | null {
  return actor.kind === 'person' && actor.assurance !== 'token' ? actor.id : null
}

export function notAPerson(): { readonly ok: false; readonly refusal: Refusal } {
  const action = 'manage_own'
  return refused({ code: 'not_permitted', action, needs: whoMay(action) })
}
