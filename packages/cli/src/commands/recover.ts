/**
 * `holdpoint recover`, while the server is stopped: brings lost entries back from an export, or
 * goes on as a new log that names what was lost. Which of the two is the operator's word, never a
 * guess: a wrong recovery looks like a cover-up.
 */
import type { Config } from '@holdpoint/server'
import { counted } from '../render-text.ts'
import { EXIT, usage } from './ended.ts'
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
  const { importExport } = await import('@holdpoint/server')
  const { size, from } = await importExport(config, bytes)
  screen.document({ size, from })
  const back = from === null ? 'no entry was missing' : `entries ${from} to ${size - 1} are back`
  screen.lines([`Recovered  ${back}; the log has ${size} entries`])
  return EXIT.done
}

async function startAnew(call: Call, config: Config): Promise<number> {
  if (!(await isMeant(call))) return EXIT.refused
  const { restartLog } = await import('@holdpoint/server')
  const { origin, previous, kept, expired, ...rest } = await restartLog(config)
  const { outcomeUnknown, revokedTokens, removed } = rest
  const lost = Math.max(0, previous.size - kept)
  call.screen.document({
    ...{ origin, kept, lost, expired, outcomeUnknown, revokedTokens },
    removed: removed.length,
    previous: { origin: previous.origin, size: previous.size },
  })
  call.screen.lines([
    `New log  ${origin}`,
    `  It names the old head: ${previous.origin}, ${previous.size} entries, of which ${lost} are lost`,
    `  Expired: ${counted(expired.length, 'open change')}`,
    `  Outcome unknown, for an owner to resolve: ${counted(outcomeUnknown.length, 'change')}`,
    `  Void: ${counted(revokedTokens.length, 'token')}, and every session`,
    `  A new admin token is in ${config.dataDir}/admin-token`,
  ])
  return EXIT.done
}

async function isMeant({ flags, screen }: Call): Promise<boolean> {
  if (flags.has('yes')) return true
  if (screen.json || !screen.asks)
    throw usage('--new-log asks on a terminal; in a script give --yes')
  const answer = await screen.ask(
    'Start a new log? Open changes expire, tokens and sessions are void. [y/N] ',
  )
  return answer !== null && /^y(es)?$/i.test(answer)
}
