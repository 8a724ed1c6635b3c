/**
 * A PostgreSQL of our own for one test file: its own folder, a Unix socket, another user than root
 * (initdb refuses root). Found by HOLDPOINT_POSTGRES_BIN or where Debian puts it.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

export interface PostgresServer {
  readonly urlOf: (database: string) => string
  readonly query: (text: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** The folder of `initdb` and `postgres`, or why there is none. */
export function findPostgres(): { readonly bin: string } | { readonly missing: string } {
  const given = process.env['HOLDPOINT_POSTGRES_BIN']
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .toSorted((one, other) => Number(other) - Number(one))
        .map((version) => join(debian, version, 'bin'))
    : []
  const found = [...(given === undefined ? [] : [given]), ...versions].find((bin) =>
    existsSync(join(bin, 'initdb')),
  )
  if (found !== undefined) return { bin: found }
  return {
    missing: 'no PostgreSQL: set HOLDPOINT_POSTGRES_BIN to the folder of initdb and postgres',
  }
}

interface As {
  readonly uid?: number
  readonly gid?: number
}

/** Root cannot run PostgreSQL: user postgres does, or nobody. */
function otherUser(): As {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
    if (uid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new Error('neither user postgres nor nobody exists to run PostgreSQL')
}

export interface PostgresOptions {
  /** As in production, with every commit on the disk; tests do without. */
  readonly durable?: boolean
}

const NOT_DURABLE = ['fsync=off', 'full_page_writes=off']

export async function startPostgres(
  bin: string,
  { durable = false }: PostgresOptions = {},
): Promise<PostgresServer> {
  const as = otherUser()
  const root = mkdtempSync(join(tmpdir(), 'holdpoint-pg-'))
  const data = join(root, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (as.uid !== undefined && as.gid !== undefined)
    for (const path of [root, data]) chownSync(path, as.uid, as.gid)
  const init = ['-D', data, '-U', 'holdpoint', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']
  execFileSync(join(bin, 'initdb'), init, { ...as, cwd: root, stdio: 'pipe' })
  const how = durable ? [] : NOT_DURABLE
  const settings = [...how, 'listen_addresses=', 'max_connections=200']
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', root, ...settings.flatMap((setting) => ['-c', setting])],
    { ...as, cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const urlOf = (database: string) =>
    `postgresql:///${database}?host=${encodeURIComponent(root)}&user=holdpoint`
  await untilReady(child)
  return {
    urlOf,
    query: async (text) => {
      const client = new pg.Client({ connectionString: urlOf('postgres') })
      await client.connect()
      await client.query(text)
      await client.end()
    },
    stop: async () => {
      child.kill('SIGQUIT')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL says so itself; what it says before is shown if it ends instead. */
async function untilReady(child: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (said.includes('ready to accept connections')) resolve()
    })
  })
}
