/**
 * Which fields of a change this version does not know. Readers keep in `extra` whatever has no
 * place of its own; what the tools document is named here, and everything else is told to people,
 * because a change that says more than is shown may do more than is shown.
 */

import { type Phrase, plain, say } from '../phrase.ts'
import type { ResourceChange } from '../plan.ts'

/** Terraform writes identities since 1.12; `after` is kept where the tool contradicts itself. */
const TERRAFORM = ['change.before_identity', 'change.after_identity', 'change.after']

const CLOUDFORMATION = [
  'Details',
  'Scope',
  'PhysicalResourceId',
  'ChangeSetId',
  'ModuleInfo',
  'ResourceDriftStatus',
  'ResourceDriftIgnoredAttributes',
  'PreviousDeploymentContext',
  'entry.HookInvocationCount',
]

const PULUMI_STEP = ['logical', 'keys', 'diffs', 'diffReasons', 'replaceReasons', 'detailedDiff']
const PULUMI_STATE = [
  'additionalSecretOutputs',
  'aliases',
  'custom',
  'customTimeouts',
  'delete',
  'deletedWith',
  'dependencies',
  'external',
  'hideDiff',
  'id',
  'ignoreChanges',
  'importID',
  'initErrors',
  'outputs',
  'parent',
  'pendingReplacement',
  'propertyDependencies',
  'protect',
  'provider',
  'refreshBeforeUpdate',
  'replaceOnChanges',
  'replacementTrigger',
  'replaceWith',
  'resourceHooks',
  'retainOnDelete',
  'taint',
  'viewOf',
]

/** The three spell their fields so differently that one list serves. */
const KNOWN: ReadonlySet<string> = new Set([
  ...TERRAFORM,
  ...CLOUDFORMATION,
  ...PULUMI_STEP,
  // What the other steps of one resource say, kept by its reader.
  'steps',
  ...PULUMI_STATE.flatMap((name) => [`old.${name}`, `new.${name}`]),
])

/** In order; the names are the plan's and hostile until rendered. */
export function unknownFieldsOf({ extra }: ResourceChange): readonly string[] {
  return Object.keys(extra)
    .filter((name) => !KNOWN.has(name))
    .toSorted()
}

const NAMED_MAX = 10

/** `2 fields this version does not know: x, y`; nothing where there are none. */
export function unknownFieldsWords(change: ResourceChange): Phrase {
  const names = unknownFieldsOf(change)
  if (names.length === 0) return []
  const noun = names.length === 1 ? 'field' : 'fields'
  const rest = names.length - NAMED_MAX
  return [
    ...plain(`${names.length} ${noun} this version does not know: `),
    ...say`${names.slice(0, NAMED_MAX).join(', ')}`,
    ...plain(rest > 0 ? ` and ${rest} more` : ''),
  ]
}
