/**
 * Signature version 4, verified: the request is signed once more with the key that we handed out,
 * over what arrived, and the two have to be equal.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface ArrivedRequest {
  readonly method: string
  /** As sent: path and query. */
  readonly target: string
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer
}

export interface Signed {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/

/** What the request says of its signature; `null` where it says nothing that can be read. */
export function readSigned(headers: ArrivedRequest['headers']): Signed | null {
  const parts = FORM.exec(headers['authorization'] ?? '')
  if (parts === null) return null
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] =
    parts
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature }
}

const UNSIGNED = /^(?:UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER)$/

export function isSignedWith(secret: string, signed: Signed, request: ArrivedRequest): boolean {
  const stated = request.headers['x-amz-content-sha256']
  const real = sha256(request.body)
  const payload = stated ?? real
  if (!UNSIGNED.test(payload) && payload !== real) return false
  if (!signed.signedHeaders.includes('host')) return false
  const at = request.headers['x-amz-date'] ?? ''
  if (!at.startsWith(signed.date)) return false
  const scope = `${signed.date}/${signed.region}/${signed.service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical(request, signed, payload))]
  const keys = [signed.date, signed.region, signed.service, 'aws4_request']
  const key = keys.reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secret}`))
  const expected = hmac(key, text.join('\n'))
  const given = Buffer.from(signed.signature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function canonical(request: ArrivedRequest, signed: Signed, payload: string): string {
  const [path = '/', query = ''] = request.target.split(/\?(.*)/s)
  const headers = signed.signedHeaders.map((name) => {
    return `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}\n`
  })
  return [
    request.method,
    // Every service but S3 encodes the path that was sent once more.
    signed.service === 's3' ? path : path.split('/').map(encode).join('/'),
    canonicalQuery(query),
    headers.join(''),
    signed.signedHeaders.join(';'),
    payload,
  ].join('\n')
}

function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter((each) => each !== '')
  const encoded = pairs.map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => decoded(part))
    return [encode(name), encode(value)] as const
  })
  const sorted = encoded.toSorted(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
  return sorted.map((pair) => pair.join('=')).join('&')
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', '%20'))
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  })
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
