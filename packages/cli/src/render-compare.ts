/** How one plan differs from another, on the terminal; see core's plan-difference. */
import { storesData } from '@holdpoint/api/stored-data'
import {
  ACTION_VERBS,
  differentWords,
  type Plan,
  type Primitives,
  phraseText,
  planDifference,
} from '@holdpoint/core'
import { counted, safe } from './render-text.ts'

const ROWS_MAX = 8

export function comparePlans(before: Plan, after: Plan, primitives: Primitives): readonly string[] {
  const difference = planDifference(before, after, { primitives, storesData })
  const { added, different, gone, same, sameButHidden } = difference
  const all = [
    ...added.map((each) => `+ now also ${ACTION_VERBS[each.action]} ${safe(each.address)}`),
    ...different.map(
      (each) => `~ ${safe(each.now.address)}  ${safe(phraseText(differentWords(each)))}`,
    ),
    ...gone.map((each) => `- no longer ${ACTION_VERBS[each.action]} ${safe(each.address)}`),
  ]
  const rest = all.length - ROWS_MAX
  return [
    ...all.slice(0, ROWS_MAX),
    ...(rest > 0 ? [`and ${counted(rest, 'more difference')}`] : []),
    ...sameLines(same, sameButHidden),
  ]
}

function sameLines(same: number, hidden: number): readonly string[] {
  if (same === 0) return []
  const line = `the other ${counted(same, 'change')} ${same === 1 ? 'is' : 'are'} identical`
  if (hidden === 0) return [line]
  return [`${line}, but for hidden values of ${hidden}, which cannot be compared`]
}
