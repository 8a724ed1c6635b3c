/**
 * Hears PostgreSQL notifications on a connection of its own, and connects again when that one is
 * lost. What was missed meanwhile is not known: every hearer is then called with an empty payload
 * and looks for itself. A notification is a hint, never a fact.
 */
import pg from 'pg'
import { Fault } from '../io/fault.ts'
import type { Logger } from '../io/log.ts'
import type { Secret } from '../io/secret.ts'

type Hear = (payload: string) => void

export interface Listener {
  listen(channel: string, hear: Hear): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** How the database knows a running server: each keeps this connection as long as it runs. */
export const SERVER_NAME = 'holdpoint server'
const AGAIN_AFTER_MS = 1_000

export function createListener(databaseUrl: Secret, logger: Logger | null): Listener {
  const hearers = new Map<string, Set<Hear>>()
  let connecting: Promise<pg.Client> | null = null
  let again: NodeJS.Timeout | null = null
  let closed = false

  const connect = async (): Promise<pg.Client> => {
    const connectionString = databaseUrl.reveal()
    const client = new pg.Client({ connectionString, application_name: SERVER_NAME })
    client.on('notification', (message) => {
      for (const hear of hearers.get(message.channel) ?? []) hear(message.payload ?? '')
    })
    client.on('error', (error) => logger?.warn({ err: error }, 'the notification link broke'))
    client.on('end', reconnectLater)
    await client.connect()
    for (const channel of hearers.keys()) await client.query(`listen ${quoted(channel)}`)
    return client
  }

  function reconnectLater(): void {
    connecting = null
    if (closed || again !== null || hearers.size === 0) return
    again = setTimeout(() => {
      again = null
      connecting = connect()
      connecting.then(callAll, reconnectLater)
    }, AGAIN_AFTER_MS)
  }

  function callAll(): void {
    for (const each of hearers.values()) for (const hear of each) hear('')
  }

  return {
    listen: async (channel, hear) => {
      const known = hearers.get(channel) ?? new Set()
      hearers.set(channel, known.add(hear))
      connecting ??= connect()
      const client = await connecting.catch((cause: unknown) => {
        connecting = null
        throw new Fault('database_failed', 'could not listen to the database', { cause })
      })
      await client.query(`listen ${quoted(channel)}`)
      return async () => {
        known.delete(hear)
      }
    },
    close: async () => {
      closed = true
      if (again !== null) clearTimeout(again)
      const client = await connecting?.catch(() => null)
      await client?.end()
    },
  }
}

/** Channels are names of ours; anything else is refused rather than quoted. */
function quoted(channel: string): string {
  if (!/^[a-z_]+$/.test(channel)) throw new RangeError('a channel is lower-case letters')
  return channel
}
