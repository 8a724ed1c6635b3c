/**
 * Whether the role that plans could write: IAM simulates it, with the role's own session, and nothing
 * happens. Only some actions stand for all, and only what the role's own policies say is looked at, so
 * the answer is never that it cannot write at all.
 *
 * Source: AWS IAM API Reference, SimulatePrincipalPolicy; Signature Version 4.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import type { Credentials } from '@aws-sdk/client-sts'
import { SignatureV4 } from '@smithy/signature-v4'
import { fetchText } from '../io/fetch.ts'
import type { Attempted, ProviderConfig, Writes } from './provider.ts'

const ACTIONS = [
  ...['s3:PutObject', 's3:DeleteObject', 's3:DeleteBucket', 's3:PutBucketPolicy'],
  ...['ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:AuthorizeSecurityGroupIngress'],
  ...['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:CreateAccessKey'],
  ...['kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
  ...['rds:ModifyDBInstance', 'rds:DeleteDBInstance', 'dynamodb:PutItem', 'dynamodb:DeleteTable'],
  ...['lambda:UpdateFunctionCode', 'ssm:PutParameter', 'secretsmanager:PutSecretValue'],
  ...['cloudformation:CreateStack', 'route53:ChangeResourceRecordSets', 'sqs:SendMessage'],
] as const

const NOT_LOOKED_AT =
  'rights on single resources, under conditions, or by policies of resources are not looked at'

interface Place {
  readonly url: string
  readonly region: string
}

/** IAM has one endpoint for each partition. */
const PLACES: { readonly [partition: string]: Place } = {
  aws: { url: 'https://iam.amazonaws.com', region: 'us-east-1' },
  'aws-cn': { url: 'https://iam.cn-north-1.amazonaws.com.cn', region: 'cn-north-1' },
  'aws-us-gov': { url: 'https://iam.us-gov.amazonaws.com', region: 'us-gov-west-1' },
}

export async function roleWrites(
  { identity }: Pick<Attempted, 'identity'>,
  keys: Credentials,
  { iamEndpoint }: ProviderConfig,
): Promise<Writes> {
  const place = PLACES[identity.split(':')[1] ?? '']
  if (place === undefined) return { notKnown: 'where IAM of this partition is, is not known here' }
  const url = new URL(iamEndpoint ?? place.url)
  const names = ACTIONS.map((name, at) => [`ActionNames.member.${at + 1}`, name] as const)
  const body = new URLSearchParams([
    ['Action', 'SimulatePrincipalPolicy'],
    ['Version', '2010-05-08'],
    ['PolicySourceArn', identity],
    ...names.map(([name, value]): [string, string] => [name, value]),
  ]).toString()
  const headers = await signed({ url, body, region: place.region }, keys)
  const { status, text } = await fetchText(url, { headers, body })
  if (status === 403)
    return { notKnown: 'the role may not ask that of itself (iam:SimulatePrincipalPolicy)' }
  return status === 200 ? readDecisions(text) : { notKnown: `IAM answers ${status}` }
}

const DECISIONS: readonly string[] = ['allowed', 'explicitDeny', 'implicitDeny']

/** Every action has to have exactly one decision, and one that is known, or nothing is. */
function readDecisions(text: string): Writes {
  const all = (name: string) =>
    [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((found) => found[1] ?? '')
  const [names, decisions] = [all('EvalActionName'), all('EvalDecision')]
  const isWhole =
    names.length === ACTIONS.length &&
    decisions.length === names.length &&
    ACTIONS.every((each) => names.includes(each)) &&
    decisions.every((each) => DECISIONS.includes(each))
  if (!isWhole) return { notKnown: 'IAM did not answer for every action' }
  const may = names.filter((_, at) => decisions[at] === 'allowed')
  return { may, asked: ACTIONS.length, notLookedAt: NOT_LOOKED_AT }
}

async function signed(
  { url, body, region }: { readonly url: URL; readonly body: string; readonly region: string },
  keys: Credentials,
): Promise<{ readonly [name: string]: string }> {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }
  const signer = new SignatureV4({ credentials, region, service: 'iam', sha256: Sha256 })
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: '/',
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
  const { host: _, ...rest } = headers
  return rest
}

class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(part: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(part))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function bytesOf(part: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof part === 'string') return Buffer.from(part)
  return part instanceof ArrayBuffer
    ? new Uint8Array(part)
    : new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
}
