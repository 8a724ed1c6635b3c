/**
 * Google's token exchange and its service-account credentials, as documented: the pool's provider
 * verifies the token, and a service account may be become by the one subject that it names.
 */
import { randomBytes } from 'node:crypto'
import { type Answered, type Asked, listen, type Service } from './listening.ts'
import { claimsOf } from './verified.ts'

export interface GoogleSettings {
  readonly issuer: string
  readonly provider: string
  /** Who may become whom: the subject of a service account, by its address. */
  readonly accounts: Map<string, string>
}

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

export async function startGoogle(settings: GoogleSettings): Promise<Service> {
  const federated = new Map<string, string>()
  return await listen(async (asked) => {
    if (asked.path === '/v1/token') return await exchange(asked, settings, federated)
    const address = /^\/v1\/projects\/-\/serviceAccounts\/(.+):generateAccessToken$/.exec(
      asked.path,
    )
    return become(asked, { address: address?.[1] ?? '', settings, federated })
  })
}

async function exchange(
  { fields }: Asked,
  { issuer, provider }: GoogleSettings,
  federated: Map<string, string>,
): Promise<Answered> {
  const field = (camel: string, snake: string) => String(fields[camel] ?? fields[snake] ?? '')
  const isFor = field('audience', 'audience') === `//iam.googleapis.com/${provider}`
  if (field('grantType', 'grant_type') !== EXCHANGE || !isFor)
    return { status: 400, body: { error: 'invalid_request' } }
  const audience = `https://iam.googleapis.com/${provider}`
  const claims = await claimsOf(field('subjectToken', 'subject_token'), { issuer, audience })
  if (claims === null) return { status: 400, body: { error: 'invalid_grant' } }
  const token = randomBytes(16).toString('hex')
  federated.set(token, claims.sub ?? '')
  return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } }
}

function become(
  { method, bearer, fields }: Asked,
  about: {
    readonly address: string
    readonly settings: GoogleSettings
    readonly federated: Map<string, string>
  },
): Answered {
  const subject = about.federated.get(bearer)
  if (method !== 'POST' || subject === undefined) return { status: 401, body: {} }
  if (about.settings.accounts.get(about.address) !== subject) return { status: 403, body: {} }
  const seconds = Number(/^(\d+)s$/.exec(String(fields['lifetime'] ?? '3600s'))?.[1])
  const expireTime = new Date(Date.now() + seconds * 1000).toISOString()
  return {
    status: 200,
    body: { accessToken: `ya29.${randomBytes(8).toString('hex')}`, expireTime },
  }
}
