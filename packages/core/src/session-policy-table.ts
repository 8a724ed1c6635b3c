/**
 * What the calls of a resource type are and on which resources they act, as data. The table is an
 * argument: it is generated from a maintained list of AWS's actions and from what the providers do.
 *
 * An action is written `sqs:CreateQueue`, or `iam:PassRole?iam:PassedToService=ecs.amazonaws.com`
 * where it is given under a condition.
 */
/** Actions by the name of the resource in `arns` that they act on; `*` where AWS knows none. */
export interface IamCalls {
  readonly [resource: string]: readonly string[]
}

/** What a change may call for: making, settling what was made, reading back, changing, removing. */
export const CALL_KINDS = ['create', 'settle', 'read', 'update', 'tag', 'delete'] as const
export type CallKind = (typeof CALL_KINDS)[number]

/** Calls that an attribute brings, on what it names or on a resource of `arns`. */
export interface IamExtra {
  readonly attribute: string
  /** Only when the attribute has this value; `null` is any that is set. */
  readonly value: boolean | string | null
  /** AWS decides it where nobody does: undecided counts only where it refers to something. */
  readonly computed: boolean
  /** Kinds of calls, of `CALL_KINDS`. */
  readonly kinds: readonly string[]
  /** A name in `arns`, or `=`: the attribute's own value is the ARN, or a list of them. */
  readonly on: string
  readonly actions: readonly string[]
}

export interface IamType {
  /**
   * ARNs by a name; `self` is the resource. `{@partition}`, `{@region}`, `{@account}` come from the
   * target, `{name}` from an attribute, `{!id}` is invented by the cloud, `{a|b}` is the first that
   * is there, `{a:last}` takes what stands behind the last `/` or `:`, `{a:bare}` a leading `/`.
   */
  readonly arns: { readonly [name: string]: string }
  /** Attributes that may hold the exact ARN of `self`. */
  readonly exact: readonly string[]
  readonly calls: { readonly [Kind in CallKind]: IamCalls }
  readonly extras: readonly IamExtra[]
  /** Kinds of change that are never called narrowed, whatever the actions are, and in what words. */
  readonly privileged: { readonly [Kind in CallKind]?: string }
}

export interface IamTable {
  /** The maintained list it was made from, with its version. */
  readonly source: string
  readonly types: { readonly [type: string]: IamType }
  /** Actions by which somebody gets rights: never called narrowed. */
  readonly privileges: readonly string[]
  /** A pattern and every action that it matches: all read settings of one resource type. */
  readonly families: { readonly [pattern: string]: readonly string[] }
  /** Providers that act on the runner alone. */
  readonly harmless: readonly string[]
}
