/**
 * The door to the server's own log, one JSON object a line. Credentials never get in: the places
 * where they travel are redacted by name, and secrets are `Secret`, which prints as `[secret]`.
 * Errors are printed with the chain of their causes, because no message repeats its cause.
 */
import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'
/** What most parts need of it. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

const REDACTED = ['authorization', 'cookie', 'set-cookie', 'token', 'secret', 'password'] as const
const CAUSES_MAX = 10

export interface LogOptions {
  readonly level: string
  /** Standard output unless given. */
  readonly destination?: DestinationStream
}

/** The logger itself, for Fastify too. */
export function createLog(options: LogOptions): Logger {
  const settings = {
    level: options.level,
    base: null,
    serializers: { err: errorChain, error: errorChain },
    redact: { paths: [...REDACTED.flatMap(placesOf)], censor: '[secret]' },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

function placesOf(name: string): readonly string[] {
  const key = `["${name}"]`
  return [key, `*${key}`, `*.*${key}`, `req.headers${key}`, `res.headers${key}`]
}

interface PrintedError {
  readonly name: string
  readonly message: string
  readonly code: string | null
  readonly stack: string | null
}

/** The error and its causes, outermost first. */
export function errorChain(error: unknown): readonly PrintedError[] {
  const chain: PrintedError[] = []
  let current: unknown = error
  while (current !== undefined && current !== null && chain.length < CAUSES_MAX) {
    chain.push(printed(current))
    current = current instanceof Error ? current.cause : null
  }
  return chain
}

function printed(error: unknown): PrintedError {
  if (!(error instanceof Error))
    return { name: typeof error, message: String(error), code: null, stack: null }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return { name: error.name, message: error.message, code, stack: error.stack ?? null }
}
