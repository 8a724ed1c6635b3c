/** What is to be deployed, from flags, files and environment. */
import { readFile } from 'node:fs/promises'
import { readEnvironment } from '../io/environment.ts'
import type { CloudformationJob, Deployment, GivenSet } from '../runner/cloudformation/job.ts'
import { environmentKeys } from '../runner/cloudformation/keys.ts'
import { badInput, usage } from './ended.ts'
import { hidingOf } from './hiding.ts'
import type { Call } from './row.ts'

const POLL_MS = 2_000

export async function jobOf(
  call: Call,
  wanted: Deployment | GivenSet,
  region: string,
): Promise<CloudformationJob> {
  const environment = readEnvironment()
  const own = environment['AWS_ENDPOINT_URL_CLOUDFORMATION'] ?? ''
  const general = environment['AWS_ENDPOINT_URL'] ?? ''
  const endpoint = own === '' ? general : own
  const keys = environmentKeys(readEnvironment)
  return {
    wanted,
    region,
    endpoint: endpoint === '' ? null : endpoint,
    planKeys: keys,
    executeKeys: keys,
    acceptsNoRole: call.flags.has('without-role'),
    patterns: await hidingOf(call.flags),
    token: call.settings.secret(),
    pollMs: POLL_MS,
  }
}

export function regionOf({ flags }: Call): string | null {
  const { AWS_REGION = '', AWS_DEFAULT_REGION = '' } = readEnvironment()
  const found = [flags.find('region') ?? '', AWS_REGION, AWS_DEFAULT_REGION]
  return found.find((each) => each !== '') ?? null
}

export async function deploymentOf({ flags }: Pick<Call, 'flags'>): Promise<Deployment> {
  const stackName = flags.find('stack-name')
  if (stackName === null) throw usage('Name the stack, with --stack-name <name>')
  const file = flags.find('parameters-file')
  const fromFile = file === null ? [] : parametersIn(await textOf(file), file)
  const minutes = flags.find('monitoring-minutes')
  if (minutes !== null && !/^\d{1,3}$/.test(minutes))
    throw usage('--monitoring-minutes is a number of minutes')
  return {
    type: 'deploy',
    stackName,
    template: await templateOf(flags.find('template'), flags.find('template-url'), stackName),
    parameters: new Map([...fromFile, ...pairs('parameter', flags.list('parameter'))]),
    tags: new Map(pairs('tag', flags.list('tag'))),
    capabilities: flags.list('capabilities'),
    roleArn: flags.find('role-arn'),
    notificationArns: flags.list('notification-arn'),
    rollbackAlarms: flags.list('rollback-alarm'),
    monitoringMinutes: minutes === null ? null : Number(minutes),
    onStackFailure: flags.find('on-stack-failure'),
  }
}

/** What the service takes in a request; larger ones it reads from S3. */
const TEMPLATE_BYTES_MAX = 51_200

async function templateOf(file: string | null, url: string | null, stackName: string) {
  if (url !== null && file !== null) throw usage('Give --template or --template-url, not both')
  if (url !== null) return { TemplateURL: url }
  const text = await textOf(file ?? `cdk.out/${stackName}.template.json`)
  if (Buffer.byteLength(text) <= TEMPLATE_BYTES_MAX) return { TemplateBody: text }
  throw badInput(
    `The template is larger than ${TEMPLATE_BYTES_MAX} bytes: put it into S3 and give ` +
      '--template-url, or let CDK make the change set and give its ARN to holdpoint cfn execute',
  )
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw badInput(`${JSON.stringify(file)} could not be read`)
  }
}

type Pair = readonly [string, string]

function pairs(flag: string, typed: readonly string[]): readonly Pair[] {
  return typed.map((each) => {
    const at = each.indexOf('=')
    if (at > 0) return [each.slice(0, at), each.slice(at + 1)]
    throw usage(`--${flag} is key=value`)
  })
}

/** `[{ ParameterKey, ParameterValue }]`, `{ Parameters: { … } }`, or the names and values alone. */
function parametersIn(text: string, file: string): readonly Pair[] {
  const document = parseJson(text, file)
  const entries = Array.isArray(document)
    ? document.map((each) => [at(each, 'ParameterKey'), at(each, 'ParameterValue')])
    : Object.entries(Object(at(document, 'Parameters') ?? document))
  return entries.map(([name, value]): Pair => {
    if (typeof name === 'string' && typeof value === 'string') return [name, value]
    throw badInput(`${JSON.stringify(file)} has a parameter whose name or value is no text`)
  })
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badInput(`${JSON.stringify(file)} is not JSON`)
  }
}

function at(document: unknown, key: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  return Object.hasOwn(document, key) ? Reflect.get(document, key) : undefined
}
