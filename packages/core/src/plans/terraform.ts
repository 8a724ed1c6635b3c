/**
 * Plan JSON of Terraform and OpenTofu, format 0.x and 1.x (`terraform show -json <plan>`), as a
 * Plan. It fails closed: another major version, a part that is not what the format says, or more
 * changes than the limit is a refusal in one sentence; a new minor version is read, and what it
 * adds is kept. Nothing that acts is left out because this version does not know it.
 */
import { openJson } from '../json.ts'
import type { JsonSlice } from '../json-outline.ts'
import type { Plan, ResourceChange, Tool } from '../plan.ts'
import type { Primitives } from '../primitives.ts'
import { safeText } from '../safe-text.ts'
import { isMap, type Value } from '../value.ts'
import { documentOfJson, documentOfValue, type PlanDocument } from './document.ts'
import { PLAN_BYTES_MAX, RESOURCE_CHANGES_MAX } from './limits.ts'
import { type ParsedPlan, refuse } from './parsed-plan.ts'
import { collectPlan, type PlanFrame, type PlanSink, type StreamedPlan } from './plan-sink.ts'
import { describeProblem } from './problem.ts'
import {
  type Parsed,
  parseDrift,
  parseOutputChange,
  parseResourceChange,
} from './terraform-change.ts'
import { membersOf, parseConfiguration, parseVariables } from './terraform-configuration.ts'
import {
  parseCheck,
  parseDeferredChange,
  parseDeferredInvocation,
  parseInvocation,
} from './terraform-parts.ts'
import { plainChange } from './terraform-plain.ts'
import { terraformReferences } from './terraform-references.ts'

/** Who wrote the plan, where the document itself does not say. */
export interface TerraformOptions {
  readonly primitives: Primitives
  readonly tool?: Tool
}

/** Reads bytes or a value that is already read. A refusal's message is one sentence. */
export function parseTerraform(
  source: Uint8Array | Value,
  options: TerraformOptions | Primitives,
): ParsedPlan {
  const { primitives, tool } = 'primitives' in options ? options : { primitives: options }
  if (!(source instanceof Uint8Array)) return collectTerraform(documentOfValue(source), tool)
  if (source.length > PLAN_BYTES_MAX) return refuse(tooManyBytes(source.length))
  const opened = openJson(source, primitives)
  if (!opened.ok) return refuse(describeProblem(opened.problem))
  return collectTerraform(documentOfJson(opened.document), tool)
}

function collectTerraform(document: PlanDocument, tool: Tool | undefined): ParsedPlan {
  return collectPlan((sink) => streamTerraform(document, sink, tool))
}

export function tooManyBytes(length: number): string {
  return `The plan has ${length} bytes; at most ${PLAN_BYTES_MAX} (512 MiB) are read`
}

const LIST_PARTS = [
  'resource_changes',
  'resource_drift',
  'deferred_changes',
  'action_invocations',
  'deferred_action_invocations',
  'checks',
] as const

const MAP_PARTS = ['output_changes', 'variables', 'configuration'] as const
const FLAGS = ['errored', 'complete', 'applyable'] as const

/** Read or left out on purpose; every other field of the document is counted as unknown. */
const KNOWN: ReadonlySet<string> = new Set([
  ...LIST_PARTS,
  ...MAP_PARTS,
  ...FLAGS,
  'format_version',
  'terraform_version',
  'planned_values',
  'prior_state',
  'relevant_attributes',
  'timestamp',
])

/** Tells the sink each resource change and gives the rest; the sink of a refusal forgets it all. */
export function streamTerraform(document: PlanDocument, sink: PlanSink, tool?: Tool): StreamedPlan {
  const wrong = wrongShape(document)
  if (wrong !== null) return refuse(wrong)
  const configuration = document.read('configuration')
  const variables = parseVariables(document.read('variables'), configuration)
  sink.variables(variables)
  const seen = new Seen(sink)
  const resources = each(document.slices('resource_changes'), 'resource_changes', (slice) => {
    if (seen.takesPlain(slice)) return { ok: true, part: null }
    const parsed = parseResourceChange(slice.read())
    if (parsed.ok) seen.resource(parsed.part)
    return parsed
  })
  if (!resources.ok) return refuse(resources.message)
  const parts = partsOf(document)
  if (!parts.ok) return refuse(parts.message)
  const outputs = membersOf(document.read('output_changes'))
  const frame: PlanFrame = {
    tool: 'terraform',
    formatVersion: textOf(document.read('format_version')),
    toolVersion: textOf(document.read('terraform_version')),
    outputs: outputs.map(([name, change]) => parseOutputChange(name, change)),
    ...parts.part,
    ...parseConfiguration(configuration),
    checks: [...document.elements('checks')].map(parseCheck),
    variables,
    errored: document.read('errored') === true,
    complete: flagOf(document.read('complete')),
    applyable: flagOf(document.read('applyable')),
    unknownFields: document.keys.filter((key) => !KNOWN.has(key)),
    warnings: [],
  }
  return {
    ok: true,
    frame: { ...frame, tool: seen.toolOf(frame, tool), warnings: seen.warningsOf(frame) },
    references: (all) => terraformReferences(configuration, all),
  }
}

type Parts = Pick<Plan, 'drift' | 'deferred' | 'invocations'>

function partsOf(document: PlanDocument): Parsed<Parts> {
  const drift = collect(document, 'resource_drift', parseDrift)
  if (!drift.ok) return drift
  const deferred = collect(document, 'deferred_changes', parseDeferredChange)
  if (!deferred.ok) return deferred
  const invoked = collect(document, 'action_invocations', parseInvocation)
  if (!invoked.ok) return invoked
  const later = collect(document, 'deferred_action_invocations', parseDeferredInvocation)
  if (!later.ok) return later
  const invocations = [...invoked.part, ...later.part]
  return { ok: true, part: { drift: drift.part, deferred: deferred.part, invocations } }
}

/** Fields that a plan has and a state, a validation or a schema has not. */
const PLAN_ONLY: readonly string[] = [...LIST_PARTS, ...MAP_PARTS, ...FLAGS, 'planned_values']

function wrongShape(document: PlanDocument): string | null {
  if (document.kind !== 'object') return 'A Terraform plan is a JSON object; this is none'
  const version = wrongVersion(document.read('format_version'))
  if (version !== null) return version
  if (!document.keys.some((key) => PLAN_ONLY.includes(key))) {
    return 'The document has a format_version, and nothing that a plan has; expected is a plan'
  }
  const changes = document.count('resource_changes') ?? 0
  if (changes > RESOURCE_CHANGES_MAX) {
    return `The plan has ${changes} resource changes; at most ${RESOURCE_CHANGES_MAX} are read`
  }
  for (const key of LIST_PARTS) {
    if (document.count(key) === null && isThere(document.read(key))) {
      return `The plan's ${key} is not a list`
    }
  }
  for (const key of MAP_PARTS) {
    const part = document.read(key)
    if (isThere(part) && !isMap(part)) return `The plan's ${key} is not an object`
  }
  for (const key of FLAGS) {
    const flag = document.read(key)
    if (isThere(flag) && typeof flag !== 'boolean') return `The plan's ${key} is not true or false`
  }
  return null
}

function isThere(value: Value | undefined): value is Exclude<Value, null> {
  return value !== undefined && value !== null
}

const EXPECTED_VERSION = 'format 0.x and 1.x of "terraform show -json" are read'

function wrongVersion(version: Value | undefined): string | null {
  if (version === undefined) return `The plan has no format_version; ${EXPECTED_VERSION}`
  if (typeof version !== 'string')
    return `The plan's format_version is no text; ${EXPECTED_VERSION}`
  if (/^[01]\.\d{1,9}$/.test(version)) return null
  const found = safeText(JSON.stringify(version.slice(0, 40))).text
  return `The plan's format_version is ${found}; ${EXPECTED_VERSION}`
}

function collect<Part>(
  document: PlanDocument,
  key: string,
  parse: (entry: Value) => Parsed<Part>,
): Parsed<readonly Part[]> {
  const parts: Part[] = []
  const done = each(document.elements(key), key, (entry) => {
    const parsed = parse(entry)
    if (parsed.ok) parts.push(parsed.part)
    return parsed
  })
  return done.ok ? { ok: true, part: parts } : done
}

function each<Entry>(
  entries: Iterable<Entry>,
  key: string,
  parse: (entry: Entry) => Parsed<unknown>,
): Parsed<null> {
  let index = 0
  for (const entry of entries) {
    const parsed = parse(entry)
    if (!parsed.ok) return { ok: false, message: `${key}[${index}] ${parsed.message}` }
    index += 1
  }
  return { ok: true, part: null }
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : ''
}

function flagOf(value: Value | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null
}

const TOFU_REGISTRY = 'registry.opentofu.org/'

/** Passes changes on, and keeps what can only be said after all of them. */
class Seen {
  readonly #sink: PlanSink
  readonly #keys = new Set<string>()
  #isTofu = false
  #repeated = 0

  constructor(sink: PlanSink) {
    this.#sink = sink
  }

  takesPlain(slice: JsonSlice): boolean {
    if (this.#sink.plain === undefined) return false
    const plain = plainChange(slice)
    if (plain === null || !this.#sink.plain(plain)) return false
    this.#note(plain)
    return true
  }

  resource(change: ResourceChange): void {
    this.#note(change)
    this.#sink.resource(change)
  }

  #note(change: Pick<ResourceChange, 'address' | 'deposed' | 'provider'>): void {
    const { address, deposed } = change
    // An address is never empty, so a key with a deposed object is the address of none.
    const key = deposed === null ? address : `\n${deposed.length}\n${deposed}${address}`
    if (this.#keys.has(key)) this.#repeated += 1
    else this.#keys.add(key)
    if (change.provider.startsWith(TOFU_REGISTRY)) this.#isTofu = true
  }

  /** OpenTofu writes `terraform_version` too; its registry is the one hint in the document. */
  toolOf(frame: PlanFrame, tool: Tool | undefined): Tool {
    const { providers } = frame
    const isTofu =
      this.#isTofu || providers.some((provider) => provider.fullName.startsWith(TOFU_REGISTRY))
    return isTofu ? 'opentofu' : (tool ?? 'terraform')
  }

  warningsOf(frame: PlanFrame): readonly string[] {
    const warnings: string[] = []
    const repeated = this.#repeated
    const unknown = frame.unknownFields.length
    if (frame.errored)
      warnings.push('The tool reported an error while planning; the plan is partial')
    if (frame.complete === false) warnings.push('The plan is incomplete: another will be needed')
    if (repeated > 0) warnings.push(`${repeated} resource changes repeat the address of another`)
    if (unknown > 0) warnings.push(`${unknown} top-level fields are not known to this version`)
    return warnings
  }
}
