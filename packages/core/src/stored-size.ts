/** What a resource that stores data is and how much it holds, from its attributes. */
import { type Attributes, amountOf, textOf } from './attribute-reader.ts'

const ENGINES: ReadonlyMap<string, string> = new Map([
  ['postgres', 'PostgreSQL'],
  ['aurora-postgresql', 'Aurora PostgreSQL'],
  ['mysql', 'MySQL'],
  ['aurora-mysql', 'Aurora MySQL'],
  ['mariadb', 'MariaDB'],
  ['redis', 'Redis'],
  ['valkey', 'Valkey'],
  ['memcached', 'Memcached'],
])

const GIBIBYTES = ['allocatedstorage', 'disksizegb', 'sizegb', 'disksize', 'size'] as const

/** For example `PostgreSQL 16.4, 500 GiB`; null where the plan tells nothing. */
export function sizeOf(read: Attributes): string | null {
  const engine = textOf(read('engine', 'databaseversion'))
  const name = engine === null ? null : (ENGINES.get(engine.toLowerCase()) ?? engine)
  const version = name === null ? null : textOf(read('engineversion'))
  const size = amountOf(read(...GIBIBYTES))
  const parts = [
    [name, version].filter((part) => part !== null && part !== '').join(' '),
    size === null || size === 0 ? '' : `${size} GiB`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? null : parts.join(', ')
}
