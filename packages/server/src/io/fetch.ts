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
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > bytesMax) throw new Error(`the answer is larger than ${bytesMax} bytes`)
      chunks.push(chunk)
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
    return { status: response.status, text }
  } catch (cause) {
    throw new Fault('source_failed', `${url.host} could not be asked`, { cause, retryable: true })
  }
}

/** The status of a GET, where the other side's certificate is of an authority of its own. */
export async function statusOver(
  url: URL,
  { headers, ca }: { readonly headers: { readonly [name: string]: string }; readonly ca: string },
): Promise<number> {
  const answered = Promise.withResolvers<number>()
  const asking = request(url, { headers, ca, timeout: WITHIN_MS }, (response) => {
    response.resume()
    answered.resolve(response.statusCode ?? 0)
  })
  asking.on('timeout', () => asking.destroy(new Error('no answer in time')))
  asking.on('error', answered.reject)
  asking.end()
  try {
    return await answered.promise
  } catch (cause) {
    throw new Fault('source_failed', `${url.host} could not be asked`, { cause, retryable: true })
  }
}
