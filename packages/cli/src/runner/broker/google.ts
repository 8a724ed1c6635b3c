/**
 * Google: an `external_account` file whose source is the broker's address, so the provider fetches a
 * fresh token whenever it needs one. The file holds the bearer, which is of no use once the broker is
 * closed.
 *
 * Source: AIP-4117, external account credentials.
 */
import { type BrokerKind, type BrokerPlace, closesNothing, type OpenedKind } from './kind.ts'

const TOKEN_URL = 'https://sts.googleapis.com/v1/token'
const IAM_URL = 'https://iamcredentials.googleapis.com'
/** The shortest that Google gives; nothing takes it back, so a revoked grant works on for so long. */
const LIFETIME_SECONDS = 600

export const google: BrokerKind = {
  kind: 'google',
  open,
  answer: (credential, form) =>
    credential.form === 'token' && form === '' ? { token: credential.token } : null,
}

async function open(place: BrokerPlace): Promise<OpenedKind> {
  const { connection, identity, url, bearer, write } = place
  const { provider = '', token_url, impersonation_url } = connection.settings
  const impersonation = `/v1/projects/-/serviceAccounts/${identity}:generateAccessToken`
  const account = {
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: token_url ?? TOKEN_URL,
    service_account_impersonation_url: `${impersonation_url ?? IAM_URL}${impersonation}`,
    service_account_impersonation: { token_lifetime_seconds: LIFETIME_SECONDS },
    credential_source: {
      url,
      headers: { Authorization: bearer },
      format: { type: 'json', subject_token_field_name: 'token' },
    },
  }
  const path = await write('google.json', JSON.stringify(account))
  const env = { GOOGLE_APPLICATION_CREDENTIALS: path, GOOGLE_PROJECT: connection.account }
  return { env, endGrant: closesNothing, close: closesNothing }
}
