/** Queues, topics, buckets, tables, logs, secrets. */
import {
  encryptedBy,
  GIVES_KEY,
  type ResourceSpec,
  type TypeSpec,
  type TypeSpecs,
  USES_KEY,
} from './type-spec.ts'

const BUCKET = { is: 's3/bucket', parts: { BucketName: 'bucket' } } as const
const OBJECT = { is: 's3/object', parts: { BucketName: 'bucket', ObjectName: 'key:bare' } } as const

/** A group, as AWS asks about it. */
const GROUP_STREAMS = (attribute: string): ResourceSpec => {
  return { is: 'logs/log-group', parts: { LogGroupName: `{${attribute}}:*` } }
}

/** A part of a bucket's settings, with its own type in Terraform. */
function bucketPart(read: string, write: string, remove: string = write): TypeSpec {
  return { ...BUCKET, exact: [], create: write, read, update: write, delete: remove }
}

/** What the provider sets after a topic is made; the same call writes who may use the topic. */
const TOPIC_SETTINGS: readonly string[] = [
  'archive_policy',
  'delivery_policy',
  'display_name',
  'kms_master_key_id',
  'policy',
  'signature_version',
  'tracing_config',
  ...['application', 'firehose', 'http', 'lambda', 'sqs'].flatMap((protocol) => [
    `${protocol}_failure_feedback_role_arn`,
    `${protocol}_success_feedback_role_arn`,
    `${protocol}_success_feedback_sample_rate`,
  ]),
]

export const STORAGE_TYPES: TypeSpecs = {
  aws_sqs_queue: {
    is: 'sqs/queue',
    parts: { QueueName: 'name' },
    create: 'CreateQueue TagQueue',
    read: 'GetQueueAttributes ListQueueTags',
    update: 'SetQueueAttributes',
    tag: 'TagQueue UntagQueue',
    delete: 'DeleteQueue',
    // CreateQueue takes the policy with it, and who may use a queue is never called narrowed.
    extras: [
      {
        attribute: 'policy',
        value: null,
        computed: true,
        kinds: ['create'],
        on: 'self',
        actions: ['sqs:SetQueueAttributes'],
      },
    ],
  },
  aws_sqs_queue_policy: {
    is: 'sqs/queue',
    parts: { QueueName: 'queue_url:last' },
    exact: [],
    create: 'SetQueueAttributes',
    read: 'GetQueueAttributes',
    update: 'SetQueueAttributes',
    delete: 'SetQueueAttributes',
  },
  aws_sns_topic: {
    is: 'sns/topic',
    parts: { TopicName: 'name' },
    create: 'CreateTopic TagResource',
    read: 'GetTopicAttributes ListTagsForResource',
    update: 'SetTopicAttributes',
    tag: 'TagResource UntagResource',
    delete: 'DeleteTopic',
    extras: TOPIC_SETTINGS.map((attribute) => ({
      attribute,
      value: null,
      computed: true,
      kinds: ['settle'],
      on: 'self',
      actions: ['sns:SetTopicAttributes'],
    })),
  },
  aws_sns_topic_policy: {
    is: 'sns/topic',
    parts: { TopicName: 'arn' },
    exact: ['arn'],
    create: 'SetTopicAttributes',
    read: 'GetTopicAttributes',
    update: 'SetTopicAttributes',
    delete: 'SetTopicAttributes',
  },
  aws_sns_topic_subscription: {
    is: 'sns/topic',
    parts: { TopicName: 'topic_arn' },
    exact: ['topic_arn'],
    create: 'Subscribe',
    read: 'GetSubscriptionAttributes ListSubscriptionsByTopic',
    update: 'SetSubscriptionAttributes',
    delete: 'Unsubscribe',
  },
  aws_s3_bucket: {
    ...BUCKET,
    create: 'CreateBucket PutBucketTagging',
    read:
      'GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging ' +
      'GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging ' +
      'GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration ' +
      'GetReplicationConfiguration ListBucket',
    tag: 'PutBucketTagging',
    delete: 'DeleteBucket',
    also: { objects: { is: 's3/object', parts: { BucketName: 'bucket', ObjectName: '*' } } },
    extras: [
      {
        attribute: 'force_destroy',
        value: true,
        computed: false,
        kinds: ['delete'],
        on: 'objects',
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      },
      {
        attribute: 'force_destroy',
        value: true,
        computed: false,
        kinds: ['delete'],
        on: 'self',
        actions: ['s3:ListBucketVersions'],
      },
    ],
  },
  aws_s3_bucket_versioning: bucketPart('GetBucketVersioning', 'PutBucketVersioning'),
  aws_s3_bucket_server_side_encryption_configuration: bucketPart(
    'GetEncryptionConfiguration',
    'PutEncryptionConfiguration',
  ),
  aws_s3_bucket_lifecycle_configuration: bucketPart(
    'GetLifecycleConfiguration',
    'PutLifecycleConfiguration',
  ),
  aws_s3_bucket_ownership_controls: bucketPart(
    'GetBucketOwnershipControls',
    'PutBucketOwnershipControls',
  ),
  aws_s3_bucket_public_access_block: bucketPart(
    'GetBucketPublicAccessBlock',
    'PutBucketPublicAccessBlock',
  ),
  aws_s3_bucket_policy: bucketPart('GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'),
  aws_s3_bucket_acl: bucketPart('GetBucketAcl', 'PutBucketAcl'),
  aws_s3_bucket_cors_configuration: bucketPart('GetBucketCORS', 'PutBucketCORS'),
  aws_s3_bucket_logging: bucketPart('GetBucketLogging', 'PutBucketLogging'),
  aws_s3_bucket_website_configuration: bucketPart(
    'GetBucketLocation GetBucketWebsite',
    'PutBucketWebsite',
    'DeleteBucketWebsite',
  ),
  aws_s3_object: {
    ...OBJECT,
    create: 'PutObject',
    settle: 'PutObjectTagging',
    read: 'GetObject GetObjectTagging',
    update: 'PutObject',
    tag: 'PutObjectTagging',
    delete: 'DeleteObject DeleteObjectVersion',
    also: { bucket: BUCKET },
    extras: [
      {
        attribute: 'bucket',
        value: null,
        computed: false,
        kinds: ['delete'],
        on: 'bucket',
        actions: ['s3:ListBucketVersions'],
      },
    ],
  },
  aws_dynamodb_table: {
    is: 'dynamodb/table',
    parts: { TableName: 'name' },
    create: 'CreateTable TagResource',
    settle: 'UpdateContinuousBackups UpdateTimeToLive',
    read: 'DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource',
    update: 'UpdateContinuousBackups UpdateTable UpdateTimeToLive',
    tag: 'TagResource UntagResource',
    delete: 'DeleteTable',
    extras: [encryptedBy('server_side_encryption.kms_key_arn', ...GIVES_KEY)],
  },
  aws_dynamodb_table_item: {
    is: 'dynamodb/table',
    parts: { TableName: 'table_name' },
    exact: [],
    create: 'PutItem',
    read: 'GetItem',
    update: 'DeleteItem UpdateItem',
    delete: 'DeleteItem',
  },
  aws_cloudwatch_log_group: {
    is: 'logs/log-group',
    parts: { LogGroupName: 'name' },
    // Asked about a group, AWS puts its streams behind the name; only tags are asked without.
    create: 'CreateLogGroup CreateLogGroup@streams TagResource',
    settle: 'PutRetentionPolicy PutRetentionPolicy@streams',
    read: 'DescribeLogGroups ListTagsForResource',
    update:
      'DeleteRetentionPolicy DeleteRetentionPolicy@streams PutRetentionPolicy ' +
      'PutRetentionPolicy@streams',
    tag: 'TagResource UntagResource',
    delete: 'DeleteLogGroup DeleteLogGroup@streams',
    also: { streams: GROUP_STREAMS('name') },
  },
  aws_cloudwatch_log_stream: {
    is: 'logs/log-stream',
    parts: { LogGroupName: 'log_group_name', LogStreamName: 'name' },
    create: 'CreateLogStream',
    read: 'DescribeLogStreams@group DescribeLogStreams@streams',
    delete: 'DeleteLogStream',
    also: {
      group: { is: 'logs/log-group', parts: { LogGroupName: 'log_group_name' } },
      streams: GROUP_STREAMS('log_group_name'),
    },
  },
  aws_cloudwatch_log_metric_filter: {
    is: 'logs/log-group',
    parts: { LogGroupName: 'log_group_name' },
    exact: [],
    create: 'PutMetricFilter PutMetricFilter@streams',
    read: 'DescribeMetricFilters DescribeMetricFilters@streams',
    update: 'PutMetricFilter PutMetricFilter@streams',
    delete: 'DeleteMetricFilter DeleteMetricFilter@streams',
    also: { streams: GROUP_STREAMS('log_group_name') },
  },
  aws_cloudwatch_metric_alarm: {
    is: 'cloudwatch/alarm',
    parts: { AlarmName: 'alarm_name' },
    create: 'PutMetricAlarm TagResource',
    read: 'DescribeAlarms ListTagsForResource',
    update: 'PutMetricAlarm',
    tag: 'TagResource UntagResource',
    delete: 'DeleteAlarms',
  },
  aws_cloudwatch_dashboard: {
    is: 'cloudwatch/dashboard',
    parts: { DashboardName: 'dashboard_name' },
    exact: ['dashboard_arn'],
    create: 'PutDashboard',
    read: 'GetDashboard',
    update: 'PutDashboard',
    delete: 'DeleteDashboards',
  },
  aws_ssm_parameter: {
    is: 'ssm/parameter',
    parts: { ParameterNameWithoutLeadingSlash: 'name:bare' },
    create: 'AddTagsToResource PutParameter',
    read: 'DescribeParameters GetParameter GetParameters ListTagsForResource',
    update: 'PutParameter',
    tag: 'AddTagsToResource RemoveTagsFromResource',
    delete: 'DeleteParameter',
    extras: [encryptedBy('key_id', 'kms:Decrypt', 'kms:Encrypt')],
  },
  aws_secretsmanager_secret: {
    is: 'secretsmanager/Secret',
    parts: { SecretId: 'name:secret' },
    create: 'CreateSecret TagResource',
    read: 'DescribeSecret GetResourcePolicy',
    update: 'UpdateSecret',
    tag: 'TagResource UntagResource',
    delete: 'DeleteSecret',
    extras: [encryptedBy('kms_key_id', ...USES_KEY)],
  },
  aws_secretsmanager_secret_version: {
    is: 'secretsmanager/Secret',
    parts: { SecretId: 'secret_id:secret' },
    create: 'PutSecretValue',
    read: 'DescribeSecret GetSecretValue',
    update: 'PutSecretValue UpdateSecretVersionStage',
    delete: 'UpdateSecretVersionStage',
  },
  aws_kinesis_stream: {
    is: 'kinesis/stream',
    parts: { StreamName: 'name' },
    create: 'AddTagsToStream CreateStream',
    settle: 'IncreaseStreamRetentionPeriod',
    read: 'DescribeLimits DescribeStreamSummary ListTagsForStream',
    update:
      'DecreaseStreamRetentionPeriod IncreaseStreamRetentionPeriod UpdateShardCount ' +
      'UpdateStreamMode',
    tag: 'AddTagsToStream RemoveTagsFromStream',
    delete: 'DeleteStream',
    extras: [encryptedBy('kms_key_id', 'kms:DescribeKey')],
  },
  aws_ecr_repository: {
    is: 'ecr/repository',
    parts: { RepositoryName: 'name' },
    create: 'CreateRepository TagResource',
    read: 'DescribeRepositories ListTagsForResource',
    update: 'PutImageScanningConfiguration PutImageTagMutability',
    tag: 'TagResource UntagResource',
    delete: 'DeleteRepository',
  },
  aws_ecr_lifecycle_policy: {
    is: 'ecr/repository',
    parts: { RepositoryName: 'repository' },
    exact: [],
    create: 'PutLifecyclePolicy',
    read: 'GetLifecyclePolicy',
    update: 'PutLifecyclePolicy',
    delete: 'DeleteLifecyclePolicy',
  },
  aws_efs_file_system: {
    is: 'elasticfilesystem/file-system',
    parts: { FileSystemId: '!id' },
    create: 'CreateFileSystem TagResource',
    read: 'DescribeFileSystems DescribeLifecycleConfiguration',
    update: 'PutLifecycleConfiguration UpdateFileSystem',
    tag: 'TagResource UntagResource',
    delete: 'DeleteFileSystem',
    extras: [encryptedBy('kms_key_id', ...GIVES_KEY)],
  },
}
