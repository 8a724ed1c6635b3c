/** Who asks. There is no ambient authority: every command names its actor. */
import type { PersonId, TokenId, WorkspaceId } from './ids.ts'
import type { Assurance } from './verdict.ts'

/** What a token may do. `decide` is not among them and never will be (DESIGN §6). */
export const VERBS = ['open', 'execute', 'read'] as const
export type Verb = (typeof VERBS)[number]

export type Actor =
  /** `token`: their terminal asks, which opens and watches and never decides (threat C4). */
  | {
      readonly kind: 'person'
      readonly id: PersonId
      readonly assurance: Assurance | 'token'
    }
  | {
      readonly kind: 'token'
      readonly id: TokenId
      readonly verbs: readonly Verb[]
      readonly workspaces: readonly WorkspaceId[] | 'all'
    }
  /** The token of the first start: access and policy commands, nothing else. */
  | { readonly kind: 'admin_token'; readonly id: TokenId }
  | { readonly kind: 'system' }

/** What an entry says of the actor: kind and id, nothing that names a person. */
export interface ActorRef {
  readonly kind: Actor['kind']
  readonly id: PersonId | TokenId | null
}

export function refOf(actor: Actor): ActorRef {
  return { kind: actor.kind, id: actor.kind === 'system' ? null : actor.id }
}

export const SYSTEM: Actor = { kind: 'system' }
