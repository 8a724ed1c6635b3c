/**
 * Which types hold data that is gone when they are, and what the plan says of it. A type that is
 * not here is not called stateful; a backup is never said to be missing unless the plan says so.
 */
import { field, NumberText, type ResourceChange, type Value } from '@holdpoint/core'

export interface Fact {
  readonly label: string
  readonly value: string
  /** The fact makes the loss final. */
  readonly final: boolean
}

/** `gone`: the plan says no copy remains. `kept`: it says one does. `unsaid`: it does not say. */
export type Remains = 'gone' | 'kept' | 'unsaid'

export interface Stored {
  readonly what: string
  readonly facts: readonly Fact[]
  readonly remains: Remains
}

type Reader = (attribute: string) => Value | undefined

export function storedIn(change: ResourceChange): Stored {
  const read: Reader = (attribute) => field(change.before, attribute)
  if (/^aws_(db_instance|rds_cluster|docdb_cluster|neptune_cluster)$/.test(change.type))
    return relational(read)
  if (change.type === 'aws_s3_bucket') return bucket(read)
  if (change.type === 'aws_dynamodb_table') return table(read)
  return other(read)
}

function relational(read: Reader): Stored {
  const skipped = read('skip_final_snapshot')
  const backups = read('delete_automated_backups')
  const facts: Fact[] = []
  if (skipped === true) facts.push({ label: 'Final snapshot', value: 'None', final: true })
  if (skipped === false) facts.push({ label: 'Final snapshot', value: 'Taken first', final: false })
  if (backups === true)
    facts.push({ label: 'Automated backups', value: 'Deleted with it', final: true })
  if (backups === false) facts.push({ label: 'Automated backups', value: 'Kept', final: false })
  facts.push(...protection(read('deletion_protection')))
  const gone = skipped === true && backups === true
  const remains = skipped === false ? 'kept' : gone ? 'gone' : 'unsaid'
  return { what: databaseText(read), facts, remains }
}

function protection(value: Value | undefined): readonly Fact[] {
  if (value !== true && value !== false) return []
  return [{ label: 'Deletion protection', value: value ? 'On' : 'Off', final: false }]
}

const ENGINES: { readonly [key: string]: string } = {
  postgres: 'PostgreSQL',
  'aurora-postgresql': 'Aurora PostgreSQL',
  mysql: 'MySQL',
  'aurora-mysql': 'Aurora MySQL',
  mariadb: 'MariaDB',
}

function databaseText(read: Reader): string {
  const engine = textOf(read('engine'))
  const name = engine === null ? null : (ENGINES[engine] ?? engine)
  const version = textOf(read('engine_version'))
  const size = textOf(read('allocated_storage'))
  const first = [name, version].filter((part) => part !== null).join(' ')
  const sized = size === null || size === '0' ? '' : `${size} GiB`
  return [first, sized].filter((part) => part !== '').join(', ') || nameText(read)
}

function bucket(read: Reader): Stored {
  const forced = read('force_destroy') === true
  const facts: Fact[] = [
    forced
      ? { label: 'Its objects', value: 'Deleted with it', final: true }
      : { label: 'Its objects', value: 'It must be empty first', final: false },
  ]
  return { what: nameText(read), facts, remains: forced ? 'gone' : 'unsaid' }
}

function table(read: Reader): Stored {
  return {
    what: nameText(read),
    facts: protection(read('deletion_protection_enabled')),
    remains: 'unsaid',
  }
}

function other(read: Reader): Stored {
  const facts = protection(read('deletion_protection'))
  const size = textOf(read('size'))
  const named = nameText(read)
  return { what: size === null ? named : `${named}, size ${size}`, facts, remains: 'unsaid' }
}

function nameText(read: Reader): string {
  return realObject(read) ?? 'The plan does not name it'
}

const IDENTITY = ['identifier', 'name', 'bucket', 'arn', 'id'] as const

function realObject(read: Reader): string | null {
  for (const attribute of IDENTITY) {
    const text = textOf(read(attribute))
    if (text !== null && text !== '') return text
  }
  return null
}

function textOf(value: Value | undefined): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value instanceof NumberText ? value.text : null
}
