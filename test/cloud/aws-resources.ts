/**
 * Which resources a call acts on, read from its parameters. By hand and on its own: nothing here
 * comes from the table that session policies are derived with, which tests hold against this.
 */
import type { AwsCall } from './aws-request.ts'

export interface Where {
  readonly account: string
  readonly region: string
}

type Parameters = AwsCall['parameters']

/** Every ARN that the parameters speak of, also of what the call is about to make. */
export function resourcesOf(call: AwsCall, account: string): readonly string[] {
  const where = { account, region: call.region }
  const own = RESOURCES[call.service]?.(call.parameters, where, call.operation) ?? []
  return [...new Set(own.filter((each) => each !== ''))]
}

type Reader = (parameters: Parameters, where: Where, operation: string) => readonly string[]

function text(parameters: Parameters, ...names: readonly string[]): string {
  const found = names.map((name) => parameters[name]).find((each) => each !== undefined)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/** `Names.member.1`, or a list of JSON. */
function texts(parameters: Parameters, name: string): readonly string[] {
  const listed = parameters[name]
  if (Array.isArray(listed)) return listed.map(String)
  const form = new RegExp(`^${name}(?:\\.\\w+)?\\.\\d+$`)
  return Object.keys(parameters)
    .filter((key) => form.test(key))
    .map((key) => String(parameters[key]))
}

function arn(service: string, { account, region }: Where, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`
}

/** A name becomes an ARN; an ARN stays one. */
function named(service: string, where: Where, prefix: string): (name: string) => string {
  return (name) => {
    if (name === '') return ''
    return name.startsWith('arn:') ? name : arn(service, where, `${prefix}${name}`)
  }
}

const isArn = (name: string): boolean => name.startsWith('arn:')

const last = (path: string): string => path.split(/[/:]/).at(-1) ?? path

const sqs: Reader = (given, where) => {
  const name = text(given, 'QueueName') || last(text(given, 'QueueUrl'))
  return [named('sqs', where, '')(name)]
}

const sns: Reader = (given, where) => {
  const subscription = text(given, 'SubscriptionArn').replace(/:[^:]+$/, '')
  const topic = text(given, 'TopicArn', 'ResourceArn') || subscription
  return [named('sns', where, '')(topic || text(given, 'Name'))]
}

const s3: Reader = (given) => {
  const bucket = `arn:aws:s3:::${text(given, 'Bucket')}`
  const key = text(given, 'Key')
  return key === '' ? [bucket] : [`${bucket}/${key}`]
}

const dynamodb: Reader = (given, where) => {
  return [named('dynamodb', where, 'table/')(text(given, 'TableName', 'ResourceArn'))]
}

const logs: Reader = (given, where, operation) => {
  const group = text(given, 'logGroupName', 'resourceArn', 'logGroupIdentifier')
  const groupArn = named('logs', where, 'log-group:')(group).replace(/:\*$/, '')
  const stream = text(given, 'logStreamName')
  // AWS asks about a group with the beginning of its streams behind it, except for tags.
  const isTagging = /Tag/.test(operation) || groupArn === ''
  const asked = isTagging ? groupArn : `${groupArn}:log-stream:`
  return stream === '' ? [asked] : [asked, `${groupArn}:log-stream:${stream}`]
}

const cloudwatch: Reader = (given, where) => {
  const alarms = [text(given, 'AlarmName'), ...texts(given, 'AlarmNames')]
  const boards = [text(given, 'DashboardName'), ...texts(given, 'DashboardNames')]
  return [
    ...alarms.map(named('cloudwatch', where, 'alarm:')),
    ...boards.map(named('cloudwatch', { ...where, region: '' }, 'dashboard/')),
    text(given, 'ResourceARN'),
  ]
}

const events: Reader = (given, where, operation) => {
  const isBus = operation.endsWith('EventBus')
  const rule = text(given, 'Rule') || (isBus ? '' : text(given, 'Name'))
  const bus = isBus ? text(given, 'Name') : ''
  return [
    named('events', where, 'rule/')(rule),
    named('events', where, 'event-bus/')(bus),
    text(given, 'ResourceARN'),
  ]
}

const ssm: Reader = (given, where) => {
  const names = [text(given, 'Name', 'ResourceId'), ...texts(given, 'Names')]
  return names.map((name) => named('ssm', where, 'parameter/')(name.replace(/^\//, '')))
}

const secretsmanager: Reader = (given, where) => {
  const name = text(given, 'SecretId', 'Name')
  // AWS decides about the ARN, and adds six characters to a name.
  return [named('secretsmanager', where, 'secret:')(isArn(name) ? name : `${name}-AbCdEf`)]
}

const kinesis: Reader = (given, where) => {
  return [named('kinesis', where, 'stream/')(text(given, 'StreamARN', 'StreamName'))]
}

const ecr: Reader = (given, where) => {
  const names = [text(given, 'repositoryName', 'resourceArn'), ...texts(given, 'repositoryNames')]
  return names.map(named('ecr', where, 'repository/'))
}

const elasticfilesystem: Reader = (given, where) => {
  return [
    named('elasticfilesystem', where, 'file-system/')(text(given, 'FileSystemId') || 'fs-new'),
  ]
}

const lambda: Reader = (given, where) => {
  const name = text(given, 'FunctionName')
  const tagged = text(given, 'ResourceArn')
  return [named('lambda', where, 'function:')(name || tagged)]
}

const ecs: Reader = (given, where) => {
  const cluster = last(text(given, 'cluster', 'clusterName') || texts(given, 'clusters')[0] || '')
  const services = [text(given, 'serviceName', 'service'), ...texts(given, 'services')].map(last)
  const family = text(given, 'family', 'taskDefinition')
  return [
    named('ecs', where, 'cluster/')(cluster),
    ...services.map((each) => (each === '' ? '' : arn('ecs', where, `service/${cluster}/${each}`))),
    named('ecs', where, 'task-definition/')(/^$|:/.test(family) ? family : `${family}:1`),
    text(given, 'resourceArn'),
  ]
}

const states: Reader = (given, where, operation) => {
  const prefix = operation.includes('Activity') ? 'activity:' : 'stateMachine:'
  const name = text(given, 'stateMachineArn', 'activityArn', 'resourceArn', 'name')
  return [named('states', where, prefix)(name)]
}

const rds: Reader = (given, where, operation) => [
  // Without a name it asks about every one, and who may know only some is refused.
  named(
    'rds',
    where,
    'db:',
  )(
    text(given, 'DBInstanceIdentifier') || (operation === 'DescribeDBInstances' ? 'every-one' : ''),
  ),
  named('rds', where, 'subgrp:')(text(given, 'DBSubnetGroupName')),
  named('rds', where, 'pg:')(text(given, 'DBParameterGroupName')),
  named('rds', where, 'snapshot:')(text(given, 'FinalDBSnapshotIdentifier')),
  text(given, 'ResourceName'),
]

const elasticache: Reader = (given, where) => [
  named('elasticache', where, 'subnetgroup:')(text(given, 'CacheSubnetGroupName')),
  text(given, 'ResourceName'),
]

const route53: Reader = (given) => {
  const zone = last(text(given, 'HostedZoneId'))
  const change = last(text(given, 'ChangeId'))
  if (change !== '') return [`arn:aws:route53:::change/${change}`]
  return [`arn:aws:route53:::hostedzone/${zone || 'ZNEW'}`]
}

const athena: Reader = (given, where) => {
  return [named('athena', where, 'workgroup/')(text(given, 'Name', 'WorkGroup', 'ResourceARN'))]
}

const glue: Reader = (given, where) => {
  const input = given['DatabaseInput']
  const own = typeof input === 'object' && input !== null ? { ...input } : {}
  const name = text(given, 'Name', 'DatabaseName', 'ResourceArn') || text(own, 'Name')
  return [arn('glue', where, 'catalog'), named('glue', where, 'database/')(name)]
}

const kms: Reader = (given, where) => {
  const alias = text(given, 'AliasName')
  const key = text(given, 'KeyId', 'TargetKeyId')
  return [named('kms', where, 'key/')(key), alias === '' ? '' : arn('kms', where, alias)]
}

const iam: Reader = (given, where) => {
  const own = named('iam', { ...where, region: '' }, '')
  const path = text(given, 'Path').replace(/^\//, '')
  const kinds = { RoleName: 'role', UserName: 'user', GroupName: 'group', PolicyName: 'policy' }
  const all = { ...kinds, InstanceProfileName: 'instance-profile' }
  const names = Object.entries(all).flatMap(([name, kind]) => {
    const value = text(given, name)
    return value === '' ? [] : [own(`${kind}/${path}${value}`)]
  })
  return [...names, text(given, 'PolicyArn')]
}

const elasticloadbalancing: Reader = (given, where, operation) => {
  const arns = [...texts(given, 'TargetGroupArns'), ...texts(given, 'ResourceArns')]
  const isNew = operation === 'CreateTargetGroup'
  const made = isNew
    ? arn('elasticloadbalancing', where, `targetgroup/${text(given, 'Name')}/0`)
    : ''
  return [text(given, 'TargetGroupArn'), ...arns, made]
}

const scheduler: Reader = (given, where) => {
  return [named('scheduler', where, 'schedule-group/')(text(given, 'Name', 'ResourceArn'))]
}

/** Ids of EC2 say what they are. */
const EC2_KINDS: { readonly [prefix: string]: string } = {
  ami: 'image',
  acl: 'network-acl',
  dopt: 'dhcp-options',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  i: 'instance',
  igw: 'internet-gateway',
  lt: 'launch-template',
  nat: 'natgateway',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
}

const EC2_MADE: { readonly [operation: string]: readonly string[] } = {
  AllocateAddress: ['elastic-ip'],
  CreateDhcpOptions: ['dhcp-options'],
  CreateInternetGateway: ['internet-gateway'],
  CreateLaunchTemplate: ['launch-template'],
  CreateNatGateway: ['natgateway'],
  CreateRouteTable: ['route-table'],
  CreateSecurityGroup: ['security-group'],
  CreateSubnet: ['subnet'],
  CreateVolume: ['volume'],
  CreateVpc: ['vpc'],
  RunInstances: ['instance', 'volume', 'network-interface'],
}

const ec2: Reader = (given, where, operation) => {
  const ids = Object.values(given)
    .map(String)
    .filter((each) => /^[a-z]+-[0-9a-f]{8,}$/.test(each))
  const known = ids.map((id) => {
    const kind = EC2_KINDS[id.split('-')[0] ?? '']
    // Images belong to who published them.
    const owner = kind === 'image' ? { ...where, account: '' } : where
    return kind === undefined ? '' : arn('ec2', owner, `${kind}/${id}`)
  })
  const made = (EC2_MADE[operation] ?? []).map((kind) => arn('ec2', where, `${kind}/new-1`))
  const pair = text(given, 'KeyName', 'KeyName.1')
  return [...known, ...made, pair === '' ? '' : arn('ec2', where, `key-pair/${pair}`)]
}

const sts: Reader = (given) => [text(given, 'RoleArn')]

const RESOURCES: { readonly [service: string]: Reader } = {
  athena,
  cloudwatch,
  dynamodb,
  ec2,
  ecr,
  ecs,
  elasticache,
  elasticfilesystem,
  elasticloadbalancing,
  events,
  glue,
  iam,
  kinesis,
  kms,
  lambda,
  logs,
  rds,
  route53,
  s3,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  ssm,
  states,
  sts,
}
