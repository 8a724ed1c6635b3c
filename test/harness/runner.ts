/**
 * Speaks as a runner that the bundled command made: with the key that a pipeline keeps between its
 * steps. For what no honest runner does: starting twice, with another's key, or too late.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@holdpoint/api/client'
import { signingKeyFromSeed } from '@holdpoint/api/node'
import { type ChangeId, type Outcome, parseChangeId, parseWorkspaceId } from '@holdpoint/core'
import { serverCalls } from '../../packages/cli/src/runner/server-calls.ts'
import type { ChangeView } from './story.ts'

export interface Runner {
  readonly start: (change: Pick<ChangeView, 'binding'>) => ReturnType<Calls['start']>
  readonly finish: (outcome: Outcome) => ReturnType<Calls['finish']>
  readonly beat: (count: number) => ReturnType<Calls['beat']>
}

type Calls = ReturnType<typeof serverCalls>

const GRANT_SECONDS = 600

/** The runner of the only change in a pipeline's folder; of another change when it is named. */
export async function runnerOf(
  client: Client,
  stateFolder: string,
  other: ChangeId | null = null,
): Promise<Runner> {
  const names = (await readdir(stateFolder)).filter((name) => name.endsWith('.json'))
  const state = JSON.parse(await readFile(join(stateFolder, names[0] ?? ''), 'utf8')) as {
    readonly [name: string]: string
  }
  const change = other ?? parseChangeId(state['change'] ?? '')
  const workspace = parseWorkspaceId(state['workspace'] ?? '')
  if (change === null || workspace === null) throw new Error(`${stateFolder} holds no change`)
  const key = signingKeyFromSeed(Buffer.from(state['keySeed'] ?? '', 'base64'))
  const calls = serverCalls({ client, key, change, workspace })
  return {
    start: ({ binding }) => calls.start({ binding, differences: [], grantSeconds: GRANT_SECONDS }),
    finish: calls.finish,
    beat: calls.beat,
  }
}
