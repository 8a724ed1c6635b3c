/**
 * Kubernetes: the cluster trusts our issuer and knows the bearer by its subject; its tools fetch the
 * token through an exec plugin, anew whenever it has expired.
 *
 * Source: Kubernetes, authenticating (OpenID Connect tokens; client-go credential plugins).
 */
import { z } from 'zod'
import { type Fetched, fetchText, postOver } from '../io/fetch.ts'
import { jsonIn } from '../io/json-in.ts'
import type { Secret } from '../io/secret.ts'
import type { Attempted, CredentialProvider, Settings, Tried, Writes } from './provider.ts'
import { NO_TOKEN, saidBy } from './tried.ts'

export const kubernetes: CredentialProvider = {
  kind: 'kubernetes',
  summary: 'A token that the cluster’s API server takes from this issuer.',
  problem: settingsProblem,
  audience: () => null,
  claims: null,
  exchanger: null,
  attempt,
  writes,
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

interface Asking extends Pick<Attempted, 'connection'> {
  readonly token: Secret
}

async function ask({ connection, token }: Asking, path: string, review: object): Promise<Fetched> {
  const url = new URL(path, connection.account)
  const authorization = `Bearer ${token.reveal()}`
  const headers = { authorization, 'content-type': 'application/json' }
  const body = JSON.stringify(review)
  const { ca } = connection.settings
  return ca === undefined
    ? await fetchText(url, { headers, body })
    : await postOver(url, { headers, ca, body })
}

/** A cluster knows every subject of an issuer as somebody, so what counts is as whom. */
async function attempt({ connection, identity, token }: Attempted): Promise<Tried> {
  if (token === null) return NO_TOKEN
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  const { status, text } = await ask({ connection, token }, REVIEW, review)
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

const ACCESS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const Access = z.object({ status: z.object({ allowed: z.boolean() }) })

/** Group, resource, and what would be done to it. */
const WRITES = [
  ['', 'secrets', 'create'],
  ['', 'configmaps', 'update'],
  ['', 'pods', 'create'],
  ['', 'pods', 'delete'],
  ['', 'namespaces', 'delete'],
  ['apps', 'deployments', 'create'],
  ['apps', 'deployments', 'patch'],
  ['batch', 'jobs', 'create'],
  ['rbac.authorization.k8s.io', 'clusterrolebindings', 'create'],
] as const

/** The cluster says of itself what a bearer may; it does nothing for that. */
async function writes({ connection, token }: Attempted): Promise<Writes> {
  if (token === null) return { notKnown: NO_TOKEN.notTried }
  const may: string[] = []
  for (const [group, resource, verb] of WRITES) {
    const spec = { resourceAttributes: { group, resource, verb } }
    const kind = 'SelfSubjectAccessReview'
    const review = { apiVersion: 'authorization.k8s.io/v1', kind, spec }
    const { status, text } = await ask({ connection, token }, ACCESS, review)
    const answer = status === 201 ? Access.safeParse(jsonIn(text)) : null
    if (answer === null || !answer.success) return { notKnown: `the cluster answers ${status}` }
    if (answer.data.status.allowed) may.push(`${verb} ${resource}`)
  }
  const notLookedAt = 'rights in single namespaces are not looked at'
  return { may, asked: WRITES.length, notLookedAt }
}
