/**
 * Which types of resource hold data that is gone when they are destroyed. A table, and only for
 * showing danger first: a type that is not here is not thereby harmless, and no rule reads it.
 */

/** By the end or the whole of the type. */
const STORES: readonly RegExp[] = [
  /^aws_(?:db_instance|rds_cluster|rds_global_cluster|db_snapshot|rds_cluster_instance)$/,
  /^aws_(?:dynamodb_table|docdb_cluster|neptune_cluster|redshift_cluster|opensearch_domain)$/,
  /^aws_(?:elasticsearch_domain|elasticache_cluster|elasticache_replication_group|memorydb_cluster)$/,
  /^aws_(?:s3_bucket|s3_object|efs_file_system|fsx_\w+|ebs_volume|ebs_snapshot|ecr_repository)$/,
  /^aws_(?:kms_key|secretsmanager_secret|kinesis_stream|msk_cluster|mq_broker|backup_vault)$/,
  /^aws_(?:sqs_queue|cognito_user_pool|timestreamwrite_table|keyspaces_table|qldb_ledger)$/,
  /^azurerm_\w*(?:sql_database|flexible_server|sql_managed_instance|storage_account)$/,
  /^azurerm_(?:cosmosdb_\w+|managed_disk|storage_container|storage_share|redis_cache)$/,
  /^azurerm_(?:key_vault|key_vault_key|key_vault_secret|recovery_services_vault)$/,
  /^google_(?:sql_database_instance|sql_database|bigtable_(?:instance|table)|spanner_\w+)$/,
  /^google_(?:bigquery_(?:dataset|table)|storage_bucket|compute_disk|filestore_instance)$/,
  /^google_(?:redis_instance|firestore_database|kms_crypto_key|secret_manager_secret)$/,
  /^kubernetes_(?:persistent_volume|persistent_volume_claim|namespace|stateful_set)(?:_v1)?$/,
  /^(?:mongodbatlas_cluster|mongodbatlas_advanced_cluster|cloudflare_r2_bucket)$/,
  /^digitalocean_(?:database_cluster|volume|spaces_bucket)$/,
]

/** True when destroying a resource of this type destroys stored data, keys or messages. */
export function storesData(type: string): boolean {
  return STORES.some((pattern) => pattern.test(type))
}
