/** One change of one type, and what a plan of it gives or opens, in sentences. */
import { givenEntry, givenPlan } from '../../../test/fixtures/terraform-given.ts'
import { blastRadius } from '../src/blast-radius.ts'
import { offlineHide } from '../src/hiders.ts'
import { phraseText } from '../src/phrase.ts'
import type { Plan } from '../src/plan.ts'
import { redact } from '../src/redact.ts'

type Fields = Readonly<Record<string, unknown>>

/** `area kind: sentence` of one change; null is what is not there. */
export function widenings(type: string, { before, after, ...more }: Fields): readonly string[] {
  const actions = before === null ? ['create'] : after === null ? ['delete'] : ['update']
  const change = { actions, before, after, ...more }
  return said(givenPlan({ resource_changes: [givenEntry(change, { type, address: `${type}.x` })] }))
}

export function said(plan: Plan): readonly string[] {
  const redacted = redact(plan, offlineHide)
  return blastRadius(redacted, () => false).widenings.map(
    (each) => `${each.area} ${each.kind}: ${phraseText(each.says)}`,
  )
}
