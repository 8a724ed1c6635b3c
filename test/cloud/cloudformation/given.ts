/** A run against the cloud beside this file and the stand-in server, for tests. */
import type { Difference } from '@holdpoint/core'
import { cloudformation } from '../../../packages/cli/src/runner/cloudformation/index.ts'
import type {
  CloudformationJob,
  Deployment,
  GivenSet,
} from '../../../packages/cli/src/runner/cloudformation/job.ts'
import { AWAY_MS_MAX } from '../../../packages/cli/src/runner/patience.ts'
import { type Run, startRun } from '../../../packages/cli/src/runner/run.ts'
import type { RunEvent } from '../../../packages/cli/src/runner/run-event.ts'
import type { StandInServer } from '../../../packages/cli/src/testing/stand-in-server.ts'
import { ACCOUNT, type CloudFormation, REGION } from './service.ts'

export const ROLE = `arn:aws:iam::${ACCOUNT}:role/deployer`
export const CANARY = 'canary-no-echo-7d21'
const PLAN = 'AKIAPLAN'
const EXECUTE = 'AKIAEXECUTE'

const FOLLOWS = ['DescribeStackEvents', 'DescribeChangeSet', 'DescribeStacks']

/** Planning may not execute, and executing may do nothing else. */
export function permit(cloud: CloudFormation): void {
  const plans = [
    ...FOLLOWS,
    'CreateChangeSet',
    'DeleteChangeSet',
    'GetTemplate',
    'GetTemplateSummary',
  ]
  cloud.keys.set(PLAN, new Set(plans))
  cloud.keys.set(EXECUTE, new Set([...FOLLOWS, 'ExecuteChangeSet']))
}

export interface Resources {
  readonly [id: string]: object
}

export function templateOf(resources: Resources, parameters: object = {}): string {
  return JSON.stringify({ Parameters: parameters, Resources: resources })
}

export function thing(properties: object = {}, more: object = {}): object {
  return { Type: 'AWS::SNS::Topic', Properties: properties, ...more }
}

export function deployment(template: string, more: Partial<Deployment> = {}): Deployment {
  return {
    type: 'deploy',
    stackName: 'shop',
    template: { TemplateBody: template },
    parameters: new Map(),
    tags: new Map(),
    capabilities: [],
    roleArn: ROLE,
    notificationArns: [],
    rollbackAlarms: [],
    monitoringMinutes: null,
    onStackFailure: null,
    ...more,
  }
}

export function jobOf(
  cloud: CloudFormation,
  wanted: Deployment | GivenSet,
  settings: Partial<CloudformationJob> = {},
): CloudformationJob {
  const key = (accessKeyId: string) => async () => {
    return { accessKeyId, secretAccessKey: `secret-of-${accessKeyId}`, sessionToken: null }
  }
  return {
    ...{ wanted, region: REGION, endpoint: cloud.url },
    ...{ planKeys: key(PLAN), executeKeys: key(EXECUTE) },
    ...{ acceptsNoRole: false, patterns: null, token: null, pollMs: 1 },
    ...settings,
  }
}

export interface Started extends Run {
  readonly events: RunEvent[]
}

export interface Clouds {
  readonly cloud: CloudFormation
  readonly server: StandInServer
}

export function start(
  { cloud, server }: Clouds,
  wanted: Deployment | GivenSet,
  more: Partial<CloudformationJob> & { readonly onEach?: (event: RunEvent, run: Run) => void } = {},
): Started {
  server.changes.clear()
  const events: RunEvent[] = []
  const { onEach, ...settings } = more
  const job = jobOf(cloud, wanted, settings)
  let begun: Run | null = null
  const run = startRun({
    tool: cloudformation(job),
    workspaceName: 'shop',
    client: server.client(),
    token: null,
    request: { pipeline: null, words: null, authors: [], agent: false, agentName: null },
    onEvent: (event) => {
      events.push(event)
      if (begun !== null) onEach?.(event, begun)
    },
    environment: () => ({}),
    program: [],
    noWait: false,
    awayMsMax: AWAY_MS_MAX,
    whenInterrupted: 'leave',
    grantSeconds: 3600,
    onDifference: async () => 'stop',
  })
  begun = run
  return { ...run, events }
}

/** A stack that is there, made through the gate. */
export async function givenStack(clouds: Clouds, template: string): Promise<void> {
  const { ended } = start(clouds, deployment(template))
  const result = await ended
  if (result.ending.type !== 'applied') throw new Error(JSON.stringify(result))
  clouds.cloud.done.length = 0
}

export const only = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type)

export const named = (differences: readonly Difference[]) =>
  differences.map(({ part, name }) => (name === null ? part : `${part}: ${name}`))

export const executedBy = (cloud: CloudFormation) =>
  cloud.done.filter(({ action }) => action === 'ExecuteChangeSet').map(({ key }) => key)

export { EXECUTE, PLAN }
