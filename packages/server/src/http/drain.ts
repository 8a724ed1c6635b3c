/**
 * An orderly end: no new requests, what runs gets time, and connections on which nothing runs are
 * closed at once. Node closes only those that have carried a request; one that a client opened in
 * advance would hold the end up for a minute.
 */
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A request that takes longer is cut off. */
const DRAIN_MS = 10_000

export interface Drain {
  readonly close: () => Promise<void>
}

export function prepareDrain(app: FastifyInstance): Drain {
  const open = new Set<Socket>()
  const busy = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    busy.add(socket)
    response.on('close', () => busy.delete(socket))
  })
  return {
    close: async () => {
      const closing = app.close()
      for (const socket of open) if (!busy.has(socket)) socket.destroy()
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
      await closing
      clearTimeout(cut)
    },
  }
}
