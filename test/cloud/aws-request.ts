/**
 * Which action of which service an HTTP request asks for, and with which parameters, in the forms
 * that AWS speaks: query, JSON with a target, and REST of S3, Lambda, Route 53, EFS and schedules.
 */
import type { ArrivedRequest, Signed } from './aws-signature.ts'

export interface AwsCall {
  /** As IAM calls it, for example `s3:ListBucket`; `null` where nobody knows. */
  readonly action: string | null
  readonly service: string
  readonly region: string
  /** The action's name, or method and path where nobody knows it. */
  readonly operation: string
  readonly parameters: { readonly [name: string]: unknown }
}

/** Names of services in signatures that IAM calls something else. */
const IAM_NAMES: { readonly [service: string]: string } = { monitoring: 'cloudwatch' }

export function readCall(request: ArrivedRequest, signed: Signed): AwsCall {
  const service = IAM_NAMES[signed.service] ?? signed.service
  const { region } = signed
  const { operation, parameters } = read(request, signed.service)
  const action = operation === null ? null : `${service}:${operation}`
  const told = operation ?? `${request.method} ${request.target}`
  return { action, service, region, operation: told, parameters }
}

interface Read {
  readonly operation: string | null
  readonly parameters: { readonly [name: string]: unknown }
}

function read(request: ArrivedRequest, service: string): Read {
  const target = request.headers['x-amz-target']
  if (target !== undefined) {
    const operation = target.split('.').at(-1) ?? null
    return { operation, parameters: jsonOf(request.body) }
  }
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    const fields = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
    return { operation: fields['Action'] ?? null, parameters: fields }
  }
  return service === 's3' ? readS3(request) : readRest(request, service)
}

function jsonOf(body: Buffer): { readonly [name: string]: unknown } {
  if (body.length === 0) return {}
  const document: unknown = JSON.parse(body.toString('utf8'))
  return typeof document === 'object' && document !== null ? { ...document } : {}
}

/** What a sub-resource of S3 is called by IAM, for reading and for writing. */
const S3_PARTS: { readonly [part: string]: readonly [string, string, string?] } = {
  accelerate: ['GetAccelerateConfiguration', 'PutAccelerateConfiguration'],
  acl: ['GetBucketAcl', 'PutBucketAcl'],
  cors: ['GetBucketCORS', 'PutBucketCORS'],
  encryption: ['GetEncryptionConfiguration', 'PutEncryptionConfiguration'],
  lifecycle: ['GetLifecycleConfiguration', 'PutLifecycleConfiguration'],
  location: ['GetBucketLocation', 'none'],
  logging: ['GetBucketLogging', 'PutBucketLogging'],
  'object-lock': ['GetBucketObjectLockConfiguration', 'PutBucketObjectLockConfiguration'],
  ownershipControls: ['GetBucketOwnershipControls', 'PutBucketOwnershipControls'],
  policy: ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'],
  publicAccessBlock: ['GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock'],
  replication: ['GetReplicationConfiguration', 'PutReplicationConfiguration'],
  requestPayment: ['GetBucketRequestPayment', 'PutBucketRequestPayment'],
  tagging: ['GetBucketTagging', 'PutBucketTagging'],
  uploads: ['ListBucketMultipartUploads', 'none'],
  versioning: ['GetBucketVersioning', 'PutBucketVersioning'],
  versions: ['ListBucketVersions', 'none'],
  website: ['GetBucketWebsite', 'PutBucketWebsite', 'DeleteBucketWebsite'],
}

const S3_OBJECT_PARTS: { readonly [part: string]: readonly [string, string, string?] } = {
  acl: ['GetObjectAcl', 'PutObjectAcl'],
  tagging: ['GetObjectTagging', 'PutObjectTagging', 'DeleteObjectTagging'],
}

function readS3({ method, target }: ArrivedRequest): Read {
  const url = new URL(target, 'http://s3')
  const [, bucket = '', ...rest] = decodeURIComponent(url.pathname).split('/')
  const key = rest.join('/')
  const query = Object.fromEntries(url.searchParams)
  const parameters = { Bucket: bucket, ...(key === '' ? {} : { Key: key }), ...query }
  if (bucket === '') return { operation: 'ListAllMyBuckets', parameters }
  const parts = key === '' ? S3_PARTS : S3_OBJECT_PARTS
  const part = Object.keys(parts).find((each) => url.searchParams.has(each))
  if (part !== undefined) {
    const [reads = null, writes = null, removes = writes] = parts[part] ?? []
    const isRead = method === 'GET' || method === 'HEAD'
    return { operation: isRead ? reads : method === 'DELETE' ? removes : writes, parameters }
  }
  const isVersion = url.searchParams.has('versionId')
  const operations: { readonly [method: string]: string } =
    key === ''
      ? { GET: 'ListBucket', HEAD: 'ListBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' }
      : {
          GET: isVersion ? 'GetObjectVersion' : 'GetObject',
          HEAD: isVersion ? 'GetObjectVersion' : 'GetObject',
          PUT: 'PutObject',
          DELETE: isVersion ? 'DeleteObjectVersion' : 'DeleteObject',
        }
  return { operation: operations[method] ?? null, parameters }
}

type Route = readonly [method: string, path: RegExp, operation: string]

const LAMBDA = '/\\d{4}-\\d{2}-\\d{2}/functions'
const ONE = `${LAMBDA}/(?<FunctionName>[^/]+)`
const at = (text: string): RegExp => new RegExp(`^${text}/?$`)

/** By hand, for the services that tests speak to. */
const ROUTES: { readonly [service: string]: readonly Route[] } = {
  lambda: [
    ['POST', at(LAMBDA), 'CreateFunction'],
    ['GET', at(ONE), 'GetFunction'],
    ['DELETE', at(ONE), 'DeleteFunction'],
    ['GET', at(`${ONE}/configuration`), 'GetFunctionConfiguration'],
    ['PUT', at(`${ONE}/configuration`), 'UpdateFunctionConfiguration'],
    ['PUT', at(`${ONE}/code`), 'UpdateFunctionCode'],
    ['GET', at(`${ONE}/versions`), 'ListVersionsByFunction'],
    ['GET', at(`${ONE}/code-signing-config`), 'GetFunctionCodeSigningConfig'],
    ['POST', at(`${ONE}/policy`), 'AddPermission'],
    ['GET', at(`${ONE}/policy`), 'GetPolicy'],
    ['DELETE', at(`${ONE}/policy/[^/]+`), 'RemovePermission'],
    ['POST', at(`${ONE}/aliases`), 'CreateAlias'],
    ['GET', at(`${ONE}/aliases/[^/]+`), 'GetAlias'],
    ['PUT', at(`${ONE}/aliases/[^/]+`), 'UpdateAlias'],
    ['DELETE', at(`${ONE}/aliases/[^/]+`), 'DeleteAlias'],
    ['GET', at('/2017-03-31/tags/(?<ResourceArn>.+)'), 'ListTags'],
    ['POST', at('/2017-03-31/tags/(?<ResourceArn>.+)'), 'TagResource'],
    ['DELETE', at('/2017-03-31/tags/(?<ResourceArn>.+)'), 'UntagResource'],
  ],
  route53: [
    ['POST', at('/2013-04-01/hostedzone'), 'CreateHostedZone'],
    ['GET', at('/2013-04-01/hostedzone/(?<HostedZoneId>[^/]+)'), 'GetHostedZone'],
    ['POST', at('/2013-04-01/hostedzone/(?<HostedZoneId>[^/]+)'), 'UpdateHostedZoneComment'],
    ['DELETE', at('/2013-04-01/hostedzone/(?<HostedZoneId>[^/]+)'), 'DeleteHostedZone'],
    ['GET', at('/2013-04-01/hostedzone/(?<HostedZoneId>[^/]+)/rrset'), 'ListResourceRecordSets'],
    ['POST', at('/2013-04-01/hostedzone/(?<HostedZoneId>[^/]+)/rrset'), 'ChangeResourceRecordSets'],
    ['GET', at('/2013-04-01/hostedzone/(?<HostedZoneId>[^/]+)/dnssec'), 'GetDNSSEC'],
    ['GET', at('/2013-04-01/change/(?<ChangeId>[^/]+)'), 'GetChange'],
    ['GET', at('/2013-04-01/tags/hostedzone/(?<HostedZoneId>[^/]+)'), 'ListTagsForResource'],
    ['POST', at('/2013-04-01/tags/hostedzone/(?<HostedZoneId>[^/]+)'), 'ChangeTagsForResource'],
  ],
  elasticfilesystem: [
    ['POST', at('/2015-02-01/file-systems'), 'CreateFileSystem'],
    ['GET', at('/2015-02-01/file-systems'), 'DescribeFileSystems'],
    ['PUT', at('/2015-02-01/file-systems/(?<FileSystemId>[^/]+)'), 'UpdateFileSystem'],
    ['DELETE', at('/2015-02-01/file-systems/(?<FileSystemId>[^/]+)'), 'DeleteFileSystem'],
    [
      'GET',
      at('/2015-02-01/file-systems/(?<FileSystemId>[^/]+)/lifecycle-configuration'),
      'DescribeLifecycleConfiguration',
    ],
    [
      'PUT',
      at('/2015-02-01/file-systems/(?<FileSystemId>[^/]+)/lifecycle-configuration'),
      'PutLifecycleConfiguration',
    ],
    ['POST', at('/2015-02-01/resource-tags/(?<FileSystemId>[^/]+)'), 'TagResource'],
    ['DELETE', at('/2015-02-01/resource-tags/(?<FileSystemId>[^/]+)'), 'UntagResource'],
  ],
  scheduler: [
    ['POST', at('/schedule-groups/(?<Name>[^/]+)'), 'CreateScheduleGroup'],
    ['GET', at('/schedule-groups/(?<Name>[^/]+)'), 'GetScheduleGroup'],
    ['DELETE', at('/schedule-groups/(?<Name>[^/]+)'), 'DeleteScheduleGroup'],
    ['GET', at('/tags/(?<ResourceArn>.+)'), 'ListTagsForResource'],
    ['POST', at('/tags/(?<ResourceArn>.+)'), 'TagResource'],
    ['DELETE', at('/tags/(?<ResourceArn>.+)'), 'UntagResource'],
  ],
}

function readRest(request: ArrivedRequest, service: string): Read {
  const url = new URL(request.target, 'http://rest')
  const path = decodeURIComponent(url.pathname)
  const routes = ROUTES[service] ?? []
  const route = routes.find(([method, form]) => method === request.method && form.test(path))
  const isJson = (request.headers['content-type'] ?? '').includes('json')
  const parameters = {
    ...(isJson || service === 'lambda' ? jsonOf(request.body) : {}),
    ...Object.fromEntries(url.searchParams),
    ...route?.[1].exec(path)?.groups,
  }
  return { operation: route?.[2] ?? null, parameters }
}
