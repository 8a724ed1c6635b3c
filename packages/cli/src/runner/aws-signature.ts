/**
 * AWS Signature Version 4 for one small POST (the IAM user guide's "Create a signed AWS API
 * request"). Secret keys come in, a header goes out; nothing here is kept or printed.
 */
import { createHmac, hash } from 'node:crypto'

export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | null
}

export interface AwsRequest {
  readonly url: URL
  readonly body: string
  readonly contentType: string
  readonly region: string
  readonly service: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Headers of the signed request. The path must be `/` and there must be no query. */
export function signAwsPost(
  request: AwsRequest,
  keys: AwsKeys,
): { readonly [name: string]: string } {
  const stamp = new Date(request.at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const headers = {
    'content-type': request.contentType,
    host: request.url.host,
    'x-amz-date': stamp,
    ...(keys.sessionToken === null ? {} : { 'x-amz-security-token': keys.sessionToken }),
  }
  const names = Object.keys(headers).toSorted().join(';')
  const lines = Object.entries(headers).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const canonical = [
    'POST',
    '/',
    '',
    ...lines.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    hash('sha256', request.body),
  ].join('\n')
  const scope = `${stamp.slice(0, 8)}/${request.region}/${request.service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, hash('sha256', canonical)].join('\n')
  const signature = hmac(signingKey(request, keys, stamp), toSign).toString('hex')
  const { host: _, ...sent } = headers
  return {
    ...sent,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names}, Signature=${signature}`,
  }
}

function signingKey(request: AwsRequest, keys: AwsKeys, stamp: string): Buffer {
  const parts = [stamp.slice(0, 8), request.region, request.service, 'aws4_request']
  return parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${keys.secretAccessKey}`, 'utf8'))
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}
