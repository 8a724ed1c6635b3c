/**
 * Actions by which somebody gets rights, beyond those that the maintained list puts under
 * permissions management: who reaches what, what runs with which role, who is let in.
 */
export const ALSO_PRIVILEGES: readonly string[] = [
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:ImportKeyPair',
  'ec2:ModifyInstanceAttribute',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
  'ec2:RunInstances',
  'ecs:RegisterTaskDefinition',
  'iam:PassRole',
  'kms:CreateAlias',
  'kms:CreateKey',
  'kms:ScheduleKeyDeletion',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'sts:AssumeRole',
]

/** Services whose every change is about rights. */
export const PRIVILEGE_SERVICES: readonly string[] = ['iam', 'kms', 'organizations', 'sso', 'sts']

/** Providers that act on the machine of the runner and call nothing. */
export const HARMLESS_PROVIDERS: readonly string[] = [
  'builtin/terraform',
  'hashicorp/archive',
  'hashicorp/cloudinit',
  'hashicorp/local',
  'hashicorp/null',
  'hashicorp/random',
  'hashicorp/time',
  'hashicorp/tls',
]

/** Reads what is stored, not settings: never part of a family. */
export const READS_CONTENT =
  /^(?:s3:GetObject\w*|dynamodb:(?:GetItem|BatchGetItem|Scan|Query|GetRecords|PartiQLSelect)|secretsmanager:\w*GetSecretValue|ssm:GetParameter\w*|kinesis:Get\w+|sqs:ReceiveMessage|ecr:(?:GetDownloadUrlForLayer|BatchGetImage)|logs:(?:Get|Filter|Start|Unmask)\w*)$/

/** Families: a pattern may only match settings of one resource type. */
export const FAMILIES: { readonly [pattern: string]: string } = {
  's3:GetBucket*': 's3/bucket',
  'dynamodb:DescribeT*': 'dynamodb/table',
  'lambda:GetFunction*': 'lambda/function',
}
