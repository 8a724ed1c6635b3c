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
  if (isTerragruntLog(head)) return `This is output of Terragrunt with its log in it; ${APART}`
  if (isToolText(head)) {
    return `This is text that the tool prints for people, not JSON; ${EXPECTED}`
  }
  if (isFollowedByAnother(bytes, problem)) {
    return `These are several JSON documents one after another, and a change is one plan; ${APART}`
  }
  return `${describeProblem(problem)}; ${EXPECTED}`
}

const APART =
  'expected is the JSON of each unit in a file of its own, as ' +
  '"terragrunt run --all --json-out-dir <folder> -- plan" writes them'

/** Its lines carry a time, a level, or the folder of the unit that they come from. */
function isTerragruntLog(head: string): boolean {
  // What is left of a colour code without its escape character is "[90m".
  const plain = head
    .replaceAll('\u001b', '')
    .replaceAll(/\[[\d;]*m/g, '')
    .trimStart()
  return (
    /^time=\S+ (?:level|prefix)=/.test(plain) ||
    /^\d\d:\d\d:\d\d\.\d{3} (?:STDOUT|STDERR|ERROR|WARN|INFO|DEBUG|TRACE)\b/.test(plain) ||
    /^\[[^\]\n"{}]{1,1000}\] /.test(plain) ||
    /^Group \d+\s*\n- (?:Module|Unit) /.test(plain) ||
    /^\{[^\n{}]*"(?:tf-path|tfpath|working-dir)":/.test(plain)
  )
}

const MORE = 'there is more after its end'
const LINE_FEED = 0x0a
const OPENING_BRACE = 0x7b

/** Whether an object begins where the document should have ended. */
function isFollowedByAnother(bytes: Uint8Array, problem: JsonProblem): boolean {
  if (problem.message !== MORE || !/^\s*\{/.test(headOf(bytes))) return false
  let at = 0
  for (let line = 1; line < problem.line; line += 1) at = bytes.indexOf(LINE_FEED, at) + 1
  for (let column = 1; column < problem.column; column += 1) at = nextCharacter(bytes, at)
  return bytes[at] === OPENING_BRACE
}

/** In UTF-8 the bytes 10xxxxxx go on with a character. */
function nextCharacter(bytes: Uint8Array, at: number): number {
  let next = at + 1
  while (((bytes[next] ?? 0) & 0xc0) === 0x80) next += 1
  return next
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
  if (isOfStacks(has)) {
    return (
      'This looks like a plan of Terraform Stacks, which is not read: HCP Terraform plans and ' +
      `applies a stack without a plan file; ${EXPECTED}`
    )
  }
  if (has('planned_values') || has('terraform_version')) {
    return `The document has no format_version, so it is no plan; ${EXPECTED}`
  }
  return `The document is a JSON object with none of a plan's fields; ${EXPECTED}`
}

/** It is about components and their deployments, in either spelling. */
function isOfStacks(has: (key: string) => boolean): boolean {
  const components = ['component_instances', 'componentInstances', 'components'].some(has)
  const planned = ['planned_changes', 'plannedChanges'].some(has)
  return planned || (components && !has('resource_changes'))
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
