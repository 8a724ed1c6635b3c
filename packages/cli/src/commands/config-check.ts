/**
 * `holdpoint config check`: the server's own parser, and nothing is started. That files of secrets
 * can be read is looked at too; what is in them is not.
 */
import { access, constants } from 'node:fs/promises'
import type { Config } from '@holdpoint/server'
import { Ended, EXIT } from './ended.ts'
import type { Call } from './row.ts'
import { readServerConfig } from './server-config.ts'

export async function run(call: Call): Promise<number> {
  const config = await readServerConfig(call)
  await checkFiles(config)
  const { mode, listen, dataDir, publicUrl, guardFile } = config
  const database = config.databaseUrl === null ? 'embedded' : 'PostgreSQL'
  call.screen.document({ ok: true, mode, listen, dataDir, publicUrl, guardFile, database })
  call.screen.lines([
    `Mode  ${mode}   database ${database}`,
    `Listens on  ${listen.host}:${listen.port}   people use ${publicUrl ?? 'the same'}`,
    `Data in  ${dataDir}   guard ${guardFile}`,
    'Valid',
  ])
  return EXIT.done
}

async function checkFiles({ databaseUrl, keys }: Config): Promise<void> {
  const named = { databaseUrl, 'keys.log': keys.log, 'keys.mac': keys.mac }
  const sources = Object.entries({ ...named, 'keys.secrets': keys.secrets })
  const problems: string[] = []
  for (const [key, source] of sources) {
    if (source?.from !== 'file' || (await canRead(source.path))) continue
    problems.push(`${key}: found file:${source.path}, which cannot be read; it must be there`)
  }
  if (problems.length === 0) return
  throw new Ended(EXIT.usage, {
    code: 'config_invalid',
    title: 'The configuration names files that are not there',
    detail: problems.join('\n'),
    remedy: 'Make them, or name others.',
  })
}

async function canRead(path: string): Promise<boolean> {
  return await access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
