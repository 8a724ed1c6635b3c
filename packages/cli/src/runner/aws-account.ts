/**
 * Which AWS account the frozen environment speaks for: one GetCallerIdentity, three seconds at
 * most. Keys in the environment are used directly; for profiles and roles the `aws` program is
 * asked when it is there. Whatever goes wrong, the answer is `unknown`, which is never a match.
 */
import { now } from '../io/clock.ts'
import type { Environment } from '../io/environment.ts'
import { findProgram, runToEnd } from '../io/spawn.ts'
import { type AwsKeys, signAwsPost } from './aws-signature.ts'

const UNKNOWN = 'unknown'
const TIME_MS_MAX = 3_000
const ANSWER_BYTES_MAX = 65_536
const CONTENT_TYPE = 'application/x-www-form-urlencoded; charset=utf-8'
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15'

export async function awsAccount(env: Environment, cwd: string): Promise<string> {
  const keys = keysIn(env)
  try {
    const answer = keys === null ? await askProgram(env, cwd) : await askService(env, keys)
    return /\b\d{12}\b/.exec(answer)?.[0] ?? UNKNOWN
  } catch {
    // Not reachable, not permitted, not installed: all the same, the account cannot be told.
    return UNKNOWN
  }
}

/** A profile in the environment does not beat keys in it, as with the provider. */
function keysIn(env: Environment): AwsKeys | null {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'] ?? ''
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'] ?? ''
  if (accessKeyId === '' || secretAccessKey === '') return null
  const token = env['AWS_SESSION_TOKEN'] ?? ''
  return { accessKeyId, secretAccessKey, sessionToken: token === '' ? null : token }
}

async function askService(env: Environment, keys: AwsKeys): Promise<string> {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1'
  const url = serviceAddress(env, region)
  if (url === null) return UNKNOWN
  const headers = signAwsPost(
    { url, body: BODY, contentType: CONTENT_TYPE, region, service: 'sts', at: now() },
    keys,
  )
  const signal = AbortSignal.timeout(TIME_MS_MAX)
  const response = await fetch(url, {
    method: 'POST',
    body: BODY,
    headers,
    signal,
    redirect: 'error',
  })
  if (!response.ok) return UNKNOWN
  const text = await response.text()
  return /<Account>(\d{12})<\/Account>/.exec(text)?.[1] ?? UNKNOWN
}

/** HTTPS, or HTTP to this machine alone: a signed request must not be readable on the way. */
export function serviceAddress(env: Environment, region: string): URL | null {
  const given = env['AWS_ENDPOINT_URL_STS'] ?? env['AWS_ENDPOINT_URL'] ?? ''
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const text = given === '' ? `https://sts.${region}.${suffix}/` : given
  if (!URL.canParse(text)) return null
  const url = new URL('/', text)
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) ? url : null
}

async function askProgram(env: Environment, cwd: string): Promise<string> {
  const program = findProgram('aws', env)
  if (program === null) return UNKNOWN
  const ended = await runToEnd({
    program,
    args: ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text'],
    cwd,
    env: { ...env, AWS_PAGER: '' },
    descriptor: null,
    stdoutBytesMax: ANSWER_BYTES_MAX,
    stderrBytesMax: ANSWER_BYTES_MAX,
    onLine: null,
    killGroupAtEnd: true,
    signal: AbortSignal.timeout(TIME_MS_MAX),
  })
  return ended.exitCode === 0 ? ended.stdout.toString('utf8') : UNKNOWN
}
