/**
 * `holdpoint recover`: after a loss, what can be proven is kept and the rest is named. This version
 * cannot do it yet, and says so instead of doing half of it: a wrong recovery looks like a cover-up.
 */
import { fault } from './ended.ts'
import type { Call } from './row.ts'
import { readServerConfig } from './server-config.ts'

export async function run(call: Call): Promise<number> {
  const { dataDir, guardFile } = await readServerConfig(call)
  throw fault(
    'This version cannot recover a log that is behind its guard',
    `Nothing was touched. Keep ${dataDir} and ${guardFile} as they are, and restore the newest ` +
      'backup of the database: a log that is not shorter than the guard says opens by itself.',
  )
}
