/**
 * `holdpoint grants revoke`: the kill switch. With --all one that cannot be revoked keeps none of the
 * others from being so, and the exit code says that something is still live.
 */
import type { Client } from '@holdpoint/api/client'
import type { ChangeId } from '@holdpoint/core'
import { isLive, type Revoked, revokedLines } from '../render-grants.ts'
import { connect, take } from './connection.ts'
import { EXIT, usage } from './ended.ts'
import { findChange } from './find-change.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  const [typed] = call.words
  const all = call.flags.has('all')
  if (all === (typed !== undefined)) throw usage('Name one change, or give --all')
  const client = connect(call.settings)
  const reason = call.flags.find('reason')
  const results = all
    ? await revokeAll(client, reason)
    : [await revokeOne(client, { typed: typed ?? '', reason })]
  call.screen.document({ grants: results })
  call.screen.lines(revokedLines(results))
  return results.every(({ revoked }) => revoked) ? EXIT.done : EXIT.refused
}

async function revokeOne(
  client: Client,
  { typed, reason }: { readonly typed: string; readonly reason: string | null },
): Promise<Revoked> {
  const change = await findChange(client, typed)
  take(await client.call('revokeGrant', { params: { change }, body: { reason } }))
  return { change, revoked: true, problem: null }
}

async function revokeAll(client: Client, reason: string | null): Promise<readonly Revoked[]> {
  const { grants } = take(await client.call('grants', {}))
  const live = grants.filter((each) => isLive(each, Date.now()))
  return await Promise.all(live.map(({ change }) => tryRevoke(client, { change, reason })))
}

async function tryRevoke(
  client: Client,
  { change, reason }: { readonly change: ChangeId; readonly reason: string | null },
): Promise<Revoked> {
  const answer = await client.call('revokeGrant', { params: { change }, body: { reason } })
  return { change, revoked: answer.ok, problem: answer.ok ? null : answer.problem.detail }
}
