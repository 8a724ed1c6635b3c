/**
 * One key for one kind of resource, whichever tool names it: `AWS::RDS::DBInstance`,
 * `aws_db_instance`, `awscc_rds_db_instance` and `aws:rds/instance:Instance` are one. For AWS the
 * key is made of CloudFormation's name. A type that nobody knows gets a key of its own and is never
 * taken for another; no fingerprint and no rule reads a key.
 */

/** For example `aws:rdsdbinstance`, `google:storagebucket`; lower case, without separators. */
export function typeKey(type: string): string {
  if (type.includes('::')) return cloudformationKey(type)
  return type.includes(':') ? pulumiKey(type) : terraformKey(type)
}

function cloudformationKey(type: string): string {
  const [cloud = '', ...words] = type.split('::')
  return keyOf(cloud, words.join(''))
}

const CLOUDS: ReadonlyMap<string, string> = new Map([
  ['awscc', 'aws'],
  ['aws-native', 'aws'],
  ['azurerm', 'azure'],
  ['azure-native', 'azure'],
  ['gcp', 'google'],
  ['google-native', 'google'],
])

/** Those name what CloudFormation names, by its own words. */
const NATIVE: ReadonlySet<string> = new Set(['awscc', 'aws-native'])

function terraformKey(type: string): string {
  const at = type.indexOf('_')
  if (at === -1) return keyOf(type, '')
  const provider = type.slice(0, at)
  const name = type.slice(at + 1)
  return named(provider, provider === 'kubernetes' ? name.replace(/_v\d+\w*$/, '') : name)
}

/** `package:module/name:Name`, and the module `index` is none. */
function pulumiKey(type: string): string {
  const [provider = '', path = '', name = ''] = type.split(':')
  const [module = ''] = path.split('/')
  const isPlain = module === 'index' || provider === 'kubernetes'
  const inside = compact(module)
  const own = compact(name)
  // A name that begins with its module does not need it twice: `storage:StorageAccount`.
  return named(provider, isPlain || own.startsWith(inside) ? own : inside + own)
}

function named(provider: string, name: string): string {
  const cloud = CLOUDS.get(provider) ?? provider
  const key = keyOf(cloud, name)
  return NATIVE.has(provider) || cloud !== 'aws' ? key : (ALIASES.get(key) ?? key)
}

function keyOf(cloud: string, name: string): string {
  return `${cloud.toLowerCase()}:${compact(name)}`
}

function compact(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/**
 * Where Terraform and Pulumi call something else than CloudFormation does. The reference test holds
 * every name on the right against the list of all types.
 */
export const AWS_ALIASES: { readonly [name: string]: string } = {
  // Stored data.
  db_instance: 'AWS::RDS::DBInstance',
  rds_instance: 'AWS::RDS::DBInstance',
  rds_cluster_instance: 'AWS::RDS::DBInstance',
  rds_cluster: 'AWS::RDS::DBCluster',
  db_snapshot: 'AWS::RDS::DBSnapshot',
  rds_snapshot: 'AWS::RDS::DBSnapshot',
  db_cluster_snapshot: 'AWS::RDS::ClusterSnapshot',
  docdb_cluster: 'AWS::DocDB::DBCluster',
  docdb_cluster_instance: 'AWS::DocDB::DBInstance',
  neptune_cluster: 'AWS::Neptune::DBCluster',
  neptune_cluster_instance: 'AWS::Neptune::DBInstance',
  elasticache_cluster: 'AWS::ElastiCache::CacheCluster',
  opensearch_domain: 'AWS::OpenSearchService::Domain',
  ebs_volume: 'AWS::EC2::Volume',
  fsx_lustre_file_system: 'AWS::FSx::FileSystem',
  fsx_windows_file_system: 'AWS::FSx::FileSystem',
  fsx_ontap_file_system: 'AWS::FSx::FileSystem',
  fsx_openzfs_file_system: 'AWS::FSx::FileSystem',
  fsx_open_zfs_file_system: 'AWS::FSx::FileSystem',
  cloudwatch_log_group: 'AWS::Logs::LogGroup',
  backup_vault: 'AWS::Backup::BackupVault',
  simpledb_domain: 'AWS::SDB::Domain',
  mq_broker: 'AWS::AmazonMQ::Broker',
  timestreamwrite_table: 'AWS::Timestream::Table',
  timestreamwrite_database: 'AWS::Timestream::Database',
  keyspaces_table: 'AWS::Cassandra::Table',
  keyspaces_keyspace: 'AWS::Cassandra::Keyspace',
  s3_bucket_v2: 'AWS::S3::Bucket',
  s3_directory_bucket: 'AWS::S3Express::DirectoryBucket',
  // Access and network.
  iam_policy: 'AWS::IAM::ManagedPolicy',
  security_group: 'AWS::EC2::SecurityGroup',
  default_security_group: 'AWS::EC2::SecurityGroup',
  vpc_security_group_ingress_rule: 'AWS::EC2::SecurityGroupIngress',
  vpc_security_group_egress_rule: 'AWS::EC2::SecurityGroupEgress',
  network_acl_rule: 'AWS::EC2::NetworkAclEntry',
  // Others that have a noun.
  instance: 'AWS::EC2::Instance',
  vpc: 'AWS::EC2::VPC',
  subnet: 'AWS::EC2::Subnet',
  lb: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  alb: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  lb_load_balancer: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  alb_load_balancer: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  elb: 'AWS::ElasticLoadBalancing::LoadBalancer',
  elb_load_balancer: 'AWS::ElasticLoadBalancing::LoadBalancer',
  route53_record: 'AWS::Route53::RecordSet',
  route53_zone: 'AWS::Route53::HostedZone',
}

const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries(AWS_ALIASES).map(([name, type]) => [keyOf('aws', name), cloudformationKey(type)]),
)
