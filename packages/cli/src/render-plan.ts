/** Plans on the terminal: the headline of counts, the rows, and what the rules say of them. */
import {
  DANGER_ORDER,
  type Evaluation,
  HIDDEN_RULE,
  headline,
  opaqueInPlan,
  type Plan,
  planWarnings,
  type Requirement,
  type Slot,
  type Summary,
} from '@holdpoint/core'
import { reachLines } from './render-reach.ts'
import { type Manner, resourceRows } from './render-resources.ts'
import { counted, duration, safe } from './render-text.ts'

export interface Inspected {
  readonly plan: Plan
  readonly summary: Summary
  readonly digest: string
}

export function renderInspected(inspected: Inspected, manner: Manner): readonly string[] {
  const { plan, summary, digest } = inspected
  return [
    manner.ink('bold', headline(plan, summary)),
    plannedLine(`${plan.tool} ${safe(plan.toolVersion)}`.trim(), plan, summary),
    ...resourceRows(plan, manner),
    ...reachLines(plan, manner),
    ...warningLines(plan, manner),
    `Digest ${digest}`,
  ]
}

/** What the tool says of the plan as a whole: that it is not complete, for example. */
export function warningLines(plan: Plan, { ink }: Manner): readonly string[] {
  return planWarnings(plan).map((warning) => `${ink('amber', '!')} ${safe(warning)}`)
}

/** `Planned  payments/prod   1 delete  1 replace  3 update   1 hidden  4 at apply`. */
export function plannedLine(place: string, plan: Plan, summary: Summary): string {
  const counts = plannedCounts(summary)
  const parts = [
    `Planned  ${place}`,
    counts.length === 0 ? 'no changes' : counts.join('  '),
    plannedMarks(plan).join('  '),
  ]
  return parts.filter((part) => part !== '').join('   ')
}

/** In order of danger: `1 delete`, `3 update`. */
export function plannedCounts(summary: Summary): readonly string[] {
  const counts = DANGER_ORDER.flatMap((action) => {
    const count = summary[action]
    return count === 0 || action === 'noop' ? [] : [`${count} ${action}`]
  })
  return [
    ...counts,
    ...(summary.invoke === 0 ? [] : [`${summary.invoke} invoke`]),
    ...(summary.deferred === 0 ? [] : [`${summary.deferred} deferred`]),
  ]
}

/** What nobody can see: `1 hidden`, `4 at apply`. */
export function plannedMarks(plan: Plan): readonly string[] {
  const { hidden, unknown } = opaqueInPlan(plan)
  return [
    ...(hidden === 0 ? [] : [`${hidden} hidden`]),
    ...(unknown === 0 ? [] : [`${unknown} at apply`]),
  ]
}

export function renderEvaluated(
  evaluated: Inspected & { readonly evaluation: Evaluation },
  manner: Manner,
): readonly string[] {
  const { plan, summary, evaluation } = evaluated
  return [
    manner.ink('bold', headline(plan, summary)),
    plannedLine(`${plan.tool} ${safe(plan.toolVersion)}`.trim(), plan, summary),
    ...resourceRows(plan, manner),
    ...reachLines(plan, manner),
    ...verdictLines(evaluation, manner),
  ]
}

/** The outcome is the last line of a hold too: what it needs. */
export function verdictLines(evaluation: Evaluation, manner: Manner): readonly string[] {
  const { ink } = manner
  const label = VERDICT[evaluation.verdict]
  const word = ink(label.hue, label.word)
  if (evaluation.verdict === 'allow') {
    const by = safe(evaluation.allowedBy ?? 'default')
    return [`${word}  by ${by}   good for ${duration(evaluation.allowForSeconds * 1000)}`]
  }
  const findings = findingLines(evaluation.findings, label.word.length, word)
  const needs =
    evaluation.requirement === null ? [] : [`      needs  ${needText(evaluation.requirement)}`]
  return [...findings, ...needs]
}

const VERDICT = {
  allow: { word: 'Allowed', hue: 'green' },
  hold: { word: 'HELD', hue: 'amber' },
  deny: { word: 'DENIED', hue: 'red' },
} as const

const RESOURCES_NAMED = 3

export function findingLines(
  findings: Evaluation['findings'],
  indent: number,
  word: string,
): readonly string[] {
  const blocking = findings.filter((finding) => finding.outcome !== 'allow')
  const width = Math.max(0, ...blocking.map((finding) => safe(finding.rule).length))
  const lines = blocking.flatMap((finding, index) => {
    const start = index === 0 ? word : ' '.repeat(indent)
    const told = finding.hidden === true && finding.rule !== HIDDEN_RULE ? '  (a hidden rule)' : ''
    const first = `${start}  ${safe(finding.rule).padEnd(width)}  ${safe(finding.message)}${told}`
    const error =
      finding.error === null
        ? []
        : [`${' '.repeat(indent + 2)}could not be evaluated: ${safe(finding.error)}`]
    return [first, ...error, ...namedResources(finding.resources, indent)]
  })
  return lines.length === 0 ? [word] : lines
}

function namedResources(addresses: readonly string[], indent: number): readonly string[] {
  const space = ' '.repeat(indent + 2)
  const shown = addresses.slice(0, RESOURCES_NAMED).map((address) => `${space}${safe(address)}`)
  const rest = addresses.length - RESOURCES_NAMED
  return rest > 0 ? [...shown, `${space}and ${counted(rest, 'more resource')}`] : shown
}

export function needText({ slots, assurance, expiresSeconds }: Requirement): string {
  const by = assurance === 'development' || assurance === 'session' ? '' : `  with ${assurance}`
  return `${slots.map(slotText).join(', ')}${by}   within ${duration(expiresSeconds * 1000)}`
}

export function slotText({ from, count }: Slot): string {
  const who = from.map((ref) => safe(ref)).join(' or ')
  return count === 1 ? `one of ${who}` : `${count} of ${who}`
}
