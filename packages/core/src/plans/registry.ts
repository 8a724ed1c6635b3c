/**
 * The plan formats that are read, and the one door to them: `readPlan` tells what a file is from
 * its content, never from its name. What is not a plan gets a sentence that says what was found and
 * what is expected; nothing is ever read as a plan because it nearly looks like one.
 */
import { type JsonProblem, openJson } from '../json.ts'
import type { Tool } from '../plan.ts'
import type { Primitives } from '../primitives.ts'
import { isMap } from '../value.ts'
import { parseCloudformation } from './cloudformation.ts'
import { documentOfJson, documentOfLines, type PlanDocument } from './document.ts'
import { openJsonLines } from './json-lines.ts'
import { PLAN_BYTES_MAX } from './limits.ts'
import { describeNotJson, describeNotPlan } from './not-a-plan.ts'
import { type ParsedPlan, refuse } from './parsed-plan.ts'
import { collectPlan, type PlanSink, type StreamedPlan, tell } from './plan-sink.ts'
import { describeProblem } from './problem.ts'
import { parsePulumi } from './pulumi.ts'
import { streamTerraform, tooManyBytes } from './terraform.ts'

/** What a format needs besides the document. */
export interface Reading {
  readonly primitives: Primitives
  /** Who the caller says wrote it, where the document does not say. */
  readonly tool?: Tool | undefined
}

/** A way to read plans; the first whose `detect` says yes reads the document. */
export interface PlanFormat {
  readonly kind: string
  /** From the shape of the document alone; must not read large parts of it. */
  readonly detect: (document: PlanDocument) => boolean
  /** Tells the sink the resource changes, and gives the rest of the plan. */
  readonly stream: (document: PlanDocument, reading: Reading, sink: PlanSink) => StreamedPlan
}

const terraform: PlanFormat = {
  kind: 'terraform',
  detect: (document) => {
    if (document.kind !== 'object') return false
    const has = (key: string): boolean => document.keys.includes(key)
    return (
      has('resource_changes') ||
      (has('format_version') && has('planned_values')) ||
      (has('format_version') && !has('values') && !has('valid') && !has('provider_schemas'))
    )
  },
  stream: (document, { tool }, sink) => streamTerraform(document, sink, tool),
}

const cloudformation: PlanFormat = {
  kind: 'cloudformation',
  detect: (document) => {
    if (document.kind === 'array') return isChangeSet(keysOfFirst(document))
    return document.kind === 'object' && isChangeSet(document.keys)
  },
  stream: (document, reading, sink) => tell(sink, parseCloudformation(document, reading)),
}

const pulumi: PlanFormat = {
  kind: 'pulumi',
  detect: (document) => {
    const has = (key: string): boolean => document.keys.includes(key)
    if (has('sequence') && has('timestamp')) return true
    return document.kind === 'object' && (has('steps') || has('changeSummary'))
  },
  stream: (document, _reading, sink) => tell(sink, parsePulumi(document)),
}

export const planFormats: readonly PlanFormat[] = [terraform, cloudformation, pulumi]

function isChangeSet(keys: readonly string[]): boolean {
  const has = (key: string): boolean => keys.includes(key)
  return has('Changes') || (has('ChangeSetName') && has('StackName')) || has('ChangeSetId')
}

function keysOfFirst(document: PlanDocument): readonly string[] {
  for (const item of document.items()) return isMap(item) ? Object.keys(item) : []
  return []
}

/** Reads the plan in a file. A refusal's message is one sentence, safe to print. */
export function readPlan(bytes: Uint8Array, primitives: Primitives, tool?: Tool): ParsedPlan {
  return collectPlan((sink) => streamPlan(bytes, { primitives, tool }, sink))
}

/** The same one change at a time: nothing of the plan's size is held. */
export function streamPlan(bytes: Uint8Array, reading: Reading, sink: PlanSink): StreamedPlan {
  if (bytes.length > PLAN_BYTES_MAX) return refuse(tooManyBytes(bytes.length))
  const opened = openJson(bytes, reading.primitives)
  if (!opened.ok) return streamLines(bytes, { ...reading, problem: opened.problem }, sink)
  const document = documentOfJson(opened.document)
  const format = formatOf(document)
  if (format === undefined) return refuse(describeNotPlan(document))
  return format.stream(document, reading, sink)
}

/** A file that is not one document may be several, one a line; a broken line refuses them all. */
function streamLines(
  bytes: Uint8Array,
  reading: Reading & { readonly problem: JsonProblem },
  sink: PlanSink,
): StreamedPlan {
  const opened = openJsonLines(bytes, reading.primitives)
  const document = documentOfLines(opened.lines)
  const format = formatOf(document)
  if (format === undefined) return refuse(describeNotJson(bytes, reading.problem))
  if (opened.problem !== null) return refuse(describeProblem(opened.problem))
  return format.stream(document, { primitives: reading.primitives }, sink)
}

function formatOf(document: PlanDocument): PlanFormat | undefined {
  return planFormats.find((candidate) => candidate.detect(document))
}
