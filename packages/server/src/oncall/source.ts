/**
 * Where schedules are read: what a kind of source is and what it answers. It names people by the
 * service's own immutable ids; who they are here is said by the configuration and never guessed. A
 * source that cannot be read throws: nobody is on call by silence.
 */
import type { Instant } from '@holdpoint/core'
import { z } from 'zod'
import { reference } from '../config-sign-in.ts'
import type { Fetched, FetchLimits } from '../io/fetch.ts'
import type { Secret } from '../io/secret.ts'

export interface Reading {
  /** First tier first; people by the service's ids. */
  readonly tiers: readonly (readonly string[])[]
  /** When somebody's turn ends by what the source says; `null` where it does not say. */
  readonly endsAt: Instant | null
  /** When the next turn begins, where the source says. */
  readonly nextAt: Instant | null
}

export interface OnCallSource {
  readonly read: (now: Instant) => Promise<Reading>
}

/** Only what a source may use. */
export interface SourceIo {
  readonly fetchText: (url: URL, limits?: FetchLimits) => Promise<Fetched>
  readonly readFile: (path: string) => Promise<string>
}

/** What every kind has in common. */
export const SCHEDULE = {
  schedule: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be a plain name, as in oncall:<name>')
    .describe('What rules call it: `oncall:<name>`.'),
  people: z
    .record(z.string().min(1).max(200), z.string().min(1).max(200))
    .describe('The service’s immutable user id (or a calendar’s address) to a handle here.'),
}

export const token = reference('Key that may read schedules, by reference.')

/** https, or http on this very machine. */
export const address = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
}, 'must be an https address')

export interface SourceKind<K extends string, S extends z.ZodObject> {
  readonly kind: K
  readonly summary: string
  readonly config: S
  readonly create: (config: z.output<S>, secret: Secret | null, io: SourceIo) => OnCallSource
}

/** Checks the types of one kind where it is written. */
export function sourceKind<K extends string, S extends z.ZodObject>(
  kind: SourceKind<K, S>,
): SourceKind<K, S> {
  return kind
}

export function answerOf(fetched: Fetched, service: string): unknown {
  if (fetched.status !== 200) throw new Error(`${service} answered ${fetched.status}`)
  try {
    return JSON.parse(fetched.text)
  } catch {
    throw new Error(`${service} answered something that is not JSON`)
  }
}

export const TIERS_MAX = 10
