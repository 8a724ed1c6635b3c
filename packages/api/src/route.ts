/** One row of the route table: method, path, what may be sent and what is answered. */
import type { z } from 'zod'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly summary: string
  /** `none`: anyone may ask. `read`: names who asks. `write`: and passes through the gate. */
  readonly access: 'none' | 'read' | 'write'
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply: z.ZodType | 'bytes' | 'text' | 'events'
}

export const route = <R extends Route>(row: R): R => row
