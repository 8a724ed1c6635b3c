/**
 * An honest CloudFormation over HTTP, in the query protocol, for what a mock of the whole cloud does
 * not do: replacements, pages, nested sets, descriptions that leave resources out, sets that fail or
 * become obsolete, executions that are rolled back. Like the service, it starts an execution once per
 * token, refuses a set that is not available, and lets each key do only what it may.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerOf, errorOf, listOf, Refused, type Tree } from './answers.ts'
import {
  changesBetween,
  changeTree,
  isLeftOut,
  NESTED,
  type ResourceChange,
  type Template,
} from './changes.ts'
import { eventsOf, type StackEvent, treeOf } from './events.ts'

export const REGION = 'eu-central-1'
export const ACCOUNT = '402177351180'

export interface Stack {
  readonly id: string
  readonly name: string
  status: string
  role: string | null
  template: string | null
  parameters: Parameters
  readonly events: StackEvent[]
  /** What happens next, an event for every time that somebody asks. */
  readonly coming: StackEvent[]
}

type Parameters = readonly { readonly key: string; readonly value: string }[]

export interface ChangeSet {
  readonly arn: string
  readonly name: string
  readonly stack: Stack
  readonly isRoot: boolean
  readonly template: string
  readonly parameters: Parameters
  readonly settings: { readonly [name: string]: Tree | undefined }
  readonly role: string | null
  readonly changes: readonly ResourceChange[]
  status: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED'
  execution: string
  reason: string | null
  token: string | null
}

interface Asked {
  readonly form: URLSearchParams
  readonly key: string
}

type Action = (asked: Asked) => Tree

export class CloudFormation {
  readonly stacks = new Map<string, Stack>()
  readonly sets = new Map<string, ChangeSet>()
  /** Bodies by URL, as S3 would have them. */
  readonly templates = new Map<string, string>()
  /** What a key may do; keys that are not here are refused. */
  readonly keys = new Map<string, ReadonlySet<string> | 'everything'>()
  /** Who did what, in order. */
  readonly done: { readonly action: string; readonly key: string }[] = []
  /** Actions that are carried out and then not answered: the line breaks. */
  readonly dropAnswersOf: string[] = []
  changesPerPage = 100
  #server: Server | null = null

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#handle(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.#server = server
  }

  get url(): string {
    const address = this.#server?.address()
    if (typeof address !== 'object' || address === null) throw new Error('not started')
    return `http://127.0.0.1:${address.port}`
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  /** Somebody else updates the stack: sets that were made before are of no use any more. */
  updateByHand(name: string): void {
    const stack = this.#stack(name)
    stack.status = 'UPDATE_COMPLETE'
    this.#makeObsolete(stack)
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    const action = form.get('Action') ?? ''
    const { status, text } = this.#answer(action, form, request.headers.authorization ?? '')
    const dropped = this.dropAnswersOf.indexOf(action)
    if (dropped >= 0) {
      this.dropAnswersOf.splice(dropped, 1)
      response.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'text/xml' })
    response.end(text)
  }

  #answer(action: string, form: URLSearchParams, authorization: string) {
    try {
      const key = this.#permitted(action, authorization)
      const act = this.#actions[action]
      if (act === undefined) throw new Refused('InvalidAction', `There is no action ${action}`)
      const text = answerOf(action, act({ form, key }))
      this.done.push({ action, key })
      return { status: 200, text }
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause
      return { status: cause.status, text: errorOf(cause) }
    }
  }

  #permitted(action: string, authorization: string): string {
    const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/cloudformation\/aws4_request/
    const [, key = '', region] = scope.exec(authorization) ?? []
    const may = this.keys.get(key)
    if (may === undefined || region !== REGION)
      throw new Refused('InvalidClientTokenId', 'The security token is invalid', 403)
    if (may === 'everything' || may.has(action)) return key
    const who = `arn:aws:sts::${ACCOUNT}:assumed-role/${key}`
    const what = `User: ${who} is not authorized to perform: cloudformation:${action}`
    throw new Refused('AccessDenied', what, 403)
  }

  readonly #actions: { readonly [action: string]: Action } = {
    CreateChangeSet: ({ form }) => this.#create(form),
    DescribeChangeSet: ({ form }) => this.#describe(form),
    DeleteChangeSet: ({ form }) => {
      this.sets.delete(this.#set(form).arn)
      return {}
    },
    GetTemplate: ({ form }) => this.#template(form),
    GetTemplateSummary: ({ form }) => summaryOf(this.#body(form)),
    DescribeStacks: ({ form }) => ({ Stacks: [stackTree(this.#stack(form.get('StackName')))] }),
    DescribeStackEvents: ({ form }) => this.#events(this.#stack(form.get('StackName'))),
    ExecuteChangeSet: ({ form }) => this.#execute(form),
  }

  #stack(nameOrId: string | null): Stack {
    const found = [...this.stacks.values()].find(
      (each) => each.id === nameOrId || each.name === nameOrId,
    )
    if (found !== undefined) return found
    throw new Refused('ValidationError', `Stack with id ${nameOrId} does not exist`)
  }

  #set(form: URLSearchParams): ChangeSet {
    const found = this.sets.get(form.get('ChangeSetName') ?? '')
    if (found !== undefined) return found
    const name = form.get('ChangeSetName')
    throw new Refused('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404)
  }

  #body(form: URLSearchParams): string {
    const url = form.get('TemplateURL')
    const body = form.get('TemplateBody') ?? (url === null ? null : this.templates.get(url))
    if (typeof body === 'string') return body
    throw new Refused('ValidationError', 'There is no template')
  }

  #create(form: URLSearchParams): Tree {
    const name = form.get('StackName') ?? ''
    const isNew = form.get('ChangeSetType') === 'CREATE'
    const stack = isNew ? this.#newStack(name) : this.#stack(name)
    const set = this.#compute(stack, {
      name: form.get('ChangeSetName') ?? '',
      body: this.#body(form),
      parameters: parametersOf(form, stack),
      role: form.get('RoleARN') ?? stack.role,
      nested: form.get('IncludeNestedStacks') === 'true',
      settings: settingsOf(form),
      isRoot: true,
    })
    if (isNew) stack.role = set.role
    return { Id: set.arn, StackId: stack.id }
  }

  #newStack(name: string): Stack {
    const id = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/${randomUUID()}`
    const base = { id, name, status: 'REVIEW_IN_PROGRESS', role: null, template: null }
    const stack: Stack = { ...base, parameters: [], events: [], coming: [] }
    this.stacks.set(id, stack)
    return stack
  }

  #compute(stack: Stack, wanted: Wanted): ChangeSet {
    const arn = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:changeSet/${wanted.name}/${randomUUID()}`
    const before = stack.template === null ? null : parse(stack.template)
    const after = parse(wanted.body)
    const isSame = JSON.stringify(stack.parameters) === JSON.stringify(wanted.parameters)
    const found = changesBetween(before, after)
    const changes = found.map((each) => this.#nest(each, stack, wanted))
    const isEmpty = wanted.isRoot && changes.length === 0 && before !== null && isSame
    const fails = Object.values(after.Resources).find((each) => each.Properties?.['FailsToPlan'])
    const { settings, parameters, role, name, isRoot } = wanted
    const set: ChangeSet = {
      ...{ arn, name, stack, isRoot, template: wanted.body, parameters, settings, role, changes },
      status: isEmpty || fails !== undefined ? 'FAILED' : 'CREATE_IN_PROGRESS',
      execution: 'UNAVAILABLE',
      reason: isEmpty ? NO_CHANGES : fails === undefined ? null : 'Template error: it is not valid',
      token: null,
    }
    this.sets.set(arn, set)
    return set
  }

  #nest(change: ResourceChange, stack: Stack, wanted: Wanted): ResourceChange {
    if (change.type !== NESTED || !wanted.nested || change.after === null) return change
    const body = this.templates.get(String(change.after.Properties?.['TemplateURL'])) ?? ''
    const name = `${stack.name}-${change.id}`
    const known = [...this.stacks.values()].find((each) => each.name === name)
    const inner = known ?? this.#newStack(name)
    const set = this.#compute(inner, { ...wanted, body, parameters: [], isRoot: false })
    set.status = 'CREATE_COMPLETE'
    return { ...change, nested: set.arn }
  }

  #describe(form: URLSearchParams): Tree {
    const set = this.#set(form)
    const wasMaking = set.status === 'CREATE_IN_PROGRESS'
    const withValues = form.get('IncludePropertyValues') === 'true'
    const left = withValues ? set.changes.filter(isLeftOut) : []
    const shown = set.changes.filter((each) => !left.includes(each))
    const from = Number(form.get('NextToken') ?? 0)
    const next = from + this.changesPerPage
    const tree = {
      ...set.settings,
      ChangeSetId: set.arn,
      ChangeSetName: set.name,
      StackId: set.stack.id,
      StackName: set.stack.name,
      CreationTime: '2026-01-01T00:00:00Z',
      Status: set.status,
      StatusReason: set.reason ?? (left.length === 0 ? undefined : LEFT_OUT),
      ExecutionStatus: set.execution,
      Parameters: set.parameters.map(({ key, value }) => ({
        ParameterKey: key,
        ParameterValue: isNoEcho(set.template, key) ? '****' : value,
      })),
      Changes: shown.slice(from, next).map((each) => changeTree(each, { withValues })),
      NextToken: next < shown.length ? String(next) : undefined,
    }
    // It was being made when it was asked for, and is made when it is asked for again.
    if (wasMaking) {
      set.status = 'CREATE_COMPLETE'
      set.execution = 'AVAILABLE'
    }
    return tree
  }

  #template(form: URLSearchParams): Tree {
    const { template } = this.#set(form)
    const isProcessed = form.get('TemplateStage') === 'Processed'
    const body = isProcessed ? JSON.stringify(JSON.parse(template)) : template
    return { TemplateBody: body, StagesAvailable: ['Original', 'Processed'] }
  }

  /** Newest first; a thing happens for every time that somebody looks. */
  #events(stack: Stack): Tree {
    const next = stack.coming.shift()
    if (next !== undefined) {
      stack.events.unshift(next)
      if (next.physical === stack.id) stack.status = next.status
    }
    return { StackEvents: stack.events.map(treeOf) }
  }

  #execute(form: URLSearchParams): Tree {
    const set = this.#set(form)
    const token = form.get('ClientRequestToken')
    if (set.token !== null && set.token === token) return {}
    if (set.execution !== 'AVAILABLE' || !set.isRoot) {
      const state = `its current execution status of [${set.execution}]`
      const message = `ChangeSet [${set.arn}] cannot be executed in ${state}`
      throw new Refused('InvalidChangeSetStatus', message)
    }
    set.token = token
    set.execution = 'EXECUTE_COMPLETE'
    this.#makeObsolete(set.stack)
    const told = eventsOf(set, token)
    set.stack.coming.push(...told.events)
    if (!told.fails) {
      set.stack.template = set.template
      set.stack.parameters = set.parameters
      set.stack.role = set.role
    }
    return {}
  }

  #makeObsolete(stack: Stack): void {
    for (const set of this.sets.values())
      if (set.stack === stack && set.execution === 'AVAILABLE') set.execution = 'OBSOLETE'
  }
}

interface Wanted {
  readonly name: string
  readonly body: string
  readonly parameters: Parameters
  readonly role: string | null
  readonly nested: boolean
  readonly settings: ChangeSet['settings']
  readonly isRoot: boolean
}

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set."
const LEFT_OUT =
  '[WARN] --include-property-values option can return incomplete ChangeSet data because: a resource failed property validation'

function parse(body: string): Template {
  return JSON.parse(body) as Template
}

function isNoEcho(template: string, key: string): boolean {
  return parse(template).Parameters?.[key]?.NoEcho === true
}

function summaryOf(body: string): Tree {
  const parameters = Object.entries(parse(body).Parameters ?? {})
  return {
    Parameters: parameters.map(([name, { NoEcho = false }]) => ({ ParameterKey: name, NoEcho })),
  }
}

function parametersOf(form: URLSearchParams, stack: Stack): Parameters {
  return listOf(form, 'Parameters').map((given) => {
    const key = given.get('ParameterKey') ?? ''
    const kept = stack.parameters.find((each) => each.key === key)?.value
    const value = given.get('UsePreviousValue') === 'true' ? kept : given.get('ParameterValue')
    return { key, value: value ?? '' }
  })
}

function settingsOf(form: URLSearchParams): ChangeSet['settings'] {
  const texts = (name: string) => listOf(form, name).map((each) => each.get('') ?? '')
  return {
    Capabilities: texts('Capabilities'),
    NotificationARNs: texts('NotificationARNs'),
    Tags: listOf(form, 'Tags').map((each) => ({
      Key: each.get('Key') ?? '',
      Value: each.get('Value') ?? '',
    })),
    OnStackFailure: form.get('OnStackFailure') ?? undefined,
    IncludeNestedStacks: form.get('IncludeNestedStacks') === 'true',
  }
}

function stackTree({ id, name, status, role, parameters }: Stack): Tree {
  return {
    StackId: id,
    StackName: name,
    StackStatus: status,
    CreationTime: '2026-01-01T00:00:00Z',
    RoleARN: role ?? undefined,
    Parameters: parameters.map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value })),
  }
}
