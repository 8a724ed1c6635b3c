/**
 * What is answered to who lacks the permission that a command needs (core: ACTION_OF): what one may
 * not see does not exist, what one may see but not do is not permitted.
 */
import {
  type Access,
  type Actor,
  type Ask,
  type ChangeCommand,
  permits,
  type Refusal,
  whoMay,
} from '@holdpoint/core'

export interface Asked {
  readonly access: Access
  readonly actor: Actor
  readonly ask: Ask
}

/**
 * `hidden` is what `not_found` names; `null` where existence is no secret. Who may do it may know
 * that it is there: an operator stops what runs without the right to look into it.
 */
export function permissionProblem(asked: Asked, hidden: string | null): Refusal | null {
  const { access, actor, ask } = asked
  if (permits(access, actor, ask)) return null
  if (hidden !== null && !permits(access, actor, { ...ask, action: 'see_change' }))
    return { code: 'not_found', what: hidden }
  return refusalOf(asked)
}

/** A person whose terminal asks is told so where the page would have been let. */
export function refusalOf({ access, actor, ask }: Asked): Refusal {
  const { action } = ask
  const isTerminal = actor.kind === 'person' && actor.assurance === 'token'
  return isTerminal && permits(access, { ...actor, assurance: 'session' }, ask)
    ? { code: 'not_from_a_terminal', action }
    : { code: 'not_permitted', action, needs: whoMay(action) }
}

/** A command that names who acts must name the one who sent it: nobody speaks for another. */
export function isOwnName(actor: Actor, command: ChangeCommand): boolean {
  switch (command.type) {
    case 'open':
      return actor.kind !== 'system' && command.opened.requester.id === actor.id
    case 'approve':
    case 'reject':
    case 'break_glass':
    case 'review_glass':
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
