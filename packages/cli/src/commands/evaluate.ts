/**
 * `holdpoint evaluate`: a plan held against a policy on this machine. Facts that only a server
 * knows are unknown here, and a rule that reads one cannot be evaluated: it then demands people.
 */
import { evaluatePolicy, NO_FACTS, type PolicyFacts } from '@holdpoint/core'
import { renderEvaluated } from '../render-plan.ts'
import { EXIT, type ExitCode, usage } from './ended.ts'
import { hidingOf } from './hiding.ts'
import { inspectDocument, readOfflinePlan } from './offline-plan.ts'
import { readPolicyFile } from './policy-file.ts'
import type { Call } from './row.ts'

const EXIT_OF = { allow: EXIT.done, deny: EXIT.refused, hold: EXIT.held } as const

export async function run(call: Call): Promise<ExitCode> {
  const file = call.flags.find('policy')
  if (file === null) throw usage('evaluate needs --policy <file>')
  const now = instantOf(call.flags.find('at'))
  const facts = factsOf(call)
  const policy = await readPolicyFile(file)
  const offline = await readOfflinePlan(call.words[0] ?? '', await hidingOf(call.flags))
  const evaluation = evaluatePolicy({ plan: offline.plan, facts, policy, now })
  const { screen } = call
  screen.document({
    ...inspectDocument(offline),
    verdict: evaluation.verdict,
    allowedBy: evaluation.allowedBy,
    findings: evaluation.findings,
    requirement: evaluation.requirement,
    trace: evaluation.trace,
  })
  const { ink, columns } = screen
  const manner = { ink, columns, full: call.flags.has('full') }
  screen.lines(renderEvaluated({ ...offline, evaluation }, manner))
  return EXIT_OF[evaluation.verdict]
}

export function instantOf(text: string | null): number {
  if (text === null) return Date.now()
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(at)) throw usage('--at needs a time with its zone, like 2026-03-01T09:00:00Z')
  return at
}

function factsOf({ flags, settings }: Call): PolicyFacts {
  const labels = flags.has('label') ? readLabels(flags.list('label')) : null
  return offlineFacts(settings.workspace, labels)
}

/** All that is known without a server; `null` where even that is not. */
export function offlineFacts(
  name: string | null,
  labels: Readonly<Record<string, string>> | null,
): PolicyFacts {
  return { ...NO_FACTS, workspace: { ...NO_FACTS.workspace, name, labels } }
}

/** `key=value`, each key once. */
export function readLabels(pairs: readonly string[]): Readonly<Record<string, string>> {
  const labels = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw usage(`A label is key=value, not ${JSON.stringify(pair)}`)
    const key = pair.slice(0, at)
    if (labels.has(key)) throw usage(`The label ${JSON.stringify(key)} was given twice`)
    labels.set(key, pair.slice(at + 1))
  }
  return Object.fromEntries(labels)
}
