/** Several access events in the order they need each other, in one batch of the gate. */
import type { AccessEvent, Actor, Refusal } from '@holdpoint/core'
import type { Gate } from '../ports.ts'

/** The first refusal; those after it may have been recorded. `null` when all were. */
export async function recordAccess(
  actor: Actor,
  events: readonly AccessEvent[],
  { gate }: { readonly gate: Gate },
): Promise<Refusal | null> {
  const sent = events.map((event) => {
    const command = { type: 'change_access', event } as const
    return gate.handle(actor, { on: 'access', command })
  })
  const answers = await Promise.all(sent)
  return answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal]))[0] ?? null
}
