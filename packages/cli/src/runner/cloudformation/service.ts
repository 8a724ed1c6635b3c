/**
 * The only place that speaks to CloudFormation. Nothing is read from the machine's own settings:
 * region, address and credentials are given, so that what was planned where is what is executed
 * there. What the service refuses is told in its own words, redacted; what it does not answer is a
 * fault.
 */
import {
  CloudFormationClient,
  CloudFormationServiceException,
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  type ParameterDeclaration,
  type Stack,
  type StackEvent,
  type TemplateStage,
} from '@aws-sdk/client-cloudformation'
import { now } from '../../io/clock.ts'
import { Fault } from '../../io/fault.ts'
import type { RedactText } from '../output-redaction.ts'
import { JobRefused, ToolFailed } from '../tool.ts'
import type { AwsKeys } from './keys.ts'

export interface ServiceOptions {
  readonly region: string
  /** `null`: the service's own address in that region. */
  readonly endpoint: string | null
  readonly keys: AwsKeys
  readonly redact: RedactText
}

/** Names a change set and its stack, by ARN both. */
export interface SetName {
  readonly changeSet: string
  readonly stack: string | null
}

export interface Service {
  readonly create: (input: CreateChangeSetInput) => Promise<string>
  readonly remove: (name: SetName) => Promise<void>
  /** One page. */
  readonly describe: (name: SetName, page: DescribePage) => Promise<DescribeChangeSetOutput>
  /** `null` where the service has no such stage. */
  readonly template: (name: SetName, stage: TemplateStage) => Promise<string | null>
  readonly declared: (template: TemplateText) => Promise<readonly ParameterDeclaration[]>
  /** `null` where there is no such stack. */
  readonly stack: (nameOrId: string) => Promise<Stack | null>
  /** Newest first, one page. */
  readonly events: (stack: string, token: string | null) => Promise<EventPage>
  /** May be sent again with the same token: the service starts once. */
  readonly execute: (name: SetName, token: string) => Promise<void>
}

export interface DescribePage {
  readonly withValues: boolean
  readonly token: string | null
}

export type TemplateText = Pick<CreateChangeSetInput, 'TemplateBody' | 'TemplateURL'>

export interface EventPage {
  readonly events: readonly StackEvent[]
  readonly next: string | null
}

/** The service said no. Its words are redacted. */
export class ServiceRefused extends ToolFailed {
  /** The service's own name for it, `ChangeSetNotFound` for example. */
  readonly code: string

  constructor(step: string, cause: CloudFormationServiceException, redact: RedactText) {
    const words = `${cause.name}: ${cause.message}`
    super(step, { exitCode: null, stderr: Buffer.from(words) }, redact)
    this.code = cause.name
  }
}

export function openService(options: ServiceOptions): Service {
  const client = clientOf(options)
  const reach = <T>(step: string, asked: Promise<T>) => answered(step, asked, options.redact)
  return {
    create: async (input) => {
      const step = 'make the change set'
      const { Id } = await reach(step, client.send(new CreateChangeSetCommand(input)))
      if (Id === undefined) throw oddly('the change set it made has no ARN')
      return Id
    },
    remove: async (name) => {
      const command = new DeleteChangeSetCommand(inputOf(name))
      await reach('remove the change set', client.send(command))
    },
    describe: (name, { withValues, token }) => {
      const asked = { ...inputOf(name), IncludePropertyValues: withValues }
      const command = new DescribeChangeSetCommand({ ...asked, ...pageOf(token) })
      return reach('describe the change set', client.send(command))
    },
    template: async (name, stage) => {
      const command = new GetTemplateCommand({ ...inputOf(name), TemplateStage: stage })
      const answer = await reach('read the template', client.send(command))
      const { TemplateBody, StagesAvailable } = answer
      if (StagesAvailable !== undefined && !StagesAvailable.includes(stage)) return null
      return TemplateBody ?? null
    },
    declared: async (template) => {
      const command = new GetTemplateSummaryCommand(template)
      return (await reach('read the template', client.send(command))).Parameters ?? []
    },
    stack: (nameOrId) => findStack(client, nameOrId, options.redact),
    events: async (stack, token) => {
      const command = new DescribeStackEventsCommand({ StackName: stack, ...pageOf(token) })
      const answer = await reach('follow the stack', client.send(command))
      return { events: answer.StackEvents ?? [], next: answer.NextToken ?? null }
    },
    execute: async (name, token) => {
      const command = new ExecuteChangeSetCommand({ ...inputOf(name), ClientRequestToken: token })
      await reach('execute the change set', client.send(command))
    },
  }
}

const ATTEMPTS_MAX = 4
/** The client asks for keys again when half of this is over. */
const KEYS_GOOD_MS = 10 * 60_000

function clientOf({ region, endpoint, keys }: ServiceOptions): CloudFormationClient {
  return new CloudFormationClient({
    region,
    ...(endpoint === null ? { ignoreConfiguredEndpointUrls: true } : { endpoint }),
    credentials: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await keys()
      const token = sessionToken === null ? {} : { sessionToken }
      return { accessKeyId, secretAccessKey, ...token, expiration: new Date(now() + KEYS_GOOD_MS) }
    },
    maxAttempts: ATTEMPTS_MAX,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    userAgentAppId: 'holdpoint',
  })
}

function inputOf({ changeSet, stack }: SetName) {
  return { ChangeSetName: changeSet, ...(stack === null ? {} : { StackName: stack }) }
}

function pageOf(token: string | null) {
  return token === null ? {} : { NextToken: token }
}

async function findStack(
  client: CloudFormationClient,
  nameOrId: string,
  redact: RedactText,
): Promise<Stack | null> {
  try {
    const command = new DescribeStacksCommand({ StackName: nameOrId })
    const answer = await answered('read the stack', client.send(command), redact)
    return answer.Stacks?.[0] ?? null
  } catch (cause) {
    // The service has no code of its own for this.
    const isMissing = cause instanceof ServiceRefused && /does not exist/.test(cause.stderr)
    if (isMissing) return null
    throw cause
  }
}

async function answered<T>(step: string, asked: Promise<T>, redact: RedactText): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    if (cause instanceof ToolFailed || cause instanceof Fault) throw cause
    if (cause instanceof JobRefused) throw cause
    if (cause instanceof CloudFormationServiceException && isFinal(cause))
      throw new ServiceRefused(step, cause, redact)
    throw new Fault('cloud_unreachable', `CloudFormation did not answer when asked to ${step}`, {
      cause,
    })
  }
}

/** Being asked too often, or being broken, is no answer to the question. */
function isFinal({ name, $metadata }: CloudFormationServiceException): boolean {
  return ($metadata.httpStatusCode ?? 500) < 500 && !/throttl|limitexceeded/i.test(name)
}

function oddly(what: string): Fault {
  return new Fault('cloud_unreachable', `CloudFormation answered oddly: ${what}`)
}
