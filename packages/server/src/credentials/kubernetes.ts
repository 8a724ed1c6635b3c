/**
 * Kubernetes: the cluster trusts our issuer and knows the bearer by its subject; its tools fetch the
 * token through an exec plugin, anew whenever it has expired.
 *
 * Source: Kubernetes, authenticating (OpenID Connect tokens; client-go credential plugins).
 */
import { z } from 'zod'
import { fetchText, postOver } from '../io/fetch.ts'
import type { Attempted, CredentialProvider, Settings, Tried } from './provider.ts'
import { jsonIn } from './quiet.ts'
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

const REVIEW = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const Review = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) })

/** A cluster knows every subject of an issuer as somebody, so what counts is as whom. */
async function attempt({ connection, identity, token }: Attempted): Promise<Tried> {
  if (token === null) return NO_TOKEN
  const url = new URL(REVIEW, connection.account)
  const authorization = `Bearer ${token.reveal()}`
  const headers = { authorization, 'content-type': 'application/json' }
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' })
  const { ca } = connection.settings
  const { status, text } =
    ca === undefined
      ? await fetchText(url, { headers, body })
      : await postOver(url, { headers, ca, body })
  const said = saidBy(status, 'The cluster')
  return said === 'accepted' ? knownAs(identity, text) : said
}

function knownAs(identity: string, text: string): Tried {
  const review = Review.safeParse(jsonIn(text))
  if (!review.success) return { notTried: 'The cluster does not say whom it takes it for' }
  return review.data.status.userInfo.username === identity
    ? 'accepted'
    : { refused: 'The cluster takes it for another user.' }
}
