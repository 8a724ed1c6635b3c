/**
 * What would be granted, in words: the same on the page and in the terminal. What is not narrowed
 * says so first, and a policy that narrows only in part is never called narrowed.
 */
import type { Connection } from './connection.ts'
import type { ScopedConnection } from './credential-scope.ts'

const NAMES: { readonly [K in Connection['kind']]: string } = {
  aws: 'AWS',
  google: 'Google Cloud',
  azure: 'Azure',
  kubernetes: 'Kubernetes',
  vault: 'Vault',
  oidc: 'OpenID Connect',
}

export function connectionName(kind: Connection['kind']): string {
  return NAMES[kind]
}

const IDENTITIES: { readonly [K in Connection['kind']]: string } = {
  aws: 'role',
  google: 'service account',
  azure: 'application',
  kubernetes: 'identity',
  vault: 'role',
  oidc: 'identity',
}

/** `role`, `service account`: what the credential becomes there. */
export function identityWord(kind: Connection['kind']): string {
  return IDENTITIES[kind]
}

/** `narrowed to this plan`, or `the whole role, because`, which its reasons follow. */
export function narrowedWords({
  kind,
  narrowed,
  policy,
}: Pick<ScopedConnection, 'kind' | 'narrowed' | 'policy'>): string {
  if (narrowed) return 'narrowed to this plan'
  const what = policy === null ? `the whole ${identityWord(kind)}` : 'narrowed only in part'
  return `${what}, because`
}

/** `15 minutes, renewed while it runs`. */
export function lifetimeWords({ seconds }: Pick<ScopedConnection, 'seconds'>): string {
  const minutes = Math.ceil(seconds / 60)
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, renewed while it runs`
}
