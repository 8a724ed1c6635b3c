/**
 * The words of the policy language: every type that rules see, with its fields. What is not here is
 * refused when the policy is loaded, so a misspelt word is never read as false.
 */
import { ACTIONS } from '../plan.ts'

type Fields = Readonly<Record<string, string>>

interface ViewType<F extends Fields> {
  readonly name: string
  readonly fields: F
  readonly constructedBy: new (values: Readonly<Record<keyof F, unknown>>) => object
}

/** A type of the policy language. A class of its own, because CEL tells types by their class. */
function viewType<F extends Fields>(name: string, fields: F): ViewType<F> {
  class View {
    constructor(values: Readonly<Record<keyof F, unknown>>) {
      // Keeps getters as they are: attributes are converted only when a rule reads them.
      Object.defineProperties(this, Object.getOwnPropertyDescriptors(values))
    }
  }
  return { name, fields, constructedBy: View }
}

export const Resource = viewType('Resource', {
  address: 'string',
  type: 'string',
  name: 'string',
  module: 'string',
  mode: 'string',
  provider: 'string',
  action: 'string',
  actions: 'list<string>',
  reason: 'dyn',
  deposed: 'dyn',
  previousAddress: 'dyn',
  importing: 'dyn',
  before: 'dyn',
  after: 'dyn',
})

export const Output = viewType('Output', {
  name: 'string',
  action: 'string',
  actions: 'list<string>',
  before: 'dyn',
  after: 'dyn',
})

export const Deferred = viewType('Deferred', { reason: 'string', resource: 'Resource' })

export const Invocation = viewType('Invocation', {
  address: 'string',
  type: 'string',
  provider: 'string',
  deferred: 'bool',
  reason: 'dyn',
  config: 'dyn',
  trigger: 'dyn',
})

export const Provisioner = viewType('Provisioner', {
  resource: 'string',
  type: 'string',
  when: 'string',
  config: 'dyn',
})

export const Module = viewType('Module', { address: 'string', source: 'string', version: 'dyn' })

export const Provider = viewType('Provider', {
  key: 'string',
  name: 'string',
  fullName: 'string',
  alias: 'dyn',
  module: 'string',
  versionConstraint: 'dyn',
  config: 'dyn',
})

export const Check = viewType('Check', { address: 'string', kind: 'string', status: 'string' })
export const Variable = viewType('Variable', { name: 'string', value: 'dyn', sensitive: 'bool' })

export const PlanType = viewType('Plan', {
  tool: 'string',
  formatVersion: 'string',
  toolVersion: 'string',
  errored: 'bool',
  /** True when the plan does not cover the whole configuration (see `isIncomplete`). */
  incomplete: 'bool',
  resources: 'list<Resource>',
  drift: 'list<Resource>',
  outputs: 'list<Output>',
  deferred: 'list<Deferred>',
  invocations: 'list<Invocation>',
  provisioners: 'list<Provisioner>',
  modules: 'list<Module>',
  providers: 'list<Provider>',
  checks: 'list<Check>',
  variables: 'list<Variable>',
})

/** Names that `summary.only([...])` takes: everything a plan does is under one of them. */
export const SUMMARY_EFFECTS: readonly string[] = [...ACTIONS, 'deferred', 'invoke']

const SUMMARY_FIELDS = [...SUMMARY_EFFECTS, 'unknownValues']
export const SummaryType = viewType(
  'Summary',
  Object.fromEntries(SUMMARY_FIELDS.map((field) => [field, 'int'])),
)

export const Workspace = viewType('Workspace', {
  id: 'string',
  name: 'string',
  labels: 'map<string, string>',
  firstChange: 'bool',
})

export const Source = viewType('Source', {
  lock: 'bool',
  fileCount: 'int',
  repository: 'string',
  ref: 'string',
  commit: 'string',
})

export const Requester = viewType('Requester', {
  kind: 'string',
  id: 'string',
  name: 'string',
  teams: 'list<string>',
  human: 'bool',
})

export const Runner = viewType('Runner', { trust: 'string' })

/** Every type, in an order in which each comes after those it uses. */
export const VIEW_TYPES: readonly {
  readonly name: string
  readonly fields: Fields
  readonly constructedBy: new (values: never) => object
}[] = [
  Resource,
  Output,
  Deferred,
  Invocation,
  Provisioner,
  Module,
  Provider,
  Check,
  Variable,
  PlanType,
  SummaryType,
  Workspace,
  Source,
  Requester,
  Runner,
]

/** The variables of `when`; `match` sees `resource` besides. */
export const VARIABLES = {
  plan: 'Plan',
  summary: 'Summary',
  workspace: 'Workspace',
  source: 'Source',
  requester: 'Requester',
  runner: 'Runner',
  now: 'google.protobuf.Timestamp',
} as const
