/**
 * What happens to what was thrown: input that cannot be read becomes a refusal that names it, a
 * fault becomes 502 or 503, a bug 500. The answer never says what is inside; the log has the chain.
 */
import type { ApiProblem } from '@holdpoint/api'
import type { Refusal } from '@holdpoint/core'
import type { FastifyError, FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Fault, type FaultCode } from '../io/fault.ts'
import type { Logger } from '../io/log.ts'
import type { Metrics } from '../metrics.ts'
import { problemText } from './input-words.ts'
import { FAULT, requestProblem, sendProblem, sendRefusal } from './problems.ts'

const STATUS_OF_FAULT: { readonly [C in FaultCode]: number } = {
  address_unusable: 500,
  clock_differs: 503,
  commit_unknown: 502,
  database_failed: 503,
  source_failed: 503,
  database_unsuitable: 500,
  file_failed: 500,
  folder_in_use: 500,
  key_unusable: 500,
  migration_changed: 500,
  shutting_down: 503,
  too_large: 413,
  wrong_digest: 422,
  wrong_mode: 500,
  quota_exceeded: 429,
  reads_only: 503,
  recovery_failed: 500,
}

/** Faults that are about what was sent: their sentence is for the sender. */
const ABOUT_REQUEST: readonly FaultCode[] = ['too_large', 'wrong_digest', 'quota_exceeded']

export function registerFaults(
  app: FastifyInstance,
  options: {
    readonly logger: Logger
    readonly metrics: Metrics
    readonly readsOnly: () => string | null
  },
): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof z.ZodError) {
      options.metrics.refused('invalid_input')
      return sendRefusal(reply, invalidInput(error))
    }
    if (error instanceof Fault) {
      const status = STATUS_OF_FAULT[error.code]
      if (ABOUT_REQUEST.includes(error.code))
        return sendProblem(reply, status, requestProblem(status, 'Not stored', error.message))
      // It is an error in the log once, when it is found, and not for every request after that.
      if (error.code === 'reads_only')
        return sendRefusal(reply, { code: 'reads_only', why: options.readsOnly() ?? '' })
      options.logger.error({ err: error }, 'a request failed')
      return sendProblem(
        reply,
        status,
        error.code === 'clock_differs' ? clockProblem(error) : FAULT,
      )
    }
    const status = error.statusCode ?? 500
    // Fastify's own words about requests that are not HTTP or JSON name nothing of ours.
    if (status >= 400 && status < 500)
      return sendProblem(reply, status, requestProblem(status, 'Not understood', error.message))
    options.logger.error({ err: error }, 'a request met a bug')
    return sendProblem(reply, 500, FAULT)
  })
}

/** A fault that a runner must hear of: nothing starts until the operator has mended it. */
function clockProblem({ message: detail }: Fault): ApiProblem {
  return {
    code: 'clock_differs',
    title: 'The clocks of server and database differ',
    detail,
    remedy: 'Tell the operator. Nothing was started, and the approval still stands.',
  }
}

export function invalidInput(error: z.ZodError): Refusal {
  const problems = error.issues.map(problemText)
  return { code: 'invalid_input', problems: problems.slice(0, 20) }
}
