/**
 * The plan formats that are read, and the one door to them: `readPlan` tells what a file is from
 * its content, never from its name. What is not a plan gets a sentence that says what was found and
 * what is expected; nothing is ever read as a plan because it nearly looks like one.
 */
import { type JsonProblem, openJson } from '../json.ts'
import type { Tool } from '../plan.ts'
import type { Primitives } from '../primitives.ts'
import { documentOfJson, type PlanDocument } from './document.ts'
import { PLAN_BYTES_MAX } from './limits.ts'
import { describeNotJson, describeNotPlan } from './not-a-plan.ts'
import { type ParsedPlan, parseTerraformDocument, tooManyBytes } from './terraform.ts'

/** A way to read plans; the first whose `detect` says yes reads the document. */
export interface PlanFormat {
  readonly kind: string
  /** From the shape of the document alone; must not read large parts of it. */
  readonly detect: (document: PlanDocument) => boolean
  /** `tool` is who the caller says wrote it, where the document does not say. */
  readonly parse: (document: PlanDocument, tool?: Tool) => ParsedPlan
}

const terraform: PlanFormat = {
  kind: 'terraform',
  detect: (document) => {
    const has = (key: string): boolean => document.keys.includes(key)
    return (
      has('resource_changes') ||
      (has('format_version') && has('planned_values')) ||
      (has('format_version') && !has('values') && !has('valid') && !has('provider_schemas'))
    )
  },
  parse: parseTerraformDocument,
}

const cloudformation = notYet('cloudformation', 'A CloudFormation change set', (document) => {
  const has = (key: string): boolean => document.keys.includes(key)
  return has('Changes') || (has('ChangeSetName') && has('StackName')) || has('ChangeSetId')
})

const pulumi = notYet('pulumi', 'A Pulumi preview', (document) => {
  const has = (key: string): boolean => document.keys.includes(key)
  return has('steps') || has('changeSummary') || (has('sequence') && has('timestamp'))
})

export const planFormats: readonly PlanFormat[] = [terraform, cloudformation, pulumi]

function notYet(
  kind: string,
  name: string,
  detect: (document: PlanDocument) => boolean,
): PlanFormat {
  return { kind, detect, parse: () => refuse(`${name} is not read by this version yet`) }
}

/** Reads the plan in a file. A refusal's message is one sentence, safe to print. */
export function readPlan(bytes: Uint8Array, primitives: Primitives, tool?: Tool): ParsedPlan {
  if (bytes.length > PLAN_BYTES_MAX) return refuse(tooManyBytes(bytes.length))
  const opened = openJson(bytes, primitives)
  if (!opened.ok) return refuseText(bytes, opened.problem)
  const document = documentOfJson(opened.document)
  const format = planFormats.find((candidate) => candidate.detect(document))
  if (format === undefined) return refuse(describeNotPlan(document))
  return format.parse(document, tool)
}

function refuse(message: string): ParsedPlan {
  return { ok: false, refusal: { message } }
}

function refuseText(bytes: Uint8Array, problem: JsonProblem): ParsedPlan {
  return refuse(describeNotJson(bytes, problem))
}
