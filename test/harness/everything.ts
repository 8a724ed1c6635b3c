/** All that an installation has written, as text to be searched, by the place where it stands. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { type Installation, must, WORKSPACE } from './installation.ts'

export type Written = Map<string, string>

/** What its API answers to those who may see most, and the evidence bundle, decoded too. */
export async function readAnswers(installation: Installation, written: Written): Promise<void> {
  const [ines, lars] = [installation.as('ines'), installation.as('lars')]
  const query = { workspace: WORKSPACE }
  for (const { id } of must(await ines.call('changes', { query })).changes) {
    const params = { change: id }
    written.set(`change ${id}`, JSON.stringify(must(await ines.call('change', { params }))))
    const plan = await ines.raw('plan', { params })
    if (plan.status !== 200) throw new Error(`the plan of ${id} is answered with ${plan.status}`)
    written.set(`plan of ${id}`, await plan.text())
  }
  written.set('log', JSON.stringify(must(await lars.call('log', { query: { limit: 500 } }))))
  written.set('access', JSON.stringify(must(await lars.call('access', {}))))
  const bundle = await (await lars.raw('exportAudit', { query: {} })).text()
  written.set('bundle', bundle)
  written.set('bundle, decoded', decodedParts(bundle))
}

function decodedParts(bundle: string): string {
  const parts = bundle.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []
  return parts.map((part) => Buffer.from(part, 'base64').toString('latin1')).join('\n')
}

/** Every row of every table as text; bytes as the text they hold. The server must be closed. */
export async function dumpDatabase(database: string): Promise<string> {
  const pglite = await PGlite.create({ dataDir: database })
  const tables = await pglite.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const texts: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await pglite.query<{ row: string }>(`select t::text as row from ${name} t`)
    texts.push(...rows.map(({ row }) => row.replaceAll(/\\\\?x([0-9a-f]{8,})/g, asText)))
  }
  await pglite.close()
  return texts.join('\n')
}

function asText(_: string, hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1')
}

/**
 * Every file below a folder, as bytes: the journal and whatever else is kept beside the tables. Not
 * the programs of Terraform's providers, which are longer than any string.
 */
export function readFiles(folder: string, written: Written): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    const isProgram = name.startsWith(join('.terraform', 'providers'))
    if (!isProgram && statSync(path).isFile())
      written.set(`file ${name}`, readFileSync(path, 'latin1'))
  }
}
