/** The refusals of signing in, passkeys, invitations and terminals, each in three sentences. */

/**
 * Why a sign-in by the identity provider ended without one. The sign-in page is told the name in its
 * address (`?problem=removed`) and never a sentence, which a stranger could write there.
 */
export const SIGN_IN_PROBLEMS = {
  too_late: 'it was not begun in this browser, was used before, or took too long',
  removed: 'you were removed here',
  not_added: 'nobody here is known by this account, and signing in adds nobody',
  provider_answer: 'what the identity provider answered is not what was asked of it',
  provider_silent: 'the identity provider does not answer',
  failed: 'it could not be recorded',
} as const
export type SignInProblem = keyof typeof SIGN_IN_PROBLEMS

export type IdentityRefusal =
  | { readonly code: 'sign_in_refused'; readonly because: string }
  | { readonly code: 'passkey_refused'; readonly because: string }
  | { readonly code: 'fresh_sign_in_needed'; readonly minutesMax: number }
  | { readonly code: 'link_used_up'; readonly link: 'welcome' | 'invitation' }
  | { readonly code: 'unknown_code' }
  | { readonly code: 'last_admin' }
  | { readonly code: 'too_many_tries'; readonly minutes: number }

interface Words {
  readonly title: string
  readonly detail: string
  readonly remedy: string
}

export const IDENTITY_WORDS: {
  readonly [C in IdentityRefusal['code']]: (
    refusal: Extract<IdentityRefusal, { readonly code: C }>,
  ) => Words
} = {
  sign_in_refused: ({ because }) => ({
    title: 'You are not signed in',
    detail: `The sign-in was not accepted: ${because}.`,
    remedy: 'Try again from the sign-in page; if it is refused again, ask an administrator.',
  }),
  passkey_refused: ({ because }) => ({
    title: 'This passkey was not added',
    detail: `It was not accepted: ${because}.`,
    remedy: 'Begin again, with a device that asks for your finger, face or PIN.',
  }),
  fresh_sign_in_needed: ({ minutesMax }) => ({
    title: 'Sign in again first',
    detail: `Your first passkey needs a sign-in that is younger than ${minutesMax} minutes.`,
    remedy: 'Sign out, sign in, and add the passkey at once.',
  }),
  link_used_up: ({ link }) =>
    link === 'welcome'
      ? {
          title: 'This link is good for nothing any more',
          detail:
            'It was used, a newer one was made, it is older than a day, or somebody ' +
            'administers this server already.',
          remedy: 'While nobody administers it, each start of the server prints a new link.',
        }
      : {
          title: 'This invitation is good for nothing any more',
          detail: 'It was used, cancelled or replaced, or it is older than seven days.',
          remedy: 'Ask whoever invited you for a new one.',
        },
  unknown_code: () => ({
    title: 'No terminal waits with that code',
    detail: 'It was mistyped, answered already, or it is older than ten minutes.',
    remedy: 'Look at the terminal, and run holdpoint login again if it stopped waiting.',
  }),
  last_admin: () => ({
    title: 'The last administrator stays',
    detail: 'Nobody else administers this server, so nobody could let anybody in again.',
    remedy: 'Give somebody else the role admin for everything, then take this person away.',
  }),
  too_many_tries: ({ minutes }) => ({
    title: 'Too many tries',
    detail: 'Too many were begun or missed in a short time.',
    remedy: `Wait ${minutes} minutes, then try again.`,
  }),
}
