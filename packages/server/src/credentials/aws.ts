/**
 * AWS: the server shows its own token to STS and hands out session keys, narrowed by the policy that
 * was shown to the approvers. What STS refuses is refused here; nothing is ever asked for again
 * without the policy (threat B4).
 *
 * Source: AWS STS API Reference, AssumeRoleWithWebIdentity and AssumeRole; IAM User Guide, session
 * tags in tokens.
 */
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  STSClient,
  STSServiceException,
} from '@aws-sdk/client-sts'
import type { Connection, Refusal } from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import { createSessions } from './aws-sessions.ts'
import { roleWrites } from './aws-writes.ts'
import type {
  Attempted,
  CredentialProvider,
  Exchange,
  Exchanged,
  Exchanger,
  ProviderConfig,
  Session,
  Settings,
  Tried,
} from './provider.ts'
import { quiet } from './quiet.ts'

/** The shortest that STS gives for a role. */
const SECONDS = 900
const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/
const SETTINGS = ['region', 'trust', 'file']
/** Of a section in an ini file: nothing that could open another one. */
const PROFILE = /^[A-Za-z0-9_-]{1,64}$/
const WITHIN_MS = 10_000

export const aws: CredentialProvider = {
  kind: 'aws',
  summary: 'Session keys by AssumeRoleWithWebIdentity, or AssumeRole from the server’s identity.',
  problem: settingsProblem,
  audience: () => 'sts.amazonaws.com',
  claims: claimsOf,
  exchanger: createExchanger,
  attempt,
  writes: async (attempted, config) => {
    const taken = await take(attempted, config)
    return 'refused' in taken ? { notKnown: taken.refused } : roleWrites(attempted, taken, config)
  },
}

function settingsProblem({ account, apply, plan, settings }: Settings): string | null {
  if (!/^\d{12}$/.test(account)) return 'account is the 12 digits of an AWS account'
  for (const role of [apply, plan].filter((each) => each !== null)) {
    const owner = ROLE.exec(role)?.[1]
    if (owner === undefined) return 'apply and plan are ARNs of roles: arn:aws:iam::…:role/…'
    if (owner !== account) return 'apply and plan are roles of the account that is named'
  }
  const unknown = Object.keys(settings).find((name) => !SETTINGS.includes(name))
  if (unknown !== undefined) return `a connection to AWS has no setting ${unknown}`
  if (!REGION.test(settings['region'] ?? 'us-east-1')) return 'region is a name like eu-central-1'
  if (!['web_identity', 'server'].includes(settings['trust'] ?? 'web_identity'))
    return 'trust is web_identity (the role trusts our tokens) or server (it trusts this server)'
  const { file = 'default' } = settings
  return PROFILE.test(file) && file !== 'holdpoint'
    ? null
    : 'file is the profile, other than holdpoint, whose session keys are written into a file'
}

/** Tags and source identity come from the token alone: STS takes neither beside it. */
function claimsOf({ name, tags }: Session): { readonly [claim: string]: unknown } {
  const principalTags = Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [key, [value]]),
  )
  return {
    'https://aws.amazon.com/tags': { principal_tags: principalTags, transitive_tag_keys: [] },
    'https://aws.amazon.com/source_identity': name,
  }
}

function createExchanger(config: ProviderConfig): Exchanger {
  const sessions = createSessions(({ connection }, keys) => clientFor(connection, config, keys))
  return {
    exchange: async (request) => {
      try {
        const given = await sessions.open(request)
        return 'tooShort' in given
          ? { ok: false, refusal: { code: 'grant_too_short', ...given.tooShort } }
          : keysOf(request, given.credentials)
      } catch (cause) {
        const refusal = refusalOf(request.connection, cause)
        if (refusal !== null) return { ok: false, refusal }
        throw unanswered(cause)
      }
    },
  }
}

function unanswered(cause: unknown): Fault {
  const options = { cause: quiet(cause), retryable: true }
  return new Fault('source_failed', 'AWS STS could not be asked', options)
}

function clientFor(
  connection: Connection,
  { stsEndpoint }: ProviderConfig,
  keys?: Credentials,
): STSClient {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys ?? {}
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }
  return new STSClient({
    region: connection.settings['region'] ?? 'us-east-1',
    maxAttempts: 2,
    requestHandler: { requestTimeout: WITHIN_MS, connectionTimeout: WITHIN_MS },
    ...(keys === undefined ? {} : { credentials }),
    ...(stsEndpoint === null ? {} : { endpoint: stsEndpoint }),
  })
}

async function attempt(attempted: Attempted, config: ProviderConfig): Promise<Tried> {
  const taken = await take(attempted, config)
  return 'refused' in taken ? taken : 'accepted'
}

async function take(
  attempted: Attempted,
  config: ProviderConfig,
): Promise<Credentials | { readonly refused: string }> {
  const { connection, identity, token, externalId } = attempted
  const client = clientFor(connection, config)
  const asked = { RoleArn: identity, RoleSessionName: 'holdpoint-doctor', DurationSeconds: SECONDS }
  try {
    const answer = await (token === null
      ? client.send(
          new AssumeRoleCommand({
            ...asked,
            ...(externalId === '' || externalId === null ? {} : { ExternalId: externalId }),
          }),
        )
      : client.send(
          new AssumeRoleWithWebIdentityCommand({ ...asked, WebIdentityToken: token.reveal() }),
        ))
    return answer.Credentials ?? { refused: 'STS answered without keys' }
  } catch (cause) {
    const refusal = refusalOf(connection, cause)
    if (refusal?.code === 'cloud_refused') return { refused: refusal.because }
    throw unanswered(cause)
  } finally {
    client.destroy()
  }
}

function keysOf(request: Exchange, given: Credentials | undefined): Exchanged {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {}
  const isWhole =
    AccessKeyId !== undefined && SecretAccessKey !== undefined && SessionToken !== undefined
  if (!isWhole || Expiration === undefined)
    return refused(request, 'STS answered without whole keys')
  const expiresAt = Expiration.getTime()
  return {
    ok: true,
    id: AccessKeyId,
    expiresAt,
    keys: {
      form: 'aws_session',
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiresAt,
    },
  }
}

function refused({ connection }: Exchange, because: string): Exchanged {
  return { ok: false, refusal: { code: 'cloud_refused', connection: connection.id, because } }
}

/** STS's own codes in our words; its messages are not passed on, they quote what was sent. */
const REFUSALS: { readonly [code: string]: string } = {
  AccessDenied: 'the role does not trust this workspace and phase, or is not there',
  InvalidIdentityToken: 'AWS cannot verify the token: is the issuer set up there, and reachable',
  ExpiredTokenException: 'AWS says the token has expired: is a clock wrong',
  IDPRejectedClaim: 'the identity provider in AWS does not list the audience of the token',
  IDPCommunicationError: 'AWS cannot reach the issuer to fetch its keys',
  MalformedPolicyDocument: 'AWS does not take the session policy',
  RegionDisabledException: 'STS is not switched on in this region',
  ValidationError: 'AWS does not take the request, most often for its duration or its role',
}

function refusalOf(connection: Connection, cause: unknown): Refusal | null {
  if (!(cause instanceof STSServiceException)) return null
  const code = cause.name.replace(/Exception$/, '')
  if (code === 'PackedPolicyTooLarge')
    return { code: 'too_large_for_cloud', connection: connection.id }
  const because = REFUSALS[cause.name] ?? REFUSALS[code]
  if (because !== undefined) return { code: 'cloud_refused', connection: connection.id, because }
  return cause.$fault === 'client'
    ? { code: 'cloud_refused', connection: connection.id, because: 'AWS refuses the request' }
    : null
}
