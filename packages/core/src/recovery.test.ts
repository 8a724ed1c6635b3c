import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange } from '../../../test/fixtures/terraform-given.ts'
import * as cloudformation from '../test/cloudformation-given.ts'
import { givenResource, givenState, givenStep } from '../test/pulumi-given.ts'
import type { ResourceChange } from './plan.ts'
import { losesData, type Recovery, recoveryOf } from './recovery.ts'

function terraform(type: string, before: Readonly<Record<string, unknown>>): ResourceChange {
  return givenChange({ actions: ['delete'], before, after: null }, { type })
}

function removed(type: string, before: unknown, fields: Readonly<Record<string, unknown>> = {}) {
  const change = { Action: 'Remove', ResourceType: type, Replacement: undefined, ...fields }
  const values = cloudformation.givenValues(before, undefined, {
    ...change,
    AfterContext: undefined,
  })
  const plan = cloudformation.givenSetPlan(cloudformation.givenChangeSet([values]))
  const [resource] = plan.resources
  assert.ok(resource !== undefined)
  return resource
}

function pulumi(type: string, inputs: Readonly<Record<string, unknown>>, state = {}) {
  const old = givenState(inputs, { type, id: 'real-1', ...state })
  const urn = `urn:pulumi:dev::shop::${type}::x`
  return givenResource(givenStep({ op: 'delete', urn, oldState: old, newState: undefined }))
}

/** `label: value`, with a mark where it makes the loss final. */
function said({ facts }: Recovery): readonly string[] {
  return facts.map(({ label, value, final }) => `${label}: ${value}${final ? ' !' : ''}`)
}

test('a database says by every tool whether a copy remains', () => {
  const attributes = { engine: 'postgres', engine_version: '16.4', allocated_storage: 500 }
  const final = { skip_final_snapshot: true, delete_automated_backups: true }
  const found = recoveryOf(
    terraform('aws_db_instance', {
      ...attributes,
      ...final,
      deletion_protection: false,
      identifier: 'reporting-1',
      arn: 'arn:aws:rds:eu-central-1:123456789012:db:reporting-1',
    }),
  )

  assert.deepEqual(found, {
    what: 'PostgreSQL 16.4, 500 GiB',
    object: 'reporting-1',
    arn: 'arn:aws:rds:eu-central-1:123456789012:db:reporting-1',
    facts: [
      { label: 'Final snapshot', value: 'None', final: true },
      { label: 'Automated backups', value: 'Deleted with it', final: true },
      { label: 'Deletion protection', value: 'Off', final: false },
    ],
    remains: 'gone',
  })
  const other = recoveryOf(
    pulumi('aws:rds/instance:Instance', { skipFinalSnapshot: true, backupRetentionPeriod: 0 }),
  )
  assert.deepEqual(said(other), [
    'Final snapshot: None !',
    'Automated backups: None are taken !',
    'Deletion protection: Not said',
  ])
  assert.deepEqual([other.object, other.remains], ['real-1', 'gone'])
})

test('what the plan does not say is unsaid, and never a loss of all copies', () => {
  const nothing = recoveryOf(terraform('aws_db_instance', {}))
  assert.deepEqual(said(nothing), [
    'Final snapshot: Not said',
    'Automated backups: Not said',
    'Deletion protection: Not said',
  ])
  assert.deepEqual([nothing.what, nothing.object, nothing.remains], [null, null, 'unsaid'])
  const hidden = givenChange(
    {
      actions: ['delete'],
      before: { skip_final_snapshot: 'maybe', delete_automated_backups: null, password: 'x' },
      after: null,
    },
    { type: 'aws_rds_cluster' },
  )
  assert.equal(recoveryOf(hidden).remains, 'unsaid')
})

test('each way in which a copy remains has its word', () => {
  const table: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['aws_db_instance', { skip_final_snapshot: false }, 'snapshot'],
    ['aws_db_instance', { skip_final_snapshot: true }, 'unsaid'],
    ['aws_elasticache_cluster', { final_snapshot_identifier: 'last' }, 'snapshot'],
    ['aws_ebs_volume', { final_snapshot: true }, 'snapshot'],
    ['aws_ebs_volume', { final_snapshot: false, size: 40 }, 'unsaid'],
    [
      'aws_db_instance',
      {
        skip_final_snapshot: true,
        delete_automated_backups: false,
        backup_retention_period: 7,
      },
      'backups',
    ],
    ['aws_s3_bucket', { force_destroy: true }, 'gone'],
    ['aws_s3_bucket', { force_destroy: false }, 'unsaid'],
    ['aws_kms_key', { deletion_window_in_days: 7 }, 'delayed'],
    ['aws_secretsmanager_secret', { recovery_window_in_days: 0 }, 'gone'],
    ['aws_secretsmanager_secret', { recovery_window_in_days: '30' }, 'delayed'],
    ['google_sql_database_instance', { settings: [{ disk_size: 10 }] }, 'unsaid'],
  ]
  for (const [type, before, remains] of table) {
    assert.equal(recoveryOf(terraform(type, before)).remains, remains, JSON.stringify(before))
  }
})

test('facts are found under every spelling and in blocks', () => {
  const bucket = { versioning: [{ enabled: true, mfa_delete: false }], force_destroy: false }
  assert.deepEqual(said(recoveryOf(terraform('aws_s3_bucket', bucket))), [
    'Its contents: It must be empty first',
    'Versioning: On',
  ])
  const table = {
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: 'false' },
    DeletionProtectionEnabled: true,
  }
  assert.deepEqual(said(recoveryOf(removed('AWS::DynamoDB::Table', table))), [
    'Point-in-time recovery: Off !',
    'Deletion protection: On',
  ])
  const vault = { soft_delete_retention_days: 1, purge_protection_enabled: false }
  assert.deepEqual(said(recoveryOf(terraform('azurerm_key_vault', vault))), [
    'Soft delete: 1 day',
    'Purge protection: Off',
  ])
  const kept = { delete_automated_backups: false, backup_retention_period: 7 }
  const cluster = recoveryOf(terraform('aws_rds_cluster', kept))
  assert.ok(said(cluster).includes('Automated backups: Kept, of 7 days'))
})

test('a change set says it by its policies', () => {
  const type = 'AWS::RDS::DBInstance'
  const backups = { DeleteAutomatedBackups: true }
  const snapshot = recoveryOf(removed(type, backups, { PolicyAction: 'Snapshot' }))
  const deleted = recoveryOf(removed(type, backups, { PolicyAction: 'Delete' }))
  const unsaid = recoveryOf(removed(type, backups))

  assert.equal(snapshot.remains, 'snapshot')
  assert.equal(snapshot.object, 'shop-images')
  assert.equal(deleted.remains, 'gone')
  assert.equal(unsaid.remains, 'unsaid')
  assert.equal(said(unsaid)[0], 'Automated backups: Deleted with it !')
})

test('a policy of deletion says nothing of snapshots where there are none', () => {
  const bucket = recoveryOf(removed('AWS::S3::Bucket', {}, { PolicyAction: 'Delete' }))
  const volume = recoveryOf(removed('AWS::EC2::Volume', { Size: 40 }, { PolicyAction: 'Delete' }))

  assert.deepEqual(said(bucket), ['Its contents: Not said'])
  assert.deepEqual([volume.what, said(volume)], ['40 GiB', ['Final snapshot: None !']])
})

test('what is left behind is no loss', () => {
  const storesData = () => true
  const lost = removed('AWS::RDS::DBInstance', {}, { PolicyAction: 'Delete' })
  const replaced = { Action: 'Modify', Replacement: 'True' }
  const kept = removed('AWS::S3::Bucket', {}, { ...replaced, PolicyAction: 'ReplaceAndRetain' })
  const type = 'aws:rds/instance:Instance'

  assert.equal(losesData(lost, storesData), true)
  assert.equal(
    losesData(lost, () => false),
    false,
  )
  assert.equal(losesData(kept, storesData), false)
  assert.equal(losesData(pulumi(type, {}, { retainOnDelete: true }), storesData), false)
  assert.equal(losesData(pulumi(type, {}, { protect: true }), storesData), true)
  assert.ok(
    said(recoveryOf(pulumi(type, {}, { protect: true }))).includes('Protected by the tool: On'),
  )
})

test('what is deleted softly is not gone, and of a replica no snapshot is promised', () => {
  const policy = [{ retention_duration_seconds: 604_800 }]
  const bucket = { force_destroy: true, soft_delete_policy: policy }
  const vault = { force_delete: true, soft_delete_enabled: true }
  const replica = { skip_final_snapshot: false, replicate_source_db: 'main' }

  assert.equal(recoveryOf(terraform('google_storage_bucket', bucket)).remains, 'delayed')
  assert.equal(recoveryOf(terraform('azurerm_recovery_services_vault', vault)).remains, 'delayed')
  assert.equal(recoveryOf(terraform('aws_db_instance', replica)).remains, 'unsaid')
})

test('that contents go with it is final only where nothing holds them for a time', () => {
  const contents = 'Its contents: Deleted with it'
  const soft = (seconds: number) => [{ retention_duration_seconds: seconds }]
  const bucket = 'google_storage_bucket'
  const vault = 'azurerm_recovery_services_vault'
  const forced = { force_destroy: true }
  const table: readonly (readonly [string, object, string, readonly string[]])[] = [
    [
      bucket,
      { ...forced, soft_delete_policy: soft(604_800) },
      'delayed',
      [contents, 'Soft delete: 7 days'],
    ],
    [
      bucket,
      { ...forced, soft_delete_policy: soft(0) },
      'gone',
      [`${contents} !`, 'Soft delete: None, it goes at once !'],
    ],
    [bucket, forced, 'unsaid', [contents]],
    [
      vault,
      { force_delete: true, soft_delete_enabled: true },
      'delayed',
      [contents, 'Soft delete: On'],
    ],
    ['google_bigquery_dataset', { delete_contents_on_destroy: true }, 'unsaid', [contents]],
    ['aws_ecr_repository', { force_delete: true }, 'gone', [`${contents} !`]],
  ]
  for (const [type, before, remains, facts] of table) {
    const found = recoveryOf(terraform(type, { ...before }))
    assert.deepEqual([found.remains, said(found)], [remains, facts], JSON.stringify(before))
  }
})

test('of a read replica no final snapshot is promised', () => {
  const asked = { skip_final_snapshot: false, final_snapshot_identifier: 'last' }
  const replica = (source: string) =>
    recoveryOf(terraform('aws_db_instance', { ...asked, replicate_source_db: source }))
  const type = 'AWS::RDS::DBInstance'
  const policy = { PolicyAction: 'Snapshot' }
  const set = recoveryOf(removed(type, { SourceDBInstanceIdentifier: 'main' }, policy))

  for (const found of [replica('main'), set]) {
    assert.equal(found.remains, 'unsaid')
    assert.ok(said(found).includes('Final snapshot: Not said'))
  }
  assert.equal(replica('').remains, 'snapshot')
})

test('of an instance in a cluster no copy is promised, and none is said to be lost', () => {
  const own = { skip_final_snapshot: false, backup_retention_period: 7 }
  const kept = { ...own, delete_automated_backups: false }
  const members = [
    terraform('aws_rds_cluster_instance', { ...kept, cluster_identifier: 'main' }),
    terraform('aws_db_instance', { ...kept, engine: 'aurora-postgresql' }),
    terraform('aws_docdb_cluster_instance', kept),
    terraform('aws_db_instance', { skip_final_snapshot: true, cluster_identifier: 'main' }),
    removed('AWS::RDS::DBInstance', { DBClusterIdentifier: 'main' }, { PolicyAction: 'Snapshot' }),
  ]
  for (const member of members) {
    const found = recoveryOf(member)
    assert.equal(found.remains, 'unsaid')
    assert.equal(said(found)[0], 'Final snapshot: None of its own, the cluster holds its data')
  }
  assert.equal(recoveryOf(terraform('aws_db_instance', own)).remains, 'snapshot')
})

test('a key vault that may be purged is not said to be taken back', () => {
  const vault = { soft_delete_retention_days: 90 }
  const of = (more: object) => recoveryOf(terraform('azurerm_key_vault', { ...vault, ...more }))

  assert.equal(of({}).remains, 'unsaid')
  assert.equal(of({ purge_protection_enabled: false }).remains, 'unsaid')
  assert.equal(of({ purge_protection_enabled: true }).remains, 'delayed')
})
