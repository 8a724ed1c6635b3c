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
  const { variable = '' } = settings
  if (TAKEN.test(variable)) return `variable: ${variable} means something else to the tool`
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(variable)
    ? null
    : 'variable is the name of the environment variable that holds the file’s path'
}

/** What the tool, its loader or a cloud that is asked here reads already. */
const TAKEN =
  /^(?:PATH|HOME|USER|SHELL|PWD|TMPDIR|TERM|LANG|IFS|ENV|BASH_ENV|NO_PROXY|(?:AWS|TF|LD|DYLD|NODE|LC|GIT|SSL|HTTPS?|ALL|PULUMI|HOLDPOINT)_.*)$/
