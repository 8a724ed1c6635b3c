/**
 * The way in while nobody administers the server: one link, printed when it starts and kept in a
 * private file, for one person, once, for a day. Only its digest is stored; a new start makes a new
 * one, and the one before is then good for nothing.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText, hasAdmin, type Instant } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { writeDurably } from '../io/files.ts'
import { randomSecretText } from '../io/random-ids.ts'
import type { Clock, Gate, HeadWatch } from '../ports.ts'
import type { Database } from '../store/db.ts'
import { replaceFirstLink } from '../store/first-links.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface FirstLinkOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly watch: HeadWatch
  readonly database: Database
  /** Where the page has to be open for passkeys to work. */
  readonly origin: string
}

export interface FirstLink {
  readonly link: string
  /** The file it was written to. */
  readonly path: string
}

/** `null` where somebody administers already. */
export async function offerFirstLink(
  gate: Gate,
  options: FirstLinkOptions,
): Promise<FirstLink | null> {
  const path = join(options.dataDir, 'first-link')
  if (options.watch.state() !== 'ok' || (await isAdministered(gate))) {
    await rm(path, { force: true })
    return null
  }
  const secret = randomSecretText()
  const link = `${options.origin}/welcome#${secret}`
  await writeDurably(path, `${link}\n`)
  const expiresAt: Instant = options.clock.now() + DAY_MS
  const digest = digestText(nodePrimitives, secret)
  await replaceFirstLink(options.database.kysely, { digest, expiresAt })
  return { link, path }
}

/** What is found to be damaged only now is said by the watch, and is no reason not to start. */
async function isAdministered(gate: Gate): Promise<boolean> {
  try {
    return hasAdmin(await gate.access())
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'reads_only') return true
    throw cause
  }
}
