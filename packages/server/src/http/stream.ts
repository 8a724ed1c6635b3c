/**
 * Server-sent events: which change moved. A hint, never a fact: whoever hears one asks again. A
 * client hears only of changes it may see at that moment, and one that does not read is dropped,
 * so that it cannot hold the server's memory.
 */
import type { ChangeId, Status, WorkspaceId } from '@holdpoint/core'
import type { FastifyReply } from 'fastify'

const HEARTBEAT_MS = 15_000
const UNREAD_BYTES_MAX = 64 * 1024

export interface Notice {
  readonly change: ChangeId
  readonly workspace: WorkspaceId
  readonly status: Status
  readonly seq: number
}

export interface Listener {
  /** One change, or `null` for all that `sees` lets through. */
  readonly change: ChangeId | null
  /** Who listens, as an id: an opener that listens is a runner that waits. */
  readonly actorId: string | null
  readonly sees: (notice: Notice) => Promise<boolean>
}

export interface StreamHub {
  /** Takes the connection over and sends what the client missed. */
  readonly attach: (reply: FastifyReply, listener: Listener, missed: readonly Notice[]) => void
  readonly publish: (notice: Notice) => Promise<void>
  readonly isListening: (change: ChangeId, actorId: string) => boolean
  readonly count: () => number
  /** Ends every stream; clients come back to another replica. */
  readonly close: () => void
}

interface Client {
  readonly listener: Listener
  readonly reply: FastifyReply
}

export function createStreamHub(counted: (count: number) => void): StreamHub {
  const clients = new Set<Client>()
  const beat = setInterval(() => {
    for (const client of clients) send(client, ': still here\n\n')
  }, HEARTBEAT_MS)
  beat.unref()

  const drop = (client: Client): void => {
    clients.delete(client)
    client.reply.raw.destroy()
    counted(clients.size)
  }
  const send = (client: Client, text: string): void => {
    const { raw } = client.reply
    if (raw.destroyed || raw.writableLength > UNREAD_BYTES_MAX) drop(client)
    else raw.write(text)
  }
  const attach: StreamHub['attach'] = (reply, listener, missed) => {
    const client = { listener, reply }
    begin(reply)
    clients.add(client)
    counted(clients.size)
    reply.raw.on('close', () => {
      clients.delete(client)
      counted(clients.size)
    })
    send(client, `retry: 2000\n\n${missed.map(textOf).join('')}`)
  }
  return {
    attach,
    publish: async (notice) => {
      // Asked once for whoever listens with many streams, or each would cost a query.
      const seen = new Map<string | null, boolean>()
      for (const client of [...clients]) {
        const { change, actorId, sees } = client.listener
        if (change !== null && change !== notice.change) continue
        const sight = seen.get(actorId) ?? (await sees(notice))
        if (actorId !== null) seen.set(actorId, sight)
        if (sight) send(client, textOf(notice))
      }
    },
    isListening: (change, actorId) =>
      [...clients].some(
        ({ listener }) => listener.change === change && listener.actorId === actorId,
      ),
    count: () => clients.size,
    close: () => {
      clearInterval(beat)
      for (const client of clients) client.reply.raw.end()
      clients.clear()
    },
  }
}

function begin(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...headerTexts(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Its connection ends with it: one kept alive would hold the server's own end up.
    connection: 'close',
    'x-accel-buffering': 'no',
  })
}

function headerTexts(reply: FastifyReply): { readonly [name: string]: string } {
  const headers = Object.entries(reply.getHeaders())
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]))
}

function textOf({ change, status, seq }: Notice): string {
  const data = JSON.stringify({ id: change, status, seq })
  return `id: ${seq}\nevent: change\ndata: ${data}\n\n`
}
