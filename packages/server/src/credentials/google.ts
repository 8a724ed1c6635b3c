/**
 * Google Cloud: the provider shows our token to Google's STS itself (`external_account`), and becomes
 * a service account. Nothing there narrows a session by what a plan says, and we say so.
 *
 * Source: Google Cloud, workload identity federation; AIP-4117.
 */
import { z } from 'zod'
import { fetchText } from '../io/fetch.ts'
import { jsonIn } from '../io/json-in.ts'
import type { Attempted, CredentialProvider, Settings, Tried } from './provider.ts'
import { isSafeAddress } from './settings.ts'
import { NO_TOKEN, saidBy } from './tried.ts'

const PROVIDER =
  /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/
const ACCOUNT = /^[a-z0-9-]{6,30}@[a-z0-9.:-]+\.iam\.gserviceaccount\.com$/

export const google: CredentialProvider = {
  kind: 'google',
  summary: 'A token for a workload identity pool, exchanged by the provider for a service account.',
  problem: settingsProblem,
  audience: ({ settings }) => `https://iam.googleapis.com/${settings['provider'] ?? ''}`,
  claims: null,
  exchanger: null,
  attempt,
  writes: null,
}

function settingsProblem({ account, apply, plan, settings }: Settings): string | null {
  if (!/^[a-z][a-z0-9:.-]{4,60}$/.test(account)) return 'account is the id of a project'
  if (![apply, plan].every((each) => each === null || ACCOUNT.test(each)))
    return 'apply and plan are addresses of service accounts'
  const names = ['provider', 'token_url', 'impersonation_url']
  const unknown = Object.keys(settings).find((name) => !names.includes(name))
  if (unknown !== undefined) return `a connection to Google has no setting ${unknown}`
  if (!PROVIDER.test(settings['provider'] ?? ''))
    return 'provider is projects/…/locations/global/workloadIdentityPools/…/providers/…'
  const addresses = [settings['token_url'], settings['impersonation_url']]
  return addresses.every((each) => each === undefined || isSafeAddress(each))
    ? null
    : 'token_url and impersonation_url are https addresses'
}

const STS = 'https://sts.googleapis.com/v1/token'

async function attempt({ connection, identity, token }: Attempted): Promise<Tried> {
  if (token === null) return NO_TOKEN
  const body = JSON.stringify({
    audience: `//iam.googleapis.com/${connection.settings['provider'] ?? ''}`,
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
    subjectToken: token.reveal(),
  })
  const url = new URL(connection.settings['token_url'] ?? STS)
  const headers = { 'content-type': 'application/json' }
  const { status, text } = await fetchText(url, { body, headers })
  const said = saidBy(status, 'Google')
  return said === 'accepted' ? await become({ connection, identity }, text) : said
}

const Federated = z.object({ access_token: z.string() })
const IAM = 'https://iamcredentials.googleapis.com'

/** The pool may know several subjects; who may become the service account is asked of IAM alone. */
async function become(
  { connection, identity }: Pick<Attempted, 'connection' | 'identity'>,
  text: string,
): Promise<Tried> {
  const answer = Federated.safeParse(jsonIn(text))
  if (!answer.success) return { notTried: 'Google answers without a token' }
  const path = `/v1/projects/-/serviceAccounts/${identity}:generateAccessToken`
  const url = new URL(`${connection.settings['impersonation_url'] ?? IAM}${path}`)
  const scope = ['https://www.googleapis.com/auth/cloud-platform']
  const authorization = `Bearer ${answer.data.access_token}`
  const headers = { 'content-type': 'application/json', authorization }
  // The shortest life that is of use; what comes back is thrown away.
  const body = JSON.stringify({ scope, lifetime: '60s' })
  const { status } = await fetchText(url, { body, headers })
  return saidBy(status, 'Google IAM')
}
