/**
 * The door to addresses outside: one answer as text, within a time and a size. Redirects are errors,
 * because a key that is sent along must not go where nobody configured. Messages name the host and
 * never quote what was sent.
 */
import { Fault } from './fault.ts'

export interface Fetched {
  readonly status: number
  readonly text: string
}

export interface FetchLimits {
  readonly headers?: { readonly [name: string]: string }
  readonly withinMs?: number
  readonly bytesMax?: number
}

const WITHIN_MS = 10_000
const BYTES_MAX = 5 * 1024 * 1024

export async function fetchText(url: URL, limits: FetchLimits = {}): Promise<Fetched> {
  const { headers = {}, withinMs = WITHIN_MS, bytesMax = BYTES_MAX } = limits
  try {
    const signal = AbortSignal.timeout(withinMs)
    const response = await fetch(url, { headers, redirect: 'error', signal })
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
