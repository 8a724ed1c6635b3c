/**
 * The way to the server. A refusal becomes an early end with the server's own three sentences; an
 * unreachable server is a fault that names the address and says that nothing was done.
 */
import { type Answer, type ApiProblem, type Client, createClient } from '@holdpoint/api/client'
import type { Settings } from '../settings.ts'
import { Ended, EXIT, type ExitCode, fault } from './ended.ts'

const ANSWER_WITHIN_MS = 120_000
/** Evidence of half a gigabyte over a slow line. */
const UPLOAD_WITHIN_MS = 30 * 60_000

export function connect(settings: Settings): Client {
  const identity = settings.identify()
  return createClient({
    baseUrl: settings.server,
    headers: () => identity,
    fetch: async (input, init) => {
      try {
        // A redirect could lead the token elsewhere.
        const within = init?.body instanceof Uint8Array ? UPLOAD_WITHIN_MS : ANSWER_WITHIN_MS
        const signal = init?.signal ?? AbortSignal.timeout(within)
        return await fetch(input, { ...init, redirect: 'error', signal })
      } catch (cause) {
        throw unreachable(settings.server, cause)
      }
    },
  })
}

function unreachable(server: string, cause: unknown): Ended {
  return fault(
    `The server at ${server} did not answer`,
    'Check --server or HOLDPOINT_SERVER, and that the server runs (holdpoint server).',
    cause,
  )
}

/** The value of an answer, or the early end that its refusal means. */
export function take<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new Ended(exitCodeOf(answer), explain(answer.problem))
}

export function explain(problem: ApiProblem): ApiProblem {
  const { code, title, detail, remedy } = problem
  return { code, title, detail, remedy }
}

const INPUT_CODES: readonly string[] = [
  'invalid_input',
  'policy_invalid',
  'bad_request',
  'too_large',
]

function exitCodeOf(answer: { readonly status: number; readonly problem: ApiProblem }): ExitCode {
  if (answer.problem.code === 'fault') return EXIT.fault
  return INPUT_CODES.includes(answer.problem.code) ? EXIT.usage : EXIT.refused
}
