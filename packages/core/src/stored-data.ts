/**
 * Which types of resource hold data that is gone when they are destroyed. For AWS a maintained list
 * says so, which comes in as an argument; for others there is none, and what stands here is ours.
 * Only for showing danger first: a type that is not here is not thereby harmless, and no rule reads
 * it.
 */
import { typeKey } from './type-names.ts'

export type StoresData = (type: string) => boolean

/** True when destroying a resource of the type destroys stored data, keys or messages. */
export function storedDataTypes(stateful: readonly string[]): StoresData {
  const keys = new Set([...stateful, ...ALSO_STATEFUL].map(typeKey))
  return (type) => {
    const key = typeKey(type)
    return keys.has(key) || NO_SOURCE.some((pattern) => pattern.test(key))
  }
}

/** Types of CloudFormation that hold data and that the list does not mark. */
export const ALSO_STATEFUL: readonly string[] = [
  'AWS::AmazonMQ::Broker',
  'AWS::Cassandra::Keyspace',
  'AWS::Cassandra::Table',
  'AWS::DSQL::Cluster',
  'AWS::DocDB::GlobalCluster',
  'AWS::DocDBElastic::Cluster',
  'AWS::ECR::PublicRepository',
  'AWS::ECR::Repository',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::KMS::ReplicaKey',
  'AWS::Lightsail::Bucket',
  'AWS::Lightsail::Database',
  'AWS::Lightsail::Disk',
  'AWS::MSK::Cluster',
  'AWS::MSK::ServerlessCluster',
  'AWS::MemoryDB::Cluster',
  'AWS::Neptune::GlobalCluster',
  'AWS::NeptuneGraph::Graph',
  'AWS::OpenSearchServerless::Collection',
  'AWS::RDS::ClusterSnapshot',
  'AWS::RDS::DBSnapshot',
  'AWS::RDS::GlobalCluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::Table',
  'AWS::S3Tables::TableBucket',
  'AWS::Timestream::Database',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::Timestream::Table',
]

/** No maintained source exists for these; by key, so that every tool's name for them is meant. */
const NO_SOURCE: readonly RegExp[] = [
  /^aws:(?:ebssnapshot|s3object|s3bucketobject)$/,
  /^azure:(?:\w*sqldatabase|\w*flexibleserver|(?:ms)?sqlmanagedinstance|\w*(?:sql|mariadb)server)$/,
  /^azure:(?:cosmosdb(?:account|\w*(?:database|container|collection|graph|keyspace|table)))$/,
  /^azure:(?:documentdbdatabaseaccount|(?:compute)?manageddisk|computedisk)$/,
  /^azure:(?:storage(?:account|container|share|blobcontainer|fileshare)|rediscache|cacheredis)$/,
  /^azure:(?:keyvault(?:key|secret|vault)?|recoveryservicesvault)$/,
  /^google:(?:sqldatabase|sqldatabaseinstance|sqladmininstance|sqladmindatabase)$/,
  /^google:(?:bigtable(?:instance|table)|spanner(?:instance|database)|alloydbcluster)$/,
  /^google:(?:bigquery(?:dataset|table)|storagebucket|computedisk|computeregiondisk)$/,
  /^google:(?:filestoreinstance|redisinstance|firestoredatabase|kmscryptokey)$/,
  /^google:(?:cloudkmscryptokey|secretmanagersecret|artifactregistryrepository)$/,
  /^kubernetes:(?:persistentvolume|persistentvolumeclaim|namespace|statefulset)$/,
  /^mongodbatlas:(?:cluster|advancedcluster|serverlessinstance)$/,
  /^cloudflare:r2bucket$/,
  /^digitalocean:(?:databasecluster|volume|spacesbucket)$/,
]
