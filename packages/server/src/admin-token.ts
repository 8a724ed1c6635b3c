/**
 * The token of the first start: whoever can read the data folder may give access and push the
 * policy, and nothing else. It is written before its entry, so that a crash between the two leaves
 * a file without power, never power without a file. A damaged log says nothing about tokens, so
 * then the file that is there stays.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePrimitives } from '@holdpoint/api/node'
import { type AccessEvent, digestText, SYSTEM } from '@holdpoint/core'
import { newTokenSecret } from './access-names.ts'
import { Fault } from './io/fault.ts'
import { writeDurably } from './io/files.ts'
import { newTokenId } from './new-ids.ts'
import type { Clock, Gate, HeadWatch } from './ports.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000

export interface AdminTokenOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly watch: HeadWatch
}

/** The file's path when this start made it, `null` when there was an admin token before. */
export async function createAdminToken(
  gate: Gate,
  options: AdminTokenOptions,
): Promise<string | null> {
  if (options.watch.state() !== 'ok' || (await hasAdminToken(gate))) return null
  const path = join(options.dataDir, 'admin-token')
  const secret = newTokenSecret()
  await writeDurably(path, `${secret}\n`)
  const event: AccessEvent = {
    type: 'token_issued',
    token: newTokenId(),
    name: 'first-start',
    purpose: 'admin',
    person: null,
    verbs: [],
    workspaces: 'all',
    expiresAt: options.clock.now() + YEAR_MS,
    secretSha256: digestText(nodePrimitives, secret),
  }
  const command = { type: 'change_access', event } as const
  const answer = await gate.handle(SYSTEM, { on: 'access', command })
  if (answer.ok) return path
  // Another replica was first: its folder has the token.
  if (answer.refusal.code === 'already_exists') await rm(path, { force: true })
  return null
}

/** What is found to be damaged only now is said by the watch, and is no reason not to start. */
async function hasAdminToken(gate: Gate): Promise<boolean> {
  try {
    const { tokens } = await gate.access()
    return [...tokens.values()].some((token) => token.purpose === 'admin')
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'reads_only') return true
    throw cause
  }
}
