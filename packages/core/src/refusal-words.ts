/**
 * Actions, commands and statuses as they stand in a sentence. Only for people: programs read codes,
 * and nothing is decided by these words.
 */
import type { AccessAction } from './access.ts'
import type { Status } from './change.ts'
import type { ChangeCommandType } from './change-commands.ts'

/** After "You may not …". */
const ACTIONS: { readonly [A in AccessAction]: string } = {
  see_change: 'see changes here',
  read_plan: 'read plans here',
  read_hidden: 'read what hidden rules found here',
  open_change: 'open changes here',
  withdraw_change: 'withdraw changes here',
  decide_change: 'approve or reject changes here',
  execute_change: 'apply changes here',
  break_glass: 'break the glass here',
  revoke_grant: 'revoke grants here',
  resolve_outcome: 'say what became of changes here',
  read_log: 'read the audit log',
  read_policy: 'read the policy',
  change_policy: 'change the policy',
  read_access: 'read who may do what',
  change_access: 'change who may do what',
  manage_own: 'manage this; it is about somebody else',
  record: 'record this; only the server itself does',
}

export function actionWords(action: AccessAction): string {
  return ACTIONS[action]
}

/** After "The change …", and after "A change that …". */
const STATUSES: { readonly [S in Status]: string } = {
  evaluating: 'is still being evaluated',
  held: 'is held',
  released: 'is released',
  executing: 'is being applied',
  applied: 'is applied',
  failed: 'has failed',
  outcome_unknown: 'has an unknown outcome',
  denied: 'is denied',
  rejected: 'is rejected',
  expired: 'has expired',
  superseded: 'is superseded',
  withdrawn: 'is withdrawn',
}

export function statusWords(status: Status): string {
  return STATUSES[status]
}

/** After "… cannot". */
const COMMANDS: { readonly [C in ChangeCommandType]: string } = {
  open: 'be opened again',
  record_evaluation: 'be evaluated',
  approve: 'be approved',
  reject: 'be rejected',
  take_back: 'have an approval taken back',
  break_glass: 'have its glass broken',
  review_glass: 'have its broken glass reviewed yet',
  adopt: 'be taken over by another run',
  withdraw: 'be withdrawn',
  start: 'be started',
  refuse_start: 'be refused at its start',
  finish: 'be finished',
  issue_credentials: 'be given credentials',
  revoke_grant: 'have its grant revoked',
  lose: 'be given up as lost',
  resolve_outcome: 'be given an outcome',
  supersede: 'be superseded',
  expire: 'expire',
}

export function commandWords(command: ChangeCommandType): string {
  return COMMANDS[command]
}

/** `a token`, `an admin token`. */
export function oneOf(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
}
