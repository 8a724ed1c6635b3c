/**
 * Sentences for files that are no plan: what was found, and what is expected. They quote nothing
 * from the file but names of fields that are ours to know.
 */
import type { JsonProblem } from '../json.ts'
import type { PlanDocument } from './document.ts'
import { describeProblem } from './problem.ts'

const EXPECTED =
  'expected is the JSON of a plan, as "terraform show -json <plan file>", ' +
  '"aws cloudformation describe-change-set" or "pulumi preview --json" prints it'
const HEAD_BYTES = 4096

/** For a file that is not one JSON document. */
export function describeNotJson(bytes: Uint8Array, problem: JsonProblem): string {
  const head = headOf(bytes)
  if (head.trim() === '') return `The file is empty; ${EXPECTED}`
  if (head.startsWith('PK\u0003\u0004')) {
    return `This is a saved plan file (a zip archive), not JSON; ${EXPECTED}`
  }
  if (/^\s*\{"@level"/.test(head)) {
    return `This is the progress stream of "plan -json", not a plan; ${EXPECTED}`
  }
  if (isToolText(head)) {
    return `This is text that the tool prints for people, not JSON; ${EXPECTED}`
  }
  return `${describeProblem(problem)}; ${EXPECTED}`
}

/** For a JSON document of which no format says it is its own. */
export function describeNotPlan(document: PlanDocument): string {
  const has = (key: string): boolean => document.keys.includes(key)
  if (document.kind === 'array') return `The document is a JSON list; ${EXPECTED}`
  if (document.kind === 'other') return `The document is a single JSON value; ${EXPECTED}`
  if (has('lineage') && has('serial')) return `This is a state file, not a plan; ${EXPECTED}`
  if (has('format_version') && has('values')) {
    return `This is the JSON of a state, not of a plan; ${EXPECTED}`
  }
  if (has('provider_schemas')) return `These are provider schemas, not a plan; ${EXPECTED}`
  if (has('valid') && has('diagnostics')) {
    return `This is the result of "validate -json", not a plan; ${EXPECTED}`
  }
  if (has('Resources') || has('AWSTemplateFormatVersion')) {
    return `This is a CloudFormation template, not a change set; ${EXPECTED}`
  }
  if (has('planned_values') || has('terraform_version')) {
    return `The document has no format_version, so it is no plan; ${EXPECTED}`
  }
  return `The document is a JSON object with none of a plan's fields; ${EXPECTED}`
}

/** The first bytes, one character each: enough to look at, never to read. */
function headOf(bytes: Uint8Array): string {
  let head = ''
  for (const byte of bytes.subarray(0, HEAD_BYTES)) head += String.fromCharCode(byte)
  return head
}

function isToolText(head: string): boolean {
  // What is left of a colour code without its escape character is "[1m".
  const plain = head.replaceAll('\u001b', '')
  return (
    /^\s*(?:\[[\d;]*m)*\s*(?:Terraform|OpenTofu|An execution plan|No changes\.|Previewing)/.test(
      plain,
    ) || /^\s*(?:\[[\d;]*m)*\s*[#+~-]+ (?:resource|data|module)/.test(plain)
  )
}
