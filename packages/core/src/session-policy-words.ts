/** Why credentials are not narrowed, as a sentence for page and terminal. */
import { type Phrase, plain, say } from './phrase.ts'
import type { NotNarrowed } from './session-policy-grants.ts'

export function notNarrowedPhrase(reason: NotNarrowed): Phrase {
  switch (reason.code) {
    case 'unmapped_type':
      return say`${reason.address}: it is not known what ${reason.type} needs`
    case 'unknown_value':
      return say`${reason.address}: ${reason.attribute} is decided at apply, so any is permitted`
    case 'unnamed_resource':
      return say`${reason.address}: what ${reason.attribute} names is decided at apply`
    case 'unsafe_value':
      return say`${reason.address}: ${reason.attribute} is text that AWS reads as a pattern`
    case 'foreign_resource':
      return say`${reason.address}: ${reason.attribute} is of another account, region or kind`
    case 'grants_privileges':
      return privilegesPhrase(reason)
    case 'unbounded_action':
      return say`${reason.address}: ${reason.actions.join(', ')} cannot be permitted on one resource`
    case 'unknown_action':
      return say`${reason.address}: the plan does not say what is done with it`
    case 'deferred':
      return say`${reason.address} is put off to a later plan`
    case 'invokes':
      return say`${reason.address} is invoked, and nobody knows what it calls`
    case 'not_aws':
      return say`${reason.address} is of ${reason.provider}, which has credentials of its own`
    default:
      return besidesPhrase(reason)
  }
}

type OfResource = Extract<NotNarrowed, { readonly address: string }>

function privilegesPhrase(
  reason: Extract<OfResource, { readonly code: 'grants_privileges' }>,
): Phrase {
  if (reason.how !== null) return say`${reason.address} ${reason.how}`
  return say`${reason.address}: ${reason.actions.join(', ')} can give rights`
}

function besidesPhrase(reason: Exclude<NotNarrowed, OfResource>): Phrase {
  switch (reason.code) {
    case 'assumes_role':
      return say`${reason.provider} takes on ${reason.role ?? 'a role that is not known'}, which has its own power`
    case 'own_credentials':
      return say`${reason.provider} has credentials of its own`
    case 'unknown_account':
      return say`${reason.account} is no account of AWS`
    case 'unclear_state':
      return say`${reason.setting} of the backend is not known`
    case 'incomplete':
      return plain('The plan is not complete')
    case 'too_long':
      return plain(`It needs ${reason.characters} characters, and AWS takes 2,048`)
    case 'nothing_known':
      return plain('Nothing in it is permitted by AWS')
  }
}
