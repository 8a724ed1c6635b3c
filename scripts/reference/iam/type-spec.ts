/**
 * How a resource type of Terraform is written down by hand: which resource of AWS it is, where its
 * name comes from, and by which actions the provider makes, reads, changes and removes it. What an
 * action acts on, its level and the form of the ARN come from the maintained list.
 */
import type { CallKind, IamExtra } from '@holdpoint/core'

export interface ResourceSpec {
  /** `service/resource type` of the maintained list. */
  readonly is: string
  /** Variable of the ARN → attribute, as `IamType.arns` explains. */
  readonly parts: { readonly [variable: string]: string }
}

export interface TypeSpec extends ResourceSpec {
  /** Other resources that the calls act on, by a name for `@`. */
  readonly also?: { readonly [name: string]: ResourceSpec }
  readonly exact?: readonly string[]
  /**
   * Actions, with a space between: `CreateQueue`, `ec2:CreateTags?…` of another service or under a
   * condition, `Subscribe@topic` on another resource than its own, `AddTags!` where the
   * maintained list does not know that the action reaches this resource.
   */
  readonly create?: string
  readonly settle?: string
  readonly read?: string
  readonly update?: string
  readonly tag?: string
  readonly delete?: string
  readonly extras?: readonly ExtraSpec[]
  readonly privileged?: Privileged
}

export type ExtraSpec = IamExtra & { readonly kinds: readonly CallKind[] }

/** Always, or by kind; in words for the page. */
export type Privileged = string | { readonly [kind: string]: string }

export type TypeSpecs = { readonly [type: string]: TypeSpec }

export const RUNS_CODE = 'runs code with a role of its own'

/** Passing a role lets whoever takes it act with it. */
export function passes(
  attribute: string,
  service: string,
  kinds: ExtraSpec['kinds'] = ['create', 'update'],
): ExtraSpec {
  const actions = [`iam:PassRole?iam:PassedToService=${service}.amazonaws.com`]
  return { attribute, value: null, computed: false, kinds, on: '=', actions }
}

/**
 * A key of one's own, which the caller has to be permitted to use. A key that is named by its id
 * gives no policy: an ARN would have to be guessed.
 */
export function encryptedBy(attribute: string, ...actions: readonly string[]): ExtraSpec {
  const kinds = ['create', 'update'] as const
  return { attribute, value: null, computed: true, kinds, on: '=', actions }
}

export const USES_KEY = ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'] as const
export const GIVES_KEY = ['kms:CreateGrant', ...USES_KEY] as const
