/** The refusals of credentials, each in three sentences. */

const NOT_LIVE = {
  not_started: {
    detail: 'Nothing was started yet, so there is no grant that a credential could belong to.',
    remedy: 'Wait for the release and start the change; the runner asks by itself.',
  },
  finished: {
    detail: 'The change has an outcome, and its grant ended with it.',
    remedy: 'Open another change with holdpoint apply.',
  },
  revoked: {
    detail: 'Somebody revoked this grant; only the state can still be saved.',
    remedy: 'Look at the change to see who did and why, then open another one.',
  },
  expired: {
    detail: 'The time of this grant is up; only the state can still be saved, for ten minutes.',
    remedy: 'Open another change, in smaller parts where one apply takes longer than an hour.',
  },
} as const

export type CredentialRefusal =
  | { readonly code: 'grant_not_live'; readonly why: keyof typeof NOT_LIVE }
  /** Each request counts up, so that one that was overheard is worth nothing. */
  | { readonly code: 'asked_before' }
  | { readonly code: 'connection_changed'; readonly connection: string }
  | { readonly code: 'no_plan_credentials'; readonly connection: string }
  | {
      readonly code: 'grant_too_short'
      readonly secondsMin: number
      readonly secondsLeft: number
    }
  /** The cloud's own answer in our words; never a token, and nothing that was sent. */
  | {
      readonly code: 'cloud_refused'
      readonly connection: string
      readonly because: string
    }
  | { readonly code: 'too_large_for_cloud'; readonly connection: string }

interface Words {
  readonly title: string
  readonly detail: string
  readonly remedy: string
}

export const CREDENTIAL_WORDS: {
  readonly [C in CredentialRefusal['code']]: (
    refusal: Extract<CredentialRefusal, { readonly code: C }>,
  ) => Words
} = {
  grant_not_live: ({ why }) => ({ title: 'No credentials', ...NOT_LIVE[why] }),
  asked_before: () => ({
    title: 'This request was answered before',
    detail: 'Each request for credentials counts up; an earlier number was sent again.',
    remedy: 'Nothing to do where the run goes on; else run holdpoint apply again.',
  }),
  connection_changed: ({ connection }) => ({
    title: 'The connection is not what was approved',
    detail: `${connection} was set anew after this change was evaluated.`,
    remedy: 'Wait for the new evaluation; whoever approved looks again at what is granted.',
  }),
  no_plan_credentials: ({ connection }) => ({
    title: 'No credentials for planning',
    detail: `${connection} has no identity for planning.`,
    remedy: 'An admin names a read-only one: holdpoint access connection set … --plan.',
  }),
  grant_too_short: ({ secondsMin, secondsLeft }) => ({
    title: 'Too little time is left',
    detail: `Credentials of this cloud live ${secondsMin} s at least, and ${secondsLeft} s are left.`,
    remedy: 'Open another change: its grant is good for an hour.',
  }),
  cloud_refused: ({ connection, because }) => ({
    title: 'The cloud gives no credentials',
    detail: `${connection}: ${because}.`,
    remedy: 'holdpoint doctor --cloud shows which trust is wrong and how to mend it.',
  }),
  too_large_for_cloud: ({ connection }) => ({
    title: 'What would be granted is too large for the cloud',
    detail: `${connection}: the session policy and its tags do not fit together.`,
    remedy: 'Make the change smaller, in two parts; it is never granted without the policy.',
  }),
}
