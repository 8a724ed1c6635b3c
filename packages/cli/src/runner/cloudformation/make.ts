/**
 * Makes the change set of a deployment and waits until the service has computed it. Parameters that
 * are not given keep the stack's values; a name that the template does not declare is refused, because
 * it was meant to do something.
 */
import { randomUUID } from 'node:crypto'
import type {
  Capability,
  CreateChangeSetInput,
  OnStackFailure,
  Parameter,
  ParameterDeclaration,
  Stack,
} from '@aws-sdk/client-cloudformation'
import {
  Capability as CAPABILITIES,
  OnStackFailure as FAILURES,
} from '@aws-sdk/client-cloudformation'
import { sleep } from '../../io/clock.ts'
import type { Interrupts } from '../interrupts.ts'
import { JobRefused, NothingToDo, ToolFailed } from '../tool.ts'
import type { Deployment, Secrets } from './job.ts'
import { type Service, ServiceRefused, type SetName } from './service.ts'

export interface Making {
  readonly service: Service
  readonly secrets: Secrets
  readonly interrupts: Interrupts
  readonly pollMs: number
}

export async function makeChangeSet(deployment: Deployment, making: Making): Promise<SetName> {
  const { service, secrets } = making
  const stack = await service.stack(deployment.stackName)
  const declared = await service.declared(deployment.template)
  for (const { ParameterKey: name = '', NoEcho } of declared) {
    const given = deployment.parameters.get(name)
    if (NoEcho === true && given !== undefined) secrets.add(given)
  }
  const changeSet = await service.create(inputOf(deployment, stack, declared)).catch(nothing)
  const name = { changeSet, stack: null }
  await untilMade(name, making)
  return name
}

/** Refused at once, where the service need not compute anything to see it. */
function nothing(cause: unknown): never {
  const isEmpty = cause instanceof ServiceRefused && /No updates are to be/.test(cause.stderr)
  throw isEmpty ? new NothingToDo() : cause
}

/** Also for one that somebody else has just made. */
export async function untilMade(name: SetName, making: Omit<Making, 'secrets'>): Promise<void> {
  const { service, interrupts, pollMs } = making
  for (;;) {
    const { Status } = await service.describe(name, { withValues: false, token: null })
    if (Status !== 'CREATE_PENDING' && Status !== 'CREATE_IN_PROGRESS') return
    await sleep(pollMs, interrupts.signal)
    if (interrupts.interrupted) throw stopped()
  }
}

function stopped(): ToolFailed {
  return new ToolFailed('make the change set', { exitCode: null, stderr: Buffer.alloc(0) }, String)
}

function inputOf(
  deployment: Deployment,
  stack: Stack | null,
  declared: readonly ParameterDeclaration[],
): CreateChangeSetInput {
  const isNew = stack === null || stack.StackStatus === 'REVIEW_IN_PROGRESS'
  const { stackName, template, roleArn, notificationArns, onStackFailure } = deployment
  const rollback = rollbackOf(deployment)
  return {
    StackName: stackName,
    ChangeSetName: `holdpoint-${randomUUID()}`,
    ClientToken: randomUUID(),
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    ...template,
    Parameters: parametersOf(deployment, isNew ? null : stack, declared),
    Capabilities: deployment.capabilities.map(capabilityOf),
    // The service computes what changes inside nested stacks only when it is asked to.
    IncludeNestedStacks: template.TemplateBody?.includes('AWS::CloudFormation::Stack') ?? true,
    ...(deployment.tags.size === 0 ? {} : { Tags: tagsOf(deployment.tags) }),
    ...(roleArn === null ? {} : { RoleARN: roleArn }),
    ...(notificationArns.length === 0 ? {} : { NotificationARNs: [...notificationArns] }),
    ...(rollback === null ? {} : { RollbackConfiguration: rollback }),
    ...(onStackFailure === null ? {} : { OnStackFailure: failureOf(onStackFailure) }),
  }
}

function parametersOf(
  { parameters }: Deployment,
  stack: Stack | null,
  declared: readonly ParameterDeclaration[],
): Parameter[] {
  const names = declared.map(({ ParameterKey = '' }) => ParameterKey)
  const foreign = [...parameters.keys()].filter((name) => !names.includes(name))
  if (foreign.length > 0)
    throw new JobRefused(`The template declares no parameter ${foreign.join(', ')}`)
  const kept = new Set(stack?.Parameters?.map(({ ParameterKey = '' }) => ParameterKey))
  return names.flatMap((name): Parameter[] => {
    const value = parameters.get(name)
    if (value !== undefined) return [{ ParameterKey: name, ParameterValue: value }]
    return kept.has(name) ? [{ ParameterKey: name, UsePreviousValue: true }] : []
  })
}

function tagsOf(tags: ReadonlyMap<string, string>) {
  return [...tags].map(([Key, Value]) => ({ Key, Value }))
}

function rollbackOf({ rollbackAlarms, monitoringMinutes }: Deployment) {
  if (rollbackAlarms.length === 0 && monitoringMinutes === null) return null
  const triggers = rollbackAlarms.map((Arn) => ({ Arn, Type: 'AWS::CloudWatch::Alarm' }))
  const minutes = monitoringMinutes === null ? {} : { MonitoringTimeInMinutes: monitoringMinutes }
  return { RollbackTriggers: triggers, ...minutes }
}

function capabilityOf(typed: string): Capability {
  const known = Object.values(CAPABILITIES).find((each) => each === typed)
  if (known !== undefined) return known
  throw new JobRefused(`--capabilities is one of ${Object.values(CAPABILITIES).join(', ')}`)
}

function failureOf(typed: string): OnStackFailure {
  const known = Object.values(FAILURES).find((each) => each === typed)
  if (known !== undefined) return known
  throw new JobRefused(`--on-stack-failure is one of ${Object.values(FAILURES).join(', ')}`)
}
