/** `holdpoint audit export`: the evidence bundle, written whole or not at all. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { problemOf } from '@holdpoint/api/client'
import { connect, explain } from './connection.ts'
import { badInput, Ended, EXIT, usage } from './ended.ts'
import { findChange } from './find-change.ts'
import type { Call } from './row.ts'

export async function run({ flags, settings, screen }: Call): Promise<number> {
  const file = flags.find('output')
  if (file === null && screen.json) throw usage('With --json give --output <file> for the bundle')
  if (file === null && process.stdout.isTTY) throw usage('Give --output <file>, or redirect it')
  const client = connect(settings)
  const typed = flags.find('change')
  const query = typed === null ? {} : { change: await findChange(client, typed) }
  const response = await client.raw('exportAudit', { query })
  if (!response.ok) {
    const problem = problemOf(await response.json().catch(() => null), response.status)
    throw new Ended(problem.code === 'fault' ? EXIT.fault : EXIT.refused, explain(problem))
  }
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (file === null) {
    process.stdout.write(bytes)
    return EXIT.done
  }
  await writeWhole(file, bytes)
  screen.document({ file, bytes: bytes.length })
  screen.lines([
    `Written  ${file}   ${bytes.length} bytes`,
    `Check it anywhere, without a server: holdpoint audit verify ${file}`,
  ])
  return EXIT.done
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}.part`
  try {
    await writeFile(draft, bytes, { flag: 'wx', mode: 0o600 })
    await rename(draft, file)
  } catch (cause) {
    await rm(draft, { force: true })
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : 'unknown reason'
    throw badInput(`${JSON.stringify(file)} cannot be written: ${String(code)}`)
  }
}
