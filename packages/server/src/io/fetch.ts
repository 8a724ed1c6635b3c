/**
 * The door to addresses outside: one answer as text, within a time and a size. Redirects are errors,
 * because a key that is sent along must not go where nobody configured. Messages name the host and
 * never quote what was sent.
 */
import { request } from 'node:https'
import { Fault } from './fault.ts'

export interface Fetched {
  readonly status: number
  readonly text: string
}

export interface FetchLimits {
  readonly headers?: { readonly [name: string]: string }
  readonly withinMs?: number
  readonly bytesMax?: number
  /** Sent as it is, by POST. */
  readonly body?: string
}

const WITHIN_MS = 10_000
const BYTES_MAX = 5 * 1024 * 1024

export async function fetchText(url: URL, limits: FetchLimits = {}): Promise<Fetched> {
  const { headers = {}, withinMs = WITHIN_MS, bytesMax = BYTES_MAX, body } = limits
  const sent = body === undefined ? {} : { method: 'POST', body }
  try {
    const signal = AbortSignal.timeout(withinMs)
    const response = await fetch(url, { ...sent, headers, redirect: 'error', signal })
    return { status: response.status, text: await readAll(response.body ?? [], bytesMax) }
  } catch (cause) {
    throw new Fault('source_failed', `${url.host} could not be asked`, { cause, retryable: true })
  }
}

/** By POST, where the other side's certificate is of an authority of its own. */
export async function postOver(
  url: URL,
  sent: {
    readonly headers: { readonly [name: string]: string }
    readonly ca: string
    readonly body: string
  },
): Promise<Fetched> {
  const { headers, ca, body } = sent
  const answered = Promise.withResolvers<Fetched>()
  const options = { method: 'POST', headers, ca, timeout: WITHIN_MS }
  const asking = request(url, options, (response) => {
    readAll(response, BYTES_MAX).then(
      (text) => answered.resolve({ status: response.statusCode ?? 0, text }),
      answered.reject,
    )
  })
  asking.on('timeout', () => asking.destroy(new Error('no answer in time')))
  asking.on('error', answered.reject)
  asking.end(body)
  try {
    return await answered.promise
  } catch (cause) {
    throw new Fault('source_failed', `${url.host} could not be asked`, { cause, retryable: true })
  }
}

async function readAll(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytesMax: number,
): Promise<string> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > bytesMax) throw new Error(`the answer is larger than ${bytesMax} bytes`)
    read.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(read))
}
