/**
 * A production server with an identity provider beside it, one workspace that is bound, and the token
 * of a pipeline: what people meet when they decide with passkeys.
 */
import { type IdentityProvider, startIdentityProvider } from '../fixtures/identity-provider.ts'
import { type Installation, install, WORKSPACE } from './installation.ts'
import { freePort } from './machine.ts'

export interface Production {
  readonly installation: Installation
  readonly provider: IdentityProvider
  /** Where passkeys work. */
  readonly origin: string
  /** Opens, executes and reads everywhere. */
  readonly token: string
  readonly close: () => Promise<void>
}

/** The button on the sign-in page says "Sign in with Example ID". */
export async function installProduction(policy: string): Promise<Production> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const provider = await startIdentityProvider(() => `${origin}/sign-in/oidc/callback`)
  const installation = await install({
    mode: 'production',
    populate: false,
    env: { OIDC_SECRET: provider.clientSecret },
    flags: {
      'listen-port': String(port),
      'oidc-issuer': provider.issuer,
      'oidc-client-id': provider.clientId,
      'oidc-client-secret': 'env:OIDC_SECRET',
      'oidc-name': 'Example ID',
    },
  })
  await installation.change({ type: 'create_workspace', name: WORKSPACE })
  await installation.push(policy)
  const backend = { type: 'local', settings: {} }
  const pin = { backend, toolWorkspace: 'default', accounts: [], regions: [] }
  await installation.change({ type: 'pin_target', workspace: WORKSPACE, pin })
  const { secret } = await installation.change({
    type: 'issue_token',
    name: 'ci',
    verbs: ['open', 'execute', 'read'],
    workspaces: null,
    expiresInDays: 1,
  })
  return {
    installation,
    provider,
    origin,
    token: secret ?? '',
    close: async () => {
      await installation.close()
      await provider.close()
    },
  }
}
