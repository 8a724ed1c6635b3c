/** A local AWS: moto as a process of its own, with as many accounts as a test needs. */
import { spawn } from 'node:child_process'
import { find, freePort } from './machine.ts'

export interface Moto {
  readonly url: string
  /** Credentials that speak for an account, as environment variables. */
  readonly credentials: (account: string) => Promise<{ readonly [name: string]: string }>
  /** Names of the topics of a region, asked with credentials. */
  readonly topics: (account: string, region: string) => Promise<readonly string[]>
  readonly close: () => void
}

const VERSIONS: { readonly [service: string]: string } = { sts: '2011-06-15', sns: '2010-03-31' }
const READY_WITHIN_MS = 90_000

export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const program = find('moto') ?? 'moto_server'
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    detached: true,
    stdio: 'ignore',
  })
  const close = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  await untilAnswers(url)
  const credentials = async (account: string) => {
    const role = `arn:aws:iam::${account}:role/runner`
    const asked = { Action: 'AssumeRole', RoleArn: role, RoleSessionName: 'test' }
    const text = await ask(url, { key: 'test', region: 'us-east-1', service: 'sts', ...asked })
    const tag = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? ''
    return {
      AWS_ACCESS_KEY_ID: tag('AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: tag('SecretAccessKey'),
      AWS_SESSION_TOKEN: tag('SessionToken'),
    }
  }
  const topics = async (account: string, region: string) => {
    const key = (await credentials(account)).AWS_ACCESS_KEY_ID
    const text = await ask(url, { key, region, service: 'sns', Action: 'ListTopics' })
    return [...text.matchAll(/<TopicArn>[^<]*:([^<:]+)<\/TopicArn>/g)].map((each) => each[1] ?? '')
  }
  return { url, credentials, topics, close }
}

interface Asked {
  readonly key: string
  readonly region: string
  readonly service: string
  readonly [parameter: string]: string
}

/** Signed in form only: moto takes account and region from it and checks no signature. */
async function ask(url: string, { key, region, service, ...parameters }: Asked): Promise<string> {
  const scope = `${key}/20260101/${region}/${service}/aws4_request`
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ Version: VERSIONS[service] ?? '', ...parameters }).toString(),
  })
  return await response.text()
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (!(await fetch(`${url}/moto-api/`).then(isOk, () => false))) {
    if (performance.now() > deadline) throw new Error('moto_server does not answer')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isOk(response: Response): boolean {
  return response.ok
}
