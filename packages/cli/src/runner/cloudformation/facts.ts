/**
 * What a change set is bound to (DESIGN §5): its ARN, both forms of every template, every nested
 * set, parameters, capabilities, service role, notifications, tags and rollback configuration. Values
 * of parameters and tags are hidden by the change's key; one with NoEcho is masked by the service
 * itself, and the ARN is what binds it.
 */
import type { DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation'
import { nodePrimitives } from '@holdpoint/api/node'
import type { Digest } from '@holdpoint/core'
import {
  canonicalText,
  digestText,
  type Hide,
  type Input,
  type Json,
  type SourceFile,
  type Target,
  type WorkspaceId,
} from '@holdpoint/core'
import { bind, type Facts } from '../facts.ts'
import type { Described, DescribedSet } from './described.ts'
import type { CloudformationJob } from './job.ts'

export interface Where {
  readonly job: Pick<CloudformationJob, 'region' | 'endpoint'>
  readonly workspace: WorkspaceId
  /** Who acts; `null`: whoever executes. */
  readonly role: string | null
  /** Does the stack exist, or does this change set make it? */
  readonly isNew: boolean
}

export interface Hiding {
  readonly hide: Hide
  /** Of the plan under that key. */
  readonly planDigest: Digest
}

export function factsOf(described: Described, where: Where, { hide, planDigest }: Hiding): Facts {
  const facts = {
    tool: 'cloudformation',
    target: targetOf(described, where),
    source: { v: 1, files: described.sets.flatMap(filesOf) },
    inputs: { v: 1, inputs: described.sets.flatMap((set) => inputsOf(set, hide)) },
    flags: flagsOf(described),
  } as const
  const artifact = sha256(described.name.changeSet)
  const bound = { workspace: where.workspace, artifact, plan: planDigest }
  return { ...facts, warnings: [], binding: bind(bound, facts) }
}

/** The last part of a stack's ARN: another one after it was deleted and made again. */
export function lineageOf(stack: string): string {
  return stack.split('/').at(-1) ?? stack
}

function targetOf({ name, stackName }: Described, { job, role, isNew }: Where): Target {
  const [, , , region = job.region, account = 'unknown'] = name.stack.split(':')
  const acts = role === null ? {} : { 'acts-as': role }
  const endpoints = job.endpoint === null ? {} : { cloudformation: job.endpoint }
  return {
    backend: { type: 'cloudformation', settings: { stack: stackName, ...acts } },
    toolWorkspace: 'default',
    lineage: isNew ? null : lineageOf(name.stack),
    providers: [{ key: 'aws', type: 'aws', alias: null, region, endpoints }],
    principals: [{ provider: 'aws', account }],
  }
}

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
}

function filesOf({ path, templates, fields }: DescribedSet): readonly SourceFile[] {
  const files = templates.map(({ stage, text }) => ({ name: `template (${stage})`, text }))
  const settings = { name: 'settings', text: settingsText(fields) }
  return [...files, settings].map(({ name, text }) => {
    return { path: inside(path, name), executable: false, sha256: sha256(text) }
  })
}

/** Read elsewhere, hidden elsewhere, or different in every answer. */
const NO_SETTINGS: ReadonlySet<string> = new Set([
  'Changes',
  'CreationTime',
  'ExecutionStatus',
  'NextToken',
  'Parameters',
  'Status',
  'StatusReason',
  'Tags',
])

/** Everything that the service says of the set itself, also what this version does not know. */
export function settingsText(fields: DescribeChangeSetOutput): string {
  const kept = Object.entries(fields).filter(([key]) => !NO_SETTINGS.has(key))
  const plain: Json = JSON.parse(JSON.stringify(Object.fromEntries(kept)))
  return canonicalText(plain)
}

function inputsOf({ path, fields }: DescribedSet, hide: Hide): readonly Input[] {
  const input = (name: string, value: string): Input => {
    const address = `input variable ${name}`
    return { kind: 'variable', name, token: hide({ address, path: '', value, by: 'tool' }).token }
  }
  const parameters = (fields.Parameters ?? []).map((each) => {
    const { ParameterKey: key = '', ResolvedValue: resolved, ParameterValue: value } = each
    // What a reference to a parameter store stood for when the set was made.
    return input(inside(path, key), resolved ?? value ?? '')
  })
  const tags = (fields.Tags ?? []).map(({ Key = '', Value = '' }) => {
    return input(inside(path, `tag ${Key}`), Value)
  })
  return [...parameters, ...tags]
}

function flagsOf({ sets }: Described): readonly string[] {
  return sets.flatMap(({ path, name, fields }) => {
    const flag = (key: string, value: string) => `--${key}=${fitting(inside(path, value))}`
    const rollback = fields.RollbackConfiguration
    const minutes = rollback?.MonitoringTimeInMinutes
    const one = (key: string, value: unknown) =>
      value === undefined || value === false ? [] : [flag(key, String(value))]
    return [
      flag('change-set', name.changeSet),
      ...(fields.Capabilities ?? []).map((each) => flag('capability', each)),
      ...(fields.NotificationARNs ?? []).map((each) => flag('notification', each)),
      ...(rollback?.RollbackTriggers ?? []).map(({ Arn, Type }) =>
        flag('rollback-trigger', `${Type} ${Arn}`),
      ),
      ...one('monitoring-minutes', minutes),
      ...one('on-stack-failure', fields.OnStackFailure),
      ...one('import-existing-resources', fields.ImportExistingResources),
      ...one('deployment-mode', fields.DeploymentMode),
    ]
  })
}

const FLAG_CHARACTERS_MAX = 400

/** A flag stands in the log's entry, which has room for so much. */
function fitting(value: string): string {
  return value.length <= FLAG_CHARACTERS_MAX ? value : `sha256:${sha256(value)}`
}

export function sha256(text: string): Digest {
  return digestText(nodePrimitives, text)
}
