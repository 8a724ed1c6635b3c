/** The address: taken, or refused with the reason and what to do, in words. */
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import { Fault } from './io/fault.ts'

/** The port, which the system chose where it was 0. */
export async function listenOn(app: FastifyInstance, listen: Config['listen']): Promise<number> {
  try {
    const address = await app.listen({ host: listen.host, port: listen.port })
    return Number(new URL(address).port)
  } catch (cause) {
    const place = `could not listen on ${listen.host}:${listen.port}`
    throw new Fault('address_unusable', `${place}: ${reasonOf(cause)}`, { cause })
  }
}

const REASONS: { readonly [code: string]: string } = {
  EADDRINUSE:
    'another program, perhaps another holdpoint server, listens there; end it, or choose another ' +
    'port with --listen <host>:<port>',
  EADDRNOTAVAIL: 'this machine has no such address; choose one of its own with --listen',
  ENOTFOUND: 'there is no host of that name; choose an address with --listen',
  EACCES: 'that port needs more rights; choose one above 1023 with --listen',
}

function reasonOf(cause: unknown): string {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : null
  const isKnown = typeof code === 'string' && Object.hasOwn(REASONS, code)
  const reason = isKnown ? REASONS[code] : undefined
  return reason ?? 'the system refuses it; choose another address with --listen'
}
