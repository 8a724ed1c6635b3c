/** `holdpoint config check`: the server's own parser, and nothing is started. */
import { EXIT } from './ended.ts'
import type { Call } from './row.ts'
import { readServerConfig } from './server-config.ts'

export async function run(call: Call): Promise<number> {
  const config = await readServerConfig(call)
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
