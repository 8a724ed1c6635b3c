/** Calls a service with keys, signed as AWS's own clients do. */
import { createHash, createHmac } from 'node:crypto'
import type { SessionKeys } from './take-role.ts'

export interface Called {
  readonly status: number
  readonly text: string
}

export interface Calling {
  readonly url: string
  readonly service: string
  readonly region?: string
  readonly keys: Partial<SessionKeys> &
    Pick<SessionKeys, 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY'>
  /** What arrives instead of what was signed. */
  readonly instead?: { readonly [name: string]: string }
}

/** One call in the query protocol. */
export async function callQuery(
  { url, service, region = 'eu-central-1', keys, instead }: Calling,
  fields: { readonly [name: string]: string },
): Promise<Called> {
  const body = new URLSearchParams(fields).toString()
  const at = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const token = keys.AWS_SESSION_TOKEN ?? ''
  const signed = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    host: new URL(url).host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': at,
    ...(token === '' ? {} : { 'x-amz-security-token': token }),
  }
  const names = Object.keys(signed).toSorted().join(';')
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['POST', '/', '', lines.toSorted().join(''), names, sha256(body)].join('\n')
  const scope = `${at.slice(0, 8)}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n')
  const signature = hmac(
    scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${keys.AWS_SECRET_ACCESS_KEY}`)),
    text,
  ).toString('hex')
  const credential = `Credential=${keys.AWS_ACCESS_KEY_ID}/${scope}`
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`
  const { host: _, ...headers } = signed
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, authorization },
    body: instead === undefined ? body : new URLSearchParams(instead).toString(),
  })
  return { status: response.status, text: await response.text() }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
