/**
 * Azure: the provider fetches our token anew for every access token it needs, by the request form
 * that it knows from pipelines, and shows it to Entra ID as a federated credential.
 *
 * Source: Microsoft Entra, workload identity federation; azurerm provider, OIDC.
 */
import { fetchText } from '../io/fetch.ts'
import type { Attempted, CredentialProvider, Settings, Tried } from './provider.ts'
import { isSafeAddress } from './settings.ts'
import { NO_TOKEN, saidBy } from './tried.ts'

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const azure: CredentialProvider = {
  kind: 'azure',
  summary: 'A token for a federated credential of an application, exchanged by the provider.',
  problem: settingsProblem,
  audience: () => 'api://AzureADTokenExchange',
  claims: null,
  exchanger: null,
  attempt,
  writes: null,
}

function settingsProblem({ account, apply, plan, settings }: Settings): string | null {
  if (!GUID.test(account)) return 'account is the id of a subscription'
  if (![apply, plan].every((each) => each === null || GUID.test(each)))
    return 'apply and plan are client ids of applications'
  const unknown = Object.keys(settings).find((name) => !['tenant', 'authority'].includes(name))
  if (unknown !== undefined) return `a connection to Azure has no setting ${unknown}`
  if (!GUID.test(settings['tenant'] ?? '')) return 'tenant is the id of the Entra tenant'
  const { authority } = settings
  return authority === undefined || isSafeAddress(authority)
    ? null
    : 'authority is the https address where tokens are asked for'
}

const AUTHORITY = 'https://login.microsoftonline.com'

async function attempt({ connection, identity, token }: Attempted): Promise<Tried> {
  if (token === null) return NO_TOKEN
  const { settings } = connection
  const authority = settings['authority'] ?? AUTHORITY
  const url = new URL(`${authority}/${settings['tenant'] ?? ''}/oauth2/v2.0/token`)
  const body = new URLSearchParams({
    client_id: identity,
    grant_type: 'client_credentials',
    scope: 'https://management.azure.com/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: token.reveal(),
  }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { status } = await fetchText(url, { body, headers })
  return saidBy(status, 'Entra ID')
}
