/** Anything else that trusts an OpenID Connect issuer: a plain token in a file, renewed in place. */
import type { CredentialProvider, Settings } from './provider.ts'

export const oidc: CredentialProvider = {
  kind: 'oidc',
  summary: 'A token in a file, for whatever trusts this issuer.',
  problem: settingsProblem,
  audience: () => null,
  claims: null,
  exchanger: null,
  attempt: async () => ({
    notTried: 'Nothing is known of whoever takes this token: try it there by hand',
  }),
  writes: null,
}

function settingsProblem({ settings }: Settings): string | null {
  const unknown = Object.keys(settings).find((name) => name !== 'variable')
  if (unknown !== undefined) return `a connection of the kind oidc has no setting ${unknown}`
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(settings['variable'] ?? '')
    ? null
    : 'variable is the name of the environment variable that holds the file’s path'
}
