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

/** `15 minutes at most, renewed while it runs`. */
export function lifetimeWords({ seconds }: Pick<ScopedConnection, 'seconds'>): string {
  const minutes = Math.ceil(seconds / 60)
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} at most, renewed while it runs`
}

/** `time` is written by whoever asks. Tokens are exchanged at the cloud, which says how long that lives. */
const HONOURED: { readonly [K in Connection['kind']]: (time: string) => string } = {
  aws: (time) => `AWS honours it until ${time}`,
  google: (time) => `its token ends ${time}; what Google gave for it can live ten minutes more`,
  azure: (time) => `its token ends ${time}; what Entra ID gave for it can live an hour or more`,
  kubernetes: (time) => `the cluster honours it until ${time}`,
  vault: (time) => `its token ends ${time}; the runner gives Vault’s own back when it stops`,
  oidc: (time) => `its token ends ${time}; what was given for it is not known here`,
}

/** Until when what was handed out is worth something, whatever is revoked here. */
export function honouredWords(kind: Connection['kind'], time: string): string {
  return HONOURED[kind](time)
}

const CUT_OFF: { readonly [K in Connection['kind']]: string } = {
  aws: 'Sooner: revoke the role’s active sessions in AWS.',
  google: 'Sooner: take the service account’s roles away in Google Cloud.',
  azure: 'Sooner: take the application’s role assignments away in Azure.',
  kubernetes: 'Sooner: remove the user’s role bindings in the cluster.',
  vault: 'Sooner: revoke what the login was given in Vault.',
  oidc: 'Sooner: only where the token is taken.',
}

/** Where a person ends it sooner: nothing here reaches into the cloud to take a session back. */
export function cutOffWords(kind: Connection['kind']): string {
  return CUT_OFF[kind]
}
