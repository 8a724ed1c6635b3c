/**
 * `holdpoint server`: runs the server until it is told to end, and then lets what is being done be
 * done. The server is no part of this bundle: it is found by name when it is asked for. Its own log
 * goes to standard output as JSON lines, so what is said to people goes to standard error.
 */
import { VERSION } from '../version.ts'
import { EXIT, fault } from './ended.ts'
import type { Call } from './row.ts'
import { readServerConfig } from './server-config.ts'

const END_WITHIN_MS = 30_000

export async function run(call: Call): Promise<number> {
  const config = await readServerConfig(call)
  const { startServer, summaryOf } = await import('@holdpoint/server')
  const told = untilTold()
  const server = await startServer(config, { version: VERSION })
  call.screen.document({ url: server.url, mode: config.mode, origin: server.origin })
  for (const line of summaryOf(config, server)) call.screen.note(line)
  await told
  call.screen.note('Ending: what is being done is finished first')
  await endWithin(server.close())
  return EXIT.done
}

/** Listens before the server starts, so that an early signal is not lost. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

async function endWithin(closing: Promise<void>): Promise<void> {
  const late = new Promise<'late'>((resolve) => {
    setTimeout(() => resolve('late'), END_WITHIN_MS).unref()
  })
  const ended = await Promise.race([closing.then(() => 'closed' as const), late])
  if (ended === 'closed') return
  throw fault(
    'The server did not end in time',
    'What was acknowledged is kept. Look for what hung in the log of the server.',
  )
}
