/** The rows of the route table about who one is: signing in, passkeys, invitations, terminals. */

import { identityPaths as paths } from './identity-paths.ts'
import * as identity from './identity-schemas.ts'
import { Empty } from './inputs.ts'
import * as lending from './lending-schemas.ts'
import { type Route, route } from './route.ts'
import { Whoami } from './views.ts'

export const identityRoutes = {
  signInWays: route({
    ...paths.signInWays,
    summary: 'How one may sign in here.',
    access: 'none',
    reply: identity.SignInWays,
  }),
  beginSignIn: route({
    ...paths.beginSignIn,
    summary: 'A nonce for signing in with a passkey. Good for five minutes, once.',
    access: 'none',
    body: Empty,
    reply: identity.SignInBegun,
  }),
  signIn: route({
    ...paths.signIn,
    summary: 'Signs in with a passkey, which names the person.',
    access: 'none',
    body: identity.PasskeySignIn,
    reply: Whoami,
  }),
  beginWelcome: route({
    ...paths.beginWelcome,
    summary: 'The link of the first start: what to ask the authenticator for.',
    access: 'none',
    body: identity.BeginWelcome,
    reply: identity.EnrolmentBegun,
  }),
  welcome: route({
    ...paths.welcome,
    summary: 'The first person, who administers, with their first passkey.',
    access: 'none',
    body: identity.Welcome,
    reply: Whoami,
  }),
  keys: route({
    ...paths.keys,
    summary: 'Your own passkeys.',
    access: 'read',
    reply: identity.Keys,
  }),
  beginKey: route({
    ...paths.beginKey,
    summary: 'What to ask the authenticator for, to add a passkey of yours.',
    access: 'write',
    body: Empty,
    reply: identity.EnrolmentBegun,
  }),
  registerKey: route({
    ...paths.registerKey,
    summary: 'A new passkey of yours; a further one is then vouched for by an earlier one.',
    access: 'write',
    body: identity.RegisterKey,
    reply: identity.KeyRegistered,
  }),
  vouchKey: route({
    ...paths.vouchKey,
    summary: 'An earlier passkey of yours signs for the new one.',
    access: 'write',
    body: identity.VouchKey,
    reply: identity.KeyAdded,
  }),
  revokeKey: route({
    ...paths.revokeKey,
    summary: 'A passkey counts no more: your own, or as an admin anybody’s.',
    access: 'write',
    body: identity.RevokeKey,
    reply: Empty,
  }),
  sessions: route({
    ...paths.sessions,
    summary: 'Where you are signed in.',
    access: 'read',
    reply: identity.Sessions,
  }),
  endSession: route({
    ...paths.endSession,
    summary: 'Signs you out in one place.',
    access: 'write',
    body: identity.EndSession,
    reply: Empty,
  }),
  signOutEverywhere: route({
    ...paths.signOutEverywhere,
    summary: 'Signs you out everywhere, here too.',
    access: 'write',
    body: Empty,
    reply: Empty,
  }),
  endSessionsOf: route({
    ...paths.endSessionsOf,
    summary: 'An admin signs somebody out everywhere.',
    access: 'write',
    body: identity.EndSessionsOf,
    reply: Empty,
  }),
  invites: route({
    ...paths.invites,
    summary: 'Invitations that are open.',
    access: 'read',
    reply: identity.Invites,
  }),
  beginInvite: route({
    ...paths.beginInvite,
    summary: 'The statement that an admin’s passkey signs to bring somebody in.',
    access: 'write',
    body: identity.BeginInvite,
    reply: identity.InviteBegun,
  }),
  invite: route({
    ...paths.invite,
    summary: 'Adds the person; whoever has the link may enrol their first passkey.',
    access: 'write',
    body: identity.SignInvite,
    reply: identity.InviteView,
  }),
  cancelInvite: route({
    ...paths.cancelInvite,
    summary: 'The link is good for nothing any more. The person stays.',
    access: 'write',
    body: identity.CancelInvite,
    reply: Empty,
  }),
  beginAccept: route({
    ...paths.beginAccept,
    summary: 'What an invitation says, and what to ask the authenticator for.',
    access: 'none',
    body: identity.BeginAccept,
    reply: identity.AcceptBegun,
  }),
  accept: route({
    ...paths.accept,
    summary: 'The invited person’s first passkey; the link is used up.',
    access: 'none',
    body: identity.Accept,
    reply: Whoami,
  }),
  lending: route({
    ...paths.lending,
    summary: 'Who stands in for you, and for whom you stand in.',
    access: 'read',
    reply: lending.LendingView,
  }),
  lend: route({
    ...paths.lend,
    summary: 'Lends your own approvals in a team, or in all of yours, until a time.',
    access: 'write',
    body: lending.Lend,
    reply: lending.LendingView,
  }),
  endLending: route({
    ...paths.endLending,
    summary: 'Ends what you lent, at once.',
    access: 'write',
    body: lending.EndLending,
    reply: lending.LendingView,
  }),
  terminals: route({
    ...paths.terminals,
    summary: 'Your own terminals that are connected.',
    access: 'read',
    reply: identity.Terminals,
  }),
  endTerminal: route({
    ...paths.endTerminal,
    summary: 'Disconnects a terminal of yours.',
    access: 'write',
    body: identity.EndTerminal,
    reply: Empty,
  }),
  findTerminal: route({
    ...paths.findTerminal,
    summary: 'The terminal that shows this code and waits to be connected (RFC 8628).',
    access: 'write',
    body: identity.FindTerminal,
    reply: identity.TerminalView,
  }),
  answerTerminal: route({
    ...paths.answerTerminal,
    summary: 'Connects the terminal to you, or refuses it.',
    access: 'write',
    body: identity.AnswerTerminal,
    reply: identity.TerminalAnswered,
  }),
} as const satisfies { readonly [N in keyof typeof paths]: Route }
