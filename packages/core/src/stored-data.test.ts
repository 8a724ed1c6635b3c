import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf } from './headline.ts'
import { storedDataTypes } from './stored-data.ts'
import { typeKey } from './type-names.ts'

const storesData = storedDataTypes(['AWS::RDS::DBInstance', 'AWS::S3::Bucket', 'AWS::EC2::Volume'])

test('every tool’s name for one type has one key', () => {
  const same: readonly (readonly [string, readonly string[]])[] = [
    [
      'AWS::RDS::DBInstance',
      [
        'aws_db_instance',
        'aws_rds_cluster_instance',
        'awscc_rds_db_instance',
        'aws:rds/instance:Instance',
        'aws-native:rds:DbInstance',
      ],
    ],
    ['AWS::S3::Bucket', ['aws_s3_bucket', 'aws:s3/bucketV2:BucketV2', 'aws-native:s3:Bucket']],
    ['AWS::EC2::Instance', ['aws_instance', 'aws:ec2/instance:Instance']],
    ['google_storage_bucket', ['gcp:storage/bucket:Bucket']],
    ['google_secret_manager_secret', ['gcp:secretmanager/secret:Secret']],
    ['azurerm_storage_account', ['azure:storage/account:Account']],
    [
      'azurerm_storage_account',
      ['azure-native:storage:StorageAccount', 'azure-native:storage/v20230101:StorageAccount'],
    ],
    ['kubernetes_stateful_set_v1', ['kubernetes:apps/v1:StatefulSet', 'kubernetes_stateful_set']],
    ['digitalocean_volume', ['digitalocean:index/volume:Volume']],
  ]
  for (const [type, names] of same)
    for (const name of names) assert.equal(typeKey(name), typeKey(type))
})

test('an alias of Terraform is not read into the names of CloudFormation', () => {
  assert.equal(typeKey('aws_iam_policy'), typeKey('AWS::IAM::ManagedPolicy'))
  assert.equal(typeKey('awscc_iam_policy'), typeKey('AWS::IAM::Policy'))
  assert.notEqual(typeKey('AWS::IAM::Policy'), typeKey('AWS::IAM::ManagedPolicy'))
})

test('any text is a type of its own', () => {
  for (const text of ['', '_', ':', '::', 'a', 'a:b', 'x::', '\u202e']) assert.ok(typeKey(text))
})

test('what the list names holds data by every name, and what we add, and what has no list', () => {
  const holds = [
    'AWS::RDS::DBInstance',
    'aws_db_instance',
    'aws:ebs/volume:Volume',
    'aws_ecr_repository',
    'AWS::ECR::Repository',
    'aws_s3_object',
    'azurerm_mssql_database',
    'azure-native:documentdb:DatabaseAccount',
    'azure:compute/managedDisk:ManagedDisk',
    'azurerm_cosmosdb_sql_container',
    'google_sql_database_instance',
    'gcp:bigquery/dataset:Dataset',
    'kubernetes:core/v1:PersistentVolumeClaim',
    'mongodbatlas:index/cluster:Cluster',
  ]
  assert.deepEqual(
    holds.filter((type) => !storesData(type)),
    [],
  )
})

test('what holds none is not said to', () => {
  const others = [
    'AWS::DynamoDB::Table',
    'aws_s3_bucket_policy',
    'aws_instance',
    'azurerm_postgresql_firewall_rule',
    'azurerm_key_vault_access_policy',
    'google_storage_bucket_iam_member',
    'kubernetes:core/v1:Service',
    'xaws_s3_bucket',
    'random:index/randomId:RandomId',
    '',
  ]
  assert.deepEqual(others.filter(storesData), [])
})

test('nouns are the same for every tool', () => {
  const table: readonly (readonly [string, string | null])[] = [
    ['AWS::RDS::DBCluster', 'a database'],
    ['aws:rds/cluster:Cluster', 'a database'],
    ['AWS::IAM::Policy', 'a policy'],
    ['AWS::EC2::SecurityGroupIngress', 'a security group rule'],
    ['aws:ec2/securityGroupRule:SecurityGroupRule', 'a security group rule'],
    ['azurerm_network_security_group', 'a security group'],
    ['azurerm_linux_virtual_machine', 'a server'],
    ['azure-native:compute:VirtualMachine', 'a server'],
    ['AWS::EC2::Subnet', 'a subnet'],
    ['google_compute_subnetwork', 'a subnet'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'a load balancer'],
    ['gcp:storage/bucket:Bucket', 'a bucket'],
    ['AWS::CloudFormation::Stack', null],
    ['aws_db_subnet_group', null],
  ]
  for (const [type, noun] of table) assert.equal(kindOf(type), noun, type)
})
