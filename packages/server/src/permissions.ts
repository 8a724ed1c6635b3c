/**
 * Which permission each command needs, in one exhaustive table, and what is answered without it:
 * what one may not see does not exist, what one may see but not do is not permitted.
 */
import {
  type Access,
  type AccessAction,
  type Actor,
  type Ask,
  type ChangeCommand,
  type ChangeCommandType,
  permits,
  type Refusal,
  whoMay,
} from '@holdpoint/core'

export const ACTION_OF: { readonly [C in ChangeCommandType]: AccessAction } = {
  open: 'open_change',
  record_evaluation: 'record',
  approve: 'decide_change',
  reject: 'decide_change',
  take_back: 'decide_change',
  adopt: 'open_change',
  withdraw: 'withdraw_change',
  start: 'execute_change',
  refuse_start: 'execute_change',
  finish: 'execute_change',
  lose: 'record',
  resolve_outcome: 'resolve_outcome',
  supersede: 'record',
  expire: 'record',
}

export interface Asked {
  readonly access: Access
  readonly actor: Actor
  readonly ask: Ask
}

/** `hidden` is what `not_found` names; `null` where existence is no secret. */
export function permissionProblem(asked: Asked, hidden: string | null): Refusal | null {
  const { access, actor, ask } = asked
  if (hidden !== null && !permits(access, actor, { ...ask, action: 'see_change' }))
    return { code: 'not_found', what: hidden }
  if (permits(access, actor, ask)) return null
  return { code: 'not_permitted', action: ask.action, needs: whoMay(ask.action) }
}

/** A command that names who acts must name the one who sent it: nobody speaks for another. */
export function isOwnName(actor: Actor, command: ChangeCommand): boolean {
  switch (command.type) {
    case 'open':
      return actor.kind !== 'system' && command.opened.requester.id === actor.id
    case 'approve':
    case 'reject':
      return (
        actor.kind === 'person' &&
        command.person === actor.id &&
        command.assurance === actor.assurance
      )
    case 'take_back':
    case 'resolve_outcome':
      return actor.kind === 'person' && command.person === actor.id
    default:
      return true
  }
}
