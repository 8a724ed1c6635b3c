/**
 * Why a person's decision on a change would not count: what it is about, how it is signed, and who
 * the person is to the change. The same answers refuse a command, disable a button and break a law.
 */
import type { Access } from './access.ts'
import { liveKeys } from './access-people.ts'
import { ineligibility, meets } from './approval.ts'
import type { Change } from './change.ts'
import type { DecideFields } from './change-commands.ts'
import type { PersonId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { Refusal } from './refusals.ts'
import { questionOf } from './release.ts'

export type Deciding = Pick<DecideFields, 'person' | 'fingerprint' | 'assurance' | 'signed'>

/** An owner of the workspace may reject whatever the slots ask for; others need a slot. */
export function rejectionProblem(
  change: Change,
  command: Deciding,
  context: { readonly access: Access; readonly now: Instant },
): Refusal | null {
  return isOwner(change, command.person, context.access)
    ? (fingerprintProblem(change, command) ?? signatureProblem(command, context.access))
    : decisionProblem(change, command, context)
}

/** A passkey's assurance needs a passkey's signature, by a key of that person that still counts. */
export function signatureProblem(
  { person, assurance, signed }: Pick<Deciding, 'person' | 'assurance' | 'signed'>,
  access: Access,
): Refusal | null {
  if (meets(assurance, 'passkey') !== (signed !== null))
    return { code: 'signature_refused', because: 'it is not signed as it says' }
  if (signed === null || liveKeys(access, person).some((key) => key.id === signed.key)) return null
  return { code: 'signature_refused', because: 'that passkey is not enrolled for you' }
}

export function fingerprintProblem(
  change: Change,
  command: Pick<DecideFields, 'fingerprint'>,
): Refusal | null {
  const current = change.binding.fingerprint
  return command.fingerprint === current
    ? null
    : { code: 'other_fingerprint', seen: command.fingerprint, current }
}

/** Why a person's decision on this change would not count; also what disables the button. */
export function decisionProblem(
  change: Change,
  command: Deciding,
  context: { readonly access: Access; readonly now: Instant },
): Refusal | null {
  const other = fingerprintProblem(change, command)
  if (other !== null) return other
  const unsigned = signatureProblem(command, context.access)
  if (unsigned !== null) return unsigned
  const question = questionOf(change, context.now)
  if (question === null) return { code: 'not_eligible', slots: [], because: 'no_slot' }
  const why = ineligibility(context.access, question, command.person)
  if (why === 'in_requester_set') return { code: 'in_requester_set', why: behind(change, command) }
  const { slots, assurance: needs } = question.requirement
  if (why !== null) return { code: 'not_eligible', slots, because: why }
  if (!meets(command.assurance, needs))
    return { code: 'assurance_too_low', has: command.assurance, needs }
  return null
}

export function behind(change: Change, { person }: Pick<DecideFields, 'person'>): string {
  return change.requester.id === person
    ? 'you requested it'
    : 'a commit, the pipeline or an address of the requester names you'
}

export function isOwner(change: Change, person: PersonId, access: Access): boolean {
  const owners = access.workspaces.get(change.workspace)?.owners ?? []
  return owners.includes(person) && access.people.get(person)?.active === true
}

/** An owner of the workspace who does not stand behind the request. */
export function canResolve(change: Change, person: PersonId, access: Access): boolean {
  return isOwner(change, person, access) && !change.requester.excluded.includes(person)
}
