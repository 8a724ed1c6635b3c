/** Why credentials are not narrowed, one sentence each, as the approver reads it beside the plan. */
import type { NotNarrowed } from './session-policy-grants.ts'

type Writers = {
  readonly [C in NotNarrowed['code']]: (reason: Extract<NotNarrowed, { code: C }>) => string
}

const WRITERS: Writers = {
  unmapped_type: ({ address, type }) => `${address}: which calls ${type} needs is not known`,
  unknown_value: ({ address, attribute }) =>
    `${address}: ${attribute} is decided at apply, so every name that fits is allowed`,
  unsafe_value: ({ address, attribute }) => `${address}: ${attribute} cannot stand in a policy`,
  foreign_resource: ({ address, attribute }) => `${address}: ${attribute} is of another account`,
  unnamed_resource: ({ address, attribute }) =>
    `${address}: without ${attribute} nothing says which resource it is`,
  grants_privileges: ({ address, actions, how }) =>
    `${address}: gives rights to others (${how ?? actions.join(', ')}), whatever stands in it`,
  unbounded_action: ({ address, actions }) =>
    `${address}: AWS allows ${actions.join(', ')} on everything or on nothing`,
  unknown_action: ({ address }) => `${address}: what would be done is not known`,
  deferred: ({ address }) => `${address}: is put off to a later plan`,
  invokes: ({ address }) => `${address}: invokes an action`,
  not_aws: ({ address, provider }) => `${address}: ${provider} is not AWS`,
  assumes_role: ({ provider, role }) =>
    role === null
      ? `${provider}: goes on to a role that the plan does not name`
      : `${provider}: goes on to ${role}, which has rights of its own`,
  own_credentials: ({ provider }) => `${provider}: brings credentials of its own`,
  unknown_account: () => 'The account is not known',
  unclear_state: ({ setting }) => `The backend does not say its ${setting}, so neither which state`,
  incomplete: () => 'The plan is not whole',
  too_long: ({ characters }) => `The policy has ${characters} characters, and AWS takes 2,048`,
  nothing_known: () => 'Nothing of this plan is known to need AWS',
}

export function narrowingText(reason: NotNarrowed): string {
  return write(WRITERS, reason)
}

/** Lets each entry of the table speak of its own reason. */
function write<C extends NotNarrowed['code']>(
  writers: { readonly [K in C]: (reason: Extract<NotNarrowed, { code: K }>) => string },
  reason: Extract<NotNarrowed, { code: C }>,
): string {
  return writers[reason.code](reason)
}
