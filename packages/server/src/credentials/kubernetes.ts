/**
 * Kubernetes: the cluster trusts our issuer and knows the bearer by its subject; its tools fetch the
 * token through an exec plugin, anew whenever it has expired.
 *
 * Source: Kubernetes, authenticating (OpenID Connect tokens; client-go credential plugins).
 */
import { fetchText, statusOver } from '../io/fetch.ts'
import type { Attempted, CredentialProvider, Settings, Tried } from './provider.ts'
import { NO_TOKEN, saidBy } from './tried.ts'

export const kubernetes: CredentialProvider = {
  kind: 'kubernetes',
  summary: 'A token that the cluster’s API server takes from this issuer.',
  problem: settingsProblem,
  audience: () => null,
  claims: null,
  exchanger: null,
  attempt,
}

function settingsProblem({ account, settings }: Settings): string | null {
  if (!URL.canParse(account) || new URL(account).protocol !== 'https:')
    return 'account is the https address of the API server'
  const unknown = Object.keys(settings).find((name) => name !== 'ca')
  if (unknown !== undefined) return `a connection to Kubernetes has no setting ${unknown}`
  const isPem = settings['ca'] === undefined || settings['ca'].includes('BEGIN CERTIFICATE')
  return isPem ? null : 'ca is the certificate of the cluster’s authority, as PEM'
}

async function attempt({ connection, token }: Attempted): Promise<Tried> {
  if (token === null) return NO_TOKEN
  const url = new URL('/apis', connection.account)
  const headers = { authorization: `Bearer ${token.reveal()}` }
  const { ca } = connection.settings
  const status =
    ca === undefined
      ? (await fetchText(url, { headers })).status
      : await statusOver(url, { headers, ca })
  // A known bearer that may do nothing is still known.
  return status === 403 ? 'accepted' : saidBy(status, 'The cluster')
}
