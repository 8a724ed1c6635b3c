/** Signing in, passkeys, invitations and terminals: who answers each row. */
import type { Services } from '../services.ts'
import { type Handlers, refused } from './handler.ts'

type IdentityHandlers = Pick<
  Handlers,
  | 'signInWays'
  | 'beginSignIn'
  | 'signIn'
  | 'beginWelcome'
  | 'welcome'
  | 'keys'
  | 'beginKey'
  | 'registerKey'
  | 'vouchKey'
  | 'revokeKey'
  | 'sessions'
  | 'endSession'
  | 'signOutEverywhere'
  | 'endSessionsOf'
  | 'invites'
  | 'beginInvite'
  | 'invite'
  | 'cancelInvite'
  | 'beginAccept'
  | 'accept'
  | 'findTerminal'
  | 'answerTerminal'
>

export function identityHandlers(_services: Services): IdentityHandlers {
  const notYet = async () => refused({ code: 'not_found', what: 'way to sign in' })
  return {
    signInWays: notYet,
    beginSignIn: notYet,
    signIn: notYet,
    beginWelcome: notYet,
    welcome: notYet,
    keys: notYet,
    beginKey: notYet,
    registerKey: notYet,
    vouchKey: notYet,
    revokeKey: notYet,
    sessions: notYet,
    endSession: notYet,
    signOutEverywhere: notYet,
    endSessionsOf: notYet,
    invites: notYet,
    beginInvite: notYet,
    invite: notYet,
    cancelInvite: notYet,
    beginAccept: notYet,
    accept: notYet,
    findTerminal: notYet,
    answerTerminal: notYet,
  }
}
