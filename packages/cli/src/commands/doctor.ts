/**
 * `holdpoint doctor`: whether the server is in order, and what to do where it is not. With --cloud
 * every connection's trust is tried too, with right tokens and wrong ones.
 */
import type { Client } from '@holdpoint/api/client'
import { isAsExpected, type Proven, proofLines } from '../render-grants.ts'
import { isBroken, renderHealth } from '../render-health.ts'
import { connect, take } from './connection.ts'
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'

export async function run({ settings, screen, flags }: Call): Promise<number> {
  const client = connect(settings)
  const health = take(await client.call('health', {}))
  const proven = flags.has('cloud') ? await proveAll(client) : []
  const clouds = proven.map(({ row, ...rest }) => ({ connection: row.id, ...rest }))
  screen.document(flags.has('cloud') ? { ...health, clouds } : health)
  screen.lines([
    ...renderHealth(health, screen.ink),
    ...(flags.has('cloud') ? proofLines(proven, screen.ink) : []),
  ])
  const isWell = !isBroken(health) && proven.every(isAsExpected)
  return isWell ? EXIT.done : EXIT.refused
}

async function proveAll(client: Client): Promise<readonly Proven[]> {
  const { connections } = take(await client.call('connections', {}))
  const proven: Proven[] = []
  for (const row of connections) {
    const answer = await client.call('proveConnection', {
      params: { connection: row.id },
      body: {},
    })
    proven.push(
      answer.ok
        ? { row, ...answer.value, problem: null }
        : { row, proofs: [], writing: null, problem: answer.problem.detail },
    )
  }
  return proven
}
