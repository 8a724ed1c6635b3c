/**
 * The normalised plan as a document: what is stored as evidence and shown on the page. `decodePlan`
 * is the exact inverse of `encodePlan` and refuses everything else, unknown fields included: a
 * document that is only nearly a plan must not be shown as one.
 */
import { DocumentReader } from './document-reader.ts'
import {
  ACTIONS,
  type ActionInvocation,
  type CheckResult,
  type DeferredChange,
  type ModuleCall,
  type OutputChange,
  type Plan,
  type ProviderConfig,
  type Provisioner,
  type Reference,
  type ResourceChange,
  type Variable,
} from './plan.ts'
import type { Json, JsonMap, Value, ValueMap } from './value.ts'
import { encodeValue } from './value-codec.ts'

export const PLAN_DOCUMENT_VERSION = 1

export type DecodedPlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problem: string }

export function encodePlan(plan: Plan): JsonMap {
  return {
    v: PLAN_DOCUMENT_VERSION,
    ...plan,
    resources: plan.resources.map(encodeChange),
    outputs: plan.outputs.map((output) => encodeFields({ ...output })),
    deferred: plan.deferred.map(({ reason, change, extra }) => {
      return { reason, change: encodeChange(change), extra: encodeValue(extra) }
    }),
    invocations: plan.invocations.map((entry) => encodeFields({ ...entry })),
    drift: plan.drift.map(encodeChange),
    provisioners: plan.provisioners.map((entry) => encodeFields({ ...entry })),
    modules: plan.modules.map((entry) => ({ ...entry })),
    providers: plan.providers.map((entry) => encodeFields({ ...entry })),
    checks: plan.checks.map((entry) => ({ ...entry })),
    references: plan.references.map((entry) => ({ ...entry })),
    variables: plan.variables.map((entry) => encodeFields({ ...entry })),
  }
}

function encodeChange(change: ResourceChange): Json {
  return encodeFields({ ...change })
}

/** None of our own field names begins with `$`, so encoding the record encodes its values. */
function encodeFields(record: ValueMap): Json {
  return encodeValue(record)
}

/** The problem names the first field that is wrong. */
export function decodePlan(document: Json): DecodedPlan {
  const reader = DocumentReader.of(document)
  const version = reader.count('v')
  if (version !== PLAN_DOCUMENT_VERSION) reader.report('v', `${PLAN_DOCUMENT_VERSION}`)
  const plan: Plan = {
    tool: reader.oneOf('tool', ['terraform', 'opentofu', 'cloudformation', 'pulumi']),
    formatVersion: reader.text('formatVersion'),
    toolVersion: reader.text('toolVersion'),
    resources: reader.list('resources', decodeChange),
    outputs: reader.list('outputs', decodeOutput),
    deferred: reader.list('deferred', decodeDeferred),
    invocations: reader.list('invocations', decodeInvocation),
    drift: reader.list('drift', decodeChange),
    provisioners: reader.list('provisioners', decodeProvisioner),
    modules: reader.list('modules', decodeModule),
    providers: reader.list('providers', decodeProvider),
    checks: reader.list('checks', decodeCheck),
    // Evidence of before plans had them says nothing of them.
    references: reader.has('references') ? reader.list('references', decodeReference) : [],
    referencesCut: reader.has('referencesCut') ? reader.flag('referencesCut') : false,
    variables: reader.list('variables', decodeVariable),
    errored: reader.flag('errored'),
    complete: reader.flagOrNull('complete'),
    applyable: reader.flagOrNull('applyable'),
    unknownFields: reader.texts('unknownFields'),
    warnings: reader.texts('warnings'),
  }
  const problem = reader.finish()
  return problem === null ? { ok: true, plan } : { ok: false, problem }
}

function decodeChange(reader: DocumentReader): ResourceChange {
  return {
    address: reader.text('address'),
    deposed: reader.textOrNull('deposed'),
    previousAddress: reader.textOrNull('previousAddress'),
    module: reader.text('module'),
    mode: reader.oneOf('mode', ['managed', 'data', 'other']),
    type: reader.text('type'),
    name: reader.text('name'),
    provider: reader.text('provider'),
    action: reader.oneOf('action', ACTIONS),
    actions: reader.texts('actions'),
    reason: reader.textOrNull('reason'),
    ...decodeSides(reader),
    replacePaths: reader.values('replacePaths'),
    importing: reader.value('importing'),
    extra: reader.valueMap('extra'),
  }
}

interface Sides {
  readonly before: Value
  readonly after: Value
  readonly beforeSensitive: Value
  readonly afterSensitive: Value
  readonly afterUnknown: Value
}

function decodeSides(reader: DocumentReader): Sides {
  return {
    before: reader.value('before'),
    after: reader.value('after'),
    beforeSensitive: reader.value('beforeSensitive'),
    afterSensitive: reader.value('afterSensitive'),
    afterUnknown: reader.value('afterUnknown'),
  }
}

function decodeOutput(reader: DocumentReader): OutputChange {
  return {
    name: reader.text('name'),
    action: reader.oneOf('action', ACTIONS),
    actions: reader.texts('actions'),
    ...decodeSides(reader),
    extra: decodeExtra(reader),
  }
}

/** Evidence of before outputs and deferred changes had any says nothing of them. */
function decodeExtra(reader: DocumentReader): OutputChange['extra'] {
  return reader.has('extra') ? reader.valueMap('extra') : {}
}

function decodeDeferred(reader: DocumentReader): DeferredChange {
  return {
    reason: reader.text('reason'),
    change: reader.record('change', decodeChange),
    extra: decodeExtra(reader),
  }
}

function decodeInvocation(reader: DocumentReader): ActionInvocation {
  return {
    address: reader.text('address'),
    type: reader.text('type'),
    provider: reader.text('provider'),
    deferred: reader.flag('deferred'),
    reason: reader.textOrNull('reason'),
    config: reader.value('config'),
    configSensitive: reader.value('configSensitive'),
    configUnknown: reader.value('configUnknown'),
    trigger: reader.value('trigger'),
  }
}

function decodeProvisioner(reader: DocumentReader): Provisioner {
  return {
    resource: reader.text('resource'),
    type: reader.text('type'),
    when: reader.text('when'),
    config: reader.value('config'),
    // Evidence of before it was kept says nothing of it.
    reads: reader.has('reads') ? reader.texts('reads') : [],
  }
}

function decodeModule(reader: DocumentReader): ModuleCall {
  return {
    address: reader.text('address'),
    source: reader.text('source'),
    version: reader.textOrNull('version'),
  }
}

function decodeProvider(reader: DocumentReader): ProviderConfig {
  return {
    key: reader.text('key'),
    name: reader.text('name'),
    fullName: reader.text('fullName'),
    alias: reader.textOrNull('alias'),
    module: reader.text('module'),
    versionConstraint: reader.textOrNull('versionConstraint'),
    config: reader.value('config'),
  }
}

function decodeCheck(reader: DocumentReader): CheckResult {
  return {
    address: reader.text('address'),
    kind: reader.text('kind'),
    status: reader.oneOf('status', ['pass', 'fail', 'error', 'unknown']),
  }
}

function decodeReference(reader: DocumentReader): Reference {
  return {
    from: reader.text('from'),
    to: reader.text('to'),
    attribute: reader.text('attribute'),
  }
}

function decodeVariable(reader: DocumentReader): Variable {
  return {
    name: reader.text('name'),
    value: reader.value('value'),
    sensitive: reader.flag('sensitive'),
  }
}
