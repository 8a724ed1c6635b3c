/**
 * What a handler is given and gives: the parts of the request as the route table's schemas read
 * them, who asks, and an answer or a refusal as values. Handlers know nothing of HTTP beyond this.
 */
import type { RouteName, Routes } from '@holdpoint/api'
import type { Actor, Refusal } from '@holdpoint/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'

type Part<N extends RouteName, K extends 'params' | 'query' | 'body'> = Routes[N] extends {
  readonly [P in K]: infer S extends z.ZodType
}
  ? z.output<S>
  : undefined

export interface Ask<N extends RouteName> {
  /** `null` exactly where the route's access is `none`. */
  readonly actor: Routes[N]['access'] extends 'none' ? null : Actor
  readonly params: Part<N, 'params'>
  readonly query: Part<N, 'query'>
  readonly body: Part<N, 'body'>
  /** For uploads, cookies, tile paths and streams; everything else is above. */
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

/** An answer that is not JSON. */
export interface Sent {
  readonly contentType: string
  readonly content: Uint8Array | string
  /** Content addressed answers never change; others are asked for anew. */
  readonly immutable: boolean
}

/** The handler has taken the connection over. */
export const STREAMING = 'streaming'

export type Value<N extends RouteName> = Routes[N]['reply'] extends infer R
  ? R extends z.ZodType
    ? z.input<R>
    : R extends 'events'
      ? typeof STREAMING
      : Sent
  : never

export type Handler<N extends RouteName> = (ask: Ask<N>) => Promise<Result<Value<N>>>
export type Handlers = { readonly [N in RouteName]: Handler<N> }

export function done<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function refused(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal }
}
