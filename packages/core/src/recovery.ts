/**
 * What is left of stored data after a deletion or a replacement, as far as the plan says it. What
 * it does not say is said to be unsaid, and that no copy remains is said only where the plan says
 * so. Labels and values are our own fixed words; `what`, `object` and `arn` come from the plan and
 * are hostile until rendered.
 */

import {
  type Attributes,
  amountOf,
  isSet,
  knownAttributes,
  onlyBlock,
  readerOf,
  textOf,
} from './attribute-reader.ts'
import type { ResourceChange } from './plan.ts'
import { leavesBehind } from './plans/left-behind.ts'
import { realName } from './real-name.ts'
import { sizeOf } from './stored-size.ts'
import { typeKey } from './type-names.ts'

export interface RecoveryFact {
  readonly label: string
  readonly value: string
  /** The fact makes the loss final. */
  readonly final: boolean
}

/**
 * `gone`: the plan says that no copy remains. `snapshot`: one is taken first. `backups`: automated
 * ones are kept. `delayed`: it can be taken back for a time. `unsaid`: the plan does not say.
 */
export type Remains = 'gone' | 'snapshot' | 'backups' | 'delayed' | 'unsaid'

/** For the end of a sentence. */
export const REMAINS_WORDS: { readonly [R in Remains]: string } = {
  gone: 'no snapshot and no backup remains',
  snapshot: 'a final snapshot is taken first',
  backups: 'automated backups are kept',
  delayed: 'it can be taken back for a time',
  unsaid: 'the plan does not say whether a backup remains',
}

export interface Recovery {
  /** What it is and how much, for example `PostgreSQL 16.4, 500 GiB`, else its name. */
  readonly what: string | null
  /** What the real object is called, and its ARN where that is something else. */
  readonly object: string | null
  readonly arn: string | null
  readonly facts: readonly RecoveryFact[]
  readonly remains: Remains
}

/** True where a deletion or replacement destroys what it holds; `storesData` is a table of types. */
export function losesData(change: ResourceChange, storesData: (type: string) => boolean): boolean {
  const goes = change.action === 'delete' || change.action === 'replace'
  return goes && storesData(change.type) && !leavesBehind(change)
}

export function recoveryOf(change: ResourceChange): Recovery {
  const read = knownAttributes(change)
  const object = realName(change)
  const arn = textOf(read('arn'))
  const key = typeKey(change.type)
  const found: Found = { facts: [], remains: new Set(), policy: policyOf(change, read), key }
  for (const step of [finalCopy, backups, contents, windows, guards]) step(read, found)
  return {
    what: sizeOf(read) ?? object,
    object,
    arn: arn === object ? null : arn,
    facts: [...found.facts, ...unsaid(key, found.facts)],
    remains: remainsOf(found),
  }
}

interface Found {
  readonly facts: RecoveryFact[]
  readonly remains: Set<Remains>
  readonly policy: Policy
  readonly key: string
}

type Policy = 'snapshot' | 'delete' | 'none'

/** CloudFormation's policies, in its own words among the actions, or among what was there before. */
function policyOf(change: ResourceChange, read: Attributes): Policy {
  const own = change.action === 'replace' ? 'updatereplacepolicy' : 'deletionpolicy'
  const words = [...change.actions, textOf(read(own)) ?? '']
  if (words.some((word) => word === 'Snapshot' || word === 'ReplaceAndSnapshot')) return 'snapshot'
  return words.some((word) => word === 'Delete' || word === 'ReplaceAndDelete') ? 'delete' : 'none'
}

/** Of these CloudFormation takes a snapshot where its policy says so. */
const SNAPSHOTS = /^aws:(?:(?:rds|docdb|neptune)db|ec2volume$|elasticache|redshiftcluster$)/

/** What it holds is its cluster's: no snapshot is taken of it, and none of its backups is its own. */
function isInCluster(read: Attributes, key: string): boolean {
  if (/^aws:(?:docdb|neptune)dbinstance$/.test(key)) return true
  if (key !== 'aws:rdsdbinstance') return false
  const cluster = textOf(read('clusteridentifier', 'dbclusteridentifier'))
  const engine = textOf(read('engine')) ?? ''
  return (cluster !== null && cluster !== '') || engine.startsWith('aurora')
}

function finalCopy(read: Attributes, found: Found): void {
  if (isInCluster(read, found.key)) {
    found.facts.push(fact('Final snapshot', 'None of its own, the cluster holds its data'))
    return
  }
  const skipped = isSet(read('skipfinalsnapshot', 'skipfinalbackup'))
  const taken = isSet(read('finalsnapshot'))
  const name = textOf(read('finalsnapshotidentifier', 'finalsnapshotname'))
  const isDropped = found.policy === 'delete' && SNAPSHOTS.test(found.key)
  const isNamed = skipped === null && name !== null && name !== ''
  if (found.policy === 'snapshot' || skipped === false || taken === true || isNamed) {
    if (isReplica(read)) return
    found.facts.push(fact('Final snapshot', 'Taken first'))
    found.remains.add('snapshot')
  } else if (skipped === true || taken === false || isDropped) {
    found.facts.push(fact('Final snapshot', 'None', true))
  }
}

const SOURCES = [
  'replicatesourcedb',
  'sourcedbinstanceidentifier',
  'replicationsourceidentifier',
] as const

/** Of a replica the cloud takes no final snapshot, whatever is asked for. */
function isReplica(read: Attributes): boolean {
  const source = read(...SOURCES)
  return source !== undefined && textOf(source) !== ''
}

const RETENTION = [
  'backupretentionperiod',
  'automatedsnapshotretentionperiod',
  'snapshotretentionlimit',
  'backupretentiondays',
] as const

function backups(read: Attributes, found: Found): void {
  if (isInCluster(read, found.key)) return
  const deleted = isSet(read('deleteautomatedbackups'))
  const days = amountOf(read(...RETENTION))
  const kept = days === null ? '' : `, of ${daysText(days)}`
  if (days === 0) found.facts.push(fact('Automated backups', 'None are taken', true))
  else if (deleted === true) found.facts.push(fact('Automated backups', 'Deleted with it', true))
  else if (deleted === false) found.facts.push(fact('Automated backups', `Kept${kept}`))
  else if (days !== null) found.facts.push(fact('Backup retention', daysText(days)))
  if (deleted === false && days !== null && days > 0) found.remains.add('backups')
  const point = isSet(read(...POINT_IN_TIME))
  if (point !== null) found.facts.push(fact('Point-in-time recovery', onOff(point), !point))
}

const POINT_IN_TIME = [
  'pointintimerecovery',
  'pointintimerecoveryenabled',
  'pointintimerecoveryspecification',
] as const

const FORCED = ['forcedestroy', 'forcedelete', 'emptyondelete', 'deletecontentsondestroy'] as const

/** Of these nothing is held back once their contents are deleted with them. */
const EMPTIED = /^aws:(?:s3(?:directory)?bucket|ecrrepository|backupvault)$/

/** Seconds for which deleted contents are held; `null` where it is not said. */
function heldSeconds(read: Attributes): number | null {
  const block = read('softdeletepolicy')
  if (block === undefined) return null
  return amountOf(readerOf([onlyBlock(block)])('retentiondurationseconds'))
}

function contents(read: Attributes, found: Found): void {
  const forced = isSet(read(...FORCED))
  const isFinal = forced === true && (EMPTIED.test(found.key) || heldSeconds(read) === 0)
  if (forced !== null) {
    const value = forced ? 'Deleted with it' : 'It must be empty first'
    found.facts.push(fact('Its contents', value, isFinal))
  }
  if (isFinal) found.remains.add('gone')
  const versions = isSet(read('versioning', 'versioningconfiguration'))
  if (versions !== null) found.facts.push(fact('Versioning', onOff(versions)))
}

function windows(read: Attributes, found: Found): void {
  const wait = amountOf(read('deletionwindowindays', 'pendingwindowindays'))
  if (wait !== null) period(found, 'Deletion window', wait)
  const recovery = amountOf(read('recoverywindowindays'))
  if (recovery !== null) period(found, 'Recovery window', recovery)
  const soft = amountOf(read('softdeleteretentiondays', 'softdeleteretentionindays'))
  const isSoft = isSet(read('softdeleteenabled', 'softdelete'))
  const held = heldSeconds(read)
  if (soft !== null) found.facts.push(fact('Soft delete', daysText(soft)))
  else if (held !== null) period(found, 'Soft delete', held / DAY_SECONDS)
  else if (isSoft !== null) found.facts.push(fact('Soft delete', onOff(isSoft)))
  // It stays for a while, however it was emptied; a vault only where nobody may purge it.
  const isKept = !VAULT.test(found.key) || isSet(read(...PURGE)) === true
  if (isKept && (isSoft === true || (soft !== null && soft > 0))) found.remains.add('delayed')
}

/** The provider purges what it deletes there unless it is told otherwise. */
const VAULT = /^azure:keyvault/
const PURGE = ['purgeprotectionenabled', 'enablepurgeprotection'] as const

const DAY_SECONDS = 86_400

/** Of a key the shortest is a week, and a bucket says by its contents whether they go. */
const AT_ONCE = /^aws:secretsmanagersecret$/

function period(found: Found, label: string, days: number): void {
  found.facts.push(fact(label, days === 0 ? 'None, it goes at once' : daysText(days), days === 0))
  if (days > 0) found.remains.add('delayed')
  else if (AT_ONCE.test(found.key)) found.remains.add('gone')
}

function guards(read: Attributes, found: Found): void {
  const guarded = isSet(read('deletionprotection', 'deletionprotectionenabled'))
  if (guarded !== null) found.facts.push(fact('Deletion protection', onOff(guarded)))
  const locked = isSet(read('protect'))
  if (locked === true) found.facts.push(fact('Protected by the tool', 'On'))
  const purge = isSet(read(...PURGE))
  if (purge !== null) found.facts.push(fact('Purge protection', onOff(purge)))
}

function fact(label: string, value: string, final = false): RecoveryFact {
  return { label, value, final }
}

function onOff(value: boolean): string {
  return value ? 'On' : 'Off'
}

function daysText(days: number): string {
  const whole = Math.floor(days)
  if (whole === 0 && days > 0) return 'Less than a day'
  return whole === 1 ? '1 day' : `${whole} days`
}

const DATABASE = /^aws:(?:rds|docdb|neptune)dbcluster$|^aws:rdsdbinstance$/

/** What a reader asks first of a type; named even where the plan does not say it. */
const ASKED: readonly (readonly [RegExp, readonly string[]])[] = [
  [DATABASE, ['Final snapshot', 'Automated backups', 'Deletion protection']],
  [/^aws:redshiftcluster$|^aws:elasticache/, ['Final snapshot']],
  [/^aws:s3bucket$|^google:storagebucket$|^aws:ecrrepository$/, ['Its contents']],
  [/^aws:dynamodbtable$/, ['Point-in-time recovery', 'Deletion protection']],
  [/^aws:kmskey$/, ['Deletion window']],
  [/^aws:secretsmanagersecret$/, ['Recovery window']],
]

function unsaid(key: string, facts: readonly RecoveryFact[]): readonly RecoveryFact[] {
  const asked = ASKED.find(([pattern]) => pattern.test(key))?.[1] ?? []
  const said = new Set(facts.map((fact) => fact.label))
  if (said.has('Backup retention')) said.add('Automated backups')
  return asked.filter((label) => !said.has(label)).map((label) => fact(label, 'Not said'))
}

/** One copy that remains outweighs what is lost; that none does takes every way being closed. */
function remainsOf({ facts, remains, key }: Found): Remains {
  for (const each of ['snapshot', 'backups', 'delayed'] as const) if (remains.has(each)) return each
  if (remains.has('gone')) return 'gone'
  const isFinal = (label: string): boolean => {
    return facts.some((fact) => fact.label === label && fact.final)
  }
  const none = DATABASE.test(key) && isFinal('Final snapshot') && isFinal('Automated backups')
  return none ? 'gone' : 'unsaid'
}
