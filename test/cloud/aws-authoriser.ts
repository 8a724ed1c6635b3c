/**
 * Decides a call as AWS would: what the role permits, and what the session permits, both. A call
 * that nobody understands, or whose resource nobody can tell, is refused.
 */
import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate'
import { actionsOf } from '../../scripts/reference/iam/maintained.ts'
import type { AwsCall } from './aws-request.ts'
import { resourcesOf } from './aws-resources.ts'

/** One question to the policies; a call may need several. */
export interface Asked {
  readonly action: string
  readonly resource: string
  readonly context: { readonly [key: string]: string | readonly string[] }
}

export interface Session {
  readonly account: string
  readonly role: string
  readonly name: string
  readonly rolePolicy: unknown
  /** Parsed, or `null` where the session has none. */
  readonly sessionPolicy: unknown
}

/** Everything that has to be permitted for a call, or `null` where nobody can say. */
export function askedBy(call: AwsCall, account: string): readonly Asked[] | null {
  if (call.action === null) return null
  const [service = '', name = ''] = call.action.split(':')
  // Needs no permission, and cannot be denied.
  if (call.action === 'sts:GetCallerIdentity') return []
  const known = actionsOf(service).get(name)
  if (known === undefined) return null
  const context = contextOf(call)
  const all = resourcesOf(call, account)
  const resources = CORRECTED.has(call.action) ? all : all.filter((each) => fits(each, known.on))
  if (known.on.length > 0 && resources.length === 0) return null
  const own = (resources.length === 0 ? ['*'] : resources).map((resource) => {
    return { action: call.action ?? '', resource, context }
  })
  return [...own, ...besides(call, account)]
}

/** What the maintained list has wrong: the next two reach target groups. */
const CORRECTED: ReadonlySet<string> = new Set([
  // It does not know this one yet.
  'sts:GetScopedCredentials',
  'elasticloadbalancing:AddTags',
  'elasticloadbalancing:RemoveTags',
])

const KINDS: { readonly [kind: string]: string } = {
  autoScalingGroup: 'autoScalingGroup',
  cluster: 'cluster',
  statemachine: 'stateMachine',
  hostedzone: 'hostedzone',
  rootcatalog: 'catalog',
  topic: '',
  queue: '',
  bucket: '',
  Secret: 'secret',
}

/** Is the ARN one of the resource types that the action acts on? */
function fits(arn: string, types: readonly string[]): boolean {
  if (types.length === 0) return false
  const [, , service = '', , , ...rest] = arn.split(':')
  const resource = rest.join(':')
  if (service === 's3') return types.includes(resource.includes('/') ? 'object' : 'bucket')
  if (service === 'sqs' || service === 'sns') return true
  const kind = resource.split(/[/:]/)[0] ?? ''
  if (resource === 'catalog') return types.includes('rootcatalog')
  if (/:log-stream:.+/.test(resource)) return types.includes('log-stream')
  return types.some((type) => {
    const written = KINDS[type] ?? type
    return written === kind || (kind === 'rule' && type.startsWith('rule-on-default'))
  })
}

function contextOf({ action, parameters }: AwsCall): Asked['context'] {
  const prefix = parameters['prefix']
  if (action === 's3:ListBucket' && typeof prefix === 'string') return { 's3:prefix': prefix }
  const key = parameters['Key'] ?? parameters['Item']
  if (action?.startsWith('dynamodb:') && typeof key === 'object' && key !== null) {
    const first: unknown = Object.values(Object(Reflect.get(key, 'LockID')))[0]
    return typeof first === 'string' ? { 'dynamodb:LeadingKeys': [first] } : {}
  }
  return {}
}

/** What a call needs beside its own action: tags of what EC2 makes, and roles that are passed. */
function besides(call: AwsCall, account: string): readonly Asked[] {
  const names = Object.keys(call.parameters)
  const isTagging = call.service === 'ec2' && names.some((name) => /^TagSpecification/.test(name))
  const made = resourcesOf(call, account).filter((each) => each.endsWith('/new-1'))
  const tags = (isTagging ? made.slice(0, 1) : []).map((resource) => {
    return { action: 'ec2:CreateTags', resource, context: { 'ec2:CreateAction': call.operation } }
  })
  return [...tags, ...passed(call)]
}

const PASSING: { readonly [action: string]: readonly [service: string, ...names: string[]] } = {
  'lambda:CreateFunction': ['lambda', 'Role'],
  'lambda:UpdateFunctionConfiguration': ['lambda', 'Role'],
  'ecs:RegisterTaskDefinition': ['ecs-tasks', 'taskRoleArn', 'executionRoleArn'],
  'states:CreateStateMachine': ['states', 'roleArn'],
  'states:UpdateStateMachine': ['states', 'roleArn'],
}

function passed({ action, parameters }: AwsCall): readonly Asked[] {
  const [service = '', ...names] = PASSING[action ?? ''] ?? []
  return names.flatMap((name) => {
    const role = parameters[name]
    if (typeof role !== 'string') return []
    const context = { 'iam:PassedToService': `${service}.amazonaws.com` }
    return [{ action: 'iam:PassRole', resource: role, context }]
  })
}

/** Without the maintained list, and so without session policies: both are asked as a role's own. */
function permitsUnknown(simulation: Simulation): boolean {
  const { sessionPolicy, ...rest } = simulation
  const session = sessionPolicy === undefined ? [] : [{ name: 'session', policy: sessionPolicy }]
  const each = [rest.identityPolicies, ...session.map((policy) => [policy])]
  return each.every((identityPolicies) => {
    return runUnsafeSimulation({ ...rest, identityPolicies }, {}) === 'Allowed'
  })
}

function keyPolicy(account: string): object {
  const Principal = { AWS: `arn:aws:iam::${account}:root` }
  const Statement = [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }]
  return { Version: '2012-10-17', Statement }
}

/** `at` is the time that a policy's conditions see. */
export async function permits(
  session: Session,
  asked: Asked,
  at: number = Date.now(),
): Promise<boolean> {
  const context = Object.entries(asked.context).map(([key, value]) => {
    return [key, typeof value === 'string' ? value : [...value]] as const
  })
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:sts::${session.account}:assumed-role/${session.role}/${session.name}`,
      action: asked.action,
      resource: { resource: asked.resource, accountId: session.account },
      contextVariables: {
        ...Object.fromEntries(context),
        'aws:CurrentTime': new Date(at).toISOString(),
      },
    },
    ...(session.sessionPolicy === null ? {} : { sessionPolicy: session.sessionPolicy }),
    identityPolicies: [{ name: 'role', policy: session.rolePolicy }],
    // A key's own policy leaves it to the account, as the one that AWS makes does.
    ...(asked.action.startsWith('kms:') && asked.resource !== '*'
      ? { resourcePolicy: keyPolicy(session.account) }
      : {}),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }
  if (CORRECTED.has(asked.action)) return permitsUnknown(simulation)
  const result = await runSimulation(simulation, {})
  // For a resource with a wildcard it answers whether any at all is permitted: not asked here.
  return result.resultType === 'single' && result.overallResult === 'Allowed'
}
