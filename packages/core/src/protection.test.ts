import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange } from '../../../test/fixtures/terraform-given.ts'
import { widenings } from '../test/widening-given.ts'
import { sortByDanger } from './headline.ts'

type Fields = Readonly<Record<string, unknown>>

test('protection and backups that are switched off are said', () => {
  const off = (what: string) => [`protection wider: ${what}`]
  const guarded = 'Deletion protection is switched off'
  const backups = 'Automated backups are switched off'
  const settings = (more: Fields) => ({ settings: [more] })
  const backup = (enabled: boolean) => settings({ backup_configuration: [{ enabled }] })
  const versioning = (status: string) => ({ versioning_configuration: [{ status }] })
  const table: readonly (readonly [string, Fields, Fields | null, readonly string[]])[] = [
    [
      'aws_db_instance',
      { deletion_protection: true },
      { deletion_protection: false },
      off(guarded),
    ],
    ['aws_db_instance', { deletion_protection: true }, {}, off(guarded)],
    ['aws_db_instance', { deletion_protection: false }, { deletion_protection: false }, []],
    ['aws_db_instance', {}, { deletion_protection: false }, []],
    [
      'aws_lb',
      { enable_deletion_protection: true },
      { enable_deletion_protection: false },
      off(guarded),
    ],
    [
      'google_bigtable_table',
      { deletion_protection: 'PROTECTED' },
      { deletion_protection: 'UNPROTECTED' },
      off(guarded),
    ],
    [
      'google_sql_database_instance',
      settings({ deletion_protection_enabled: true }),
      settings({ deletion_protection_enabled: false }),
      off(guarded),
    ],
    ['google_sql_database_instance', backup(true), backup(false), off(backups)],
    [
      'aws_db_instance',
      { backup_retention_period: 7 },
      { backup_retention_period: 0 },
      off(backups),
    ],
    ['aws_db_instance', { backup_retention_period: 7 }, { backup_retention_period: 1 }, []],
    [
      'aws_dynamodb_table',
      { point_in_time_recovery: [{ enabled: true }] },
      { point_in_time_recovery: [{ enabled: false }] },
      off('Point-in-time recovery is switched off'),
    ],
    [
      'aws_s3_bucket_versioning',
      versioning('Enabled'),
      versioning('Suspended'),
      off('Versioning is suspended'),
    ],
    ['aws_s3_bucket_versioning', versioning('Enabled'), null, off('Versioning is suspended')],
    ['aws_s3_bucket_versioning', versioning('Suspended'), null, []],
    [
      'azurerm_key_vault',
      { purge_protection_enabled: true },
      { purge_protection_enabled: false },
      off('Purge protection is switched off'),
    ],
    [
      'azurerm_management_lock',
      { lock_level: 'CanNotDelete' },
      null,
      off('Takes away a lock against deletion'),
    ],
    [
      'aws_db_instance',
      { skip_final_snapshot: false },
      { skip_final_snapshot: true },
      off('No final snapshot will be taken any more'),
    ],
    [
      'aws_s3_bucket',
      { force_destroy: false },
      { force_destroy: true },
      off('It can be deleted with its contents'),
    ],
  ]
  for (const [type, before, after, expected] of table) {
    const what = `${type} ${JSON.stringify([before, after])}`
    assert.deepEqual(widenings(type, { before, after }), expected, what)
  }
})

test('protection that is hidden or undecided may be off', () => {
  const before = { deletion_protection: true }
  const unclear = ['protection unclear: Whether deletion protection stays on cannot be compared']
  const mask = { deletion_protection: true }

  assert.deepEqual(
    widenings('aws_db_instance', { before, after: {}, after_unknown: mask }),
    unclear,
  )
  assert.deepEqual(
    widenings('aws_db_instance', { before, after: before, after_sensitive: mask }),
    unclear,
  )
  assert.deepEqual(widenings('aws_db_instance', { before: {}, after: {}, after_unknown: mask }), [])
})

test('an update that takes protection away stands before what only adds', () => {
  const change = (address: string, actions: readonly string[], sides: Fields = {}) => {
    return givenChange({ actions, ...sides }, { address, type: 'aws_db_instance' })
  }
  const off = { before: { deletion_protection: true }, after: { deletion_protection: false } }
  const changes = [
    change('a.update', ['update']),
    change('b.create', ['create']),
    change('c.off', ['update'], off),
    change('d.delete', ['delete'], { after: null }),
  ]

  const sorted = sortByDanger(changes).map(({ address }) => address)

  assert.deepEqual(sorted, ['d.delete', 'c.off', 'b.create', 'a.update'])
})

test('instances stand in the order of their numbers', () => {
  const at = (address: string) => givenChange({}, { address })
  const inOrder = ['a.b', 'a.b[2]', 'a.b[10]', 'a.b[10].c[1]', 'module.m[9].a', 'module.m[10].a']

  const sorted = sortByDanger(inOrder.toReversed().map(at)).map(({ address }) => address)

  assert.deepEqual(sorted, inOrder)
})
