/**
 * What a tool found, with its hidden values under a key of the server's: that of an earlier change
 * of the same person where everything is equal to it, so that it goes on with its approvals, else
 * that of the new change.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import {
  type ChangeId,
  canonicalText,
  encodePlan,
  type Hide,
  inputDocument,
  keyedHide,
  type Plan,
  sourceDocument,
} from '@holdpoint/core'
import type { Facts } from './facts.ts'
import type { Evidence, Reserved } from './tool.ts'

export interface HiddenPlan {
  /** Redacted. */
  readonly plan: Plan
  readonly facts: Facts
}

export interface UnderKey extends HiddenPlan {
  readonly hide: Hide
  readonly continues: ChangeId | null
  readonly evidence: Evidence
}

export function hideUnder(
  { hidingKey, previous }: Pick<Reserved, 'hidingKey' | 'previous'>,
  hidden: (hide: Hide) => HiddenPlan,
): UnderKey {
  if (previous !== null) {
    const hide = keyedHide(previous.hidingKey, nodePrimitives)
    const again = hidden(hide)
    if (again.facts.binding.fingerprint === previous.fingerprint)
      return { ...again, hide, continues: previous.change, evidence: evidenceOf(again) }
  }
  const hide = keyedHide(hidingKey, nodePrimitives)
  const own = hidden(hide)
  return { ...own, hide, continues: null, evidence: evidenceOf(own) }
}

function evidenceOf({ plan, facts }: HiddenPlan): Evidence {
  return {
    plan: canonicalText(encodePlan(plan)),
    source: canonicalText(sourceDocument(facts.source)),
    inputs: canonicalText(inputDocument(facts.inputs)),
  }
}
