/**
 * `holdpoint recover`, while the server is stopped: brings lost entries back from an export, or
 * goes on as a new log that names what was lost. Which of the two is the operator's word, never a
 * guess: a wrong recovery looks like a cover-up.
 */
import { nodePrimitives } from '@holdpoint/api/node'
import { readBundle } from '@holdpoint/core'
import type { Config } from '@holdpoint/server'
import { lossQuestion, renderNewLog, renderRecovered } from '../render-recovery.ts'
import { badInput, EXIT, refused, usage } from './ended.ts'
import { readInput } from './read-input.ts'
import type { Call } from './row.ts'
import { readServerConfig } from './server-config.ts'

const WAYS = 'Give --from <bundle> to bring entries back, or --new-log where nothing does'

export async function run(call: Call): Promise<number> {
  const { flags } = call
  const file = flags.find('from')
  if ((file === null) === !flags.has('new-log')) throw usage(WAYS)
  const config = await readServerConfig(call)
  return file === null ? await startAnew(call, config) : await bringBack(call, config, file)
}

async function bringBack({ screen }: Call, config: Config, file: string): Promise<number> {
  const bytes = await readInput(file)
  const read = readBundle(bytes, nodePrimitives)
  if (!read.ok) throw badInput(`${JSON.stringify(file)} cannot be used: ${read.problem}`)
  const { importExport } = await import('@holdpoint/server')
  const recovered = await orRefused(importExport(config, bytes), {
    remedy:
      'Bring an export of this log that reaches the last signed head, or start a new log with ' +
      '--new-log.',
  })
  screen.document(recovered)
  screen.lines(renderRecovered(recovered))
  return EXIT.done
}

async function startAnew(call: Call, config: Config): Promise<number> {
  if (!(await isMeant(call, config))) return EXIT.refused
  const { restartLog } = await import('@holdpoint/server')
  const restarted = await orRefused(restartLog(config), {
    remedy: 'Put the right keys, guard and database together and try again.',
  })
  const { origin, verifierKey, previous, kept, removed, keptIn, ...ended } = restarted
  const adminToken = `${config.dataDir}/admin-token`
  const lost = Math.max(0, previous.size - kept)
  call.screen.document({
    ...{ origin, verifierKey, kept, lost, adminToken, keptIn, ...ended },
    removed: removed.length,
    previous: { origin: previous.origin, size: previous.size },
  })
  call.screen.lines(renderNewLog(restarted, adminToken))
  return EXIT.done
}

async function isMeant({ flags, screen }: Call, config: Config): Promise<boolean> {
  if (flags.has('yes')) return true
  if (screen.json || !screen.asks)
    throw usage('--new-log asks on a terminal; in a script give --yes')
  const { surveyLog } = await import('@holdpoint/server')
  const remedy = 'Put the right keys, guard and database together and try again.'
  const answer = await screen.ask(lossQuestion(await orRefused(surveyLog(config), { remedy })))
  return answer !== null && /^y(es)?$/i.test(answer)
}

/** What the evidence at hand does not prove is a no, and nothing was changed; the rest is a fault. */
async function orRefused<T>(work: Promise<T>, next: { readonly remedy: string }): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!(cause instanceof Error) || Reflect.get(cause, 'code') !== 'recovery_failed') throw cause
    const title = 'Nothing was recovered, and nothing was changed'
    throw refused({ code: 'recovery_failed', title, detail: cause.message, ...next })
  }
}
