/** The server's door for terminals: forms in, JSON out, and the RFCs' own error names. */
import type { Settings } from '../settings.ts'
import { fault } from './ended.ts'

const ANSWER_WITHIN_MS = 30_000

export async function askOauth(
  { server }: Settings,
  path: string,
  fields: { readonly [name: string]: string },
): Promise<{ readonly answer: object }> {
  try {
    const response = await fetch(`${server}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      // A redirect could lead the code elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const answer: unknown = await response.json()
    return { answer: typeof answer === 'object' && answer !== null ? answer : {} }
  } catch (cause) {
    throw fault(
      `The server at ${server} did not answer`,
      'Check --server or HOLDPOINT_SERVER, and that the server runs (holdpoint server).',
      cause,
    )
  }
}

export function textIn(answer: object, name: string): string | null {
  const value: unknown = Reflect.get(answer, name)
  return typeof value === 'string' && value !== '' ? value : null
}
