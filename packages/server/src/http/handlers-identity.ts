/** Who one is: signing in, passkeys, invitations and terminals. */
import type { Services } from '../services.ts'
import { inviteHandlers } from './handlers-invites.ts'
import { keyHandlers } from './handlers-keys.ts'
import { lendingHandlers } from './handlers-lending.ts'
import { signInHandlers } from './handlers-sign-in.ts'
import { terminalHandlers } from './handlers-terminals.ts'

export function identityHandlers(services: Services) {
  return {
    ...signInHandlers(services),
    ...keyHandlers(services),
    ...inviteHandlers(services),
    ...lendingHandlers(services),
    ...terminalHandlers(services),
  }
}
