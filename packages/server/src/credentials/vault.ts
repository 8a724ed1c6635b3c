/**
 * Vault and OpenBao: the runner logs in with our token and hands the client token to the tool, renews
 * it while the grant is live and revokes it afterwards.
 *
 * Source: Vault, JWT/OIDC auth method.
 */
import { z } from 'zod'
import { fetchText } from '../io/fetch.ts'
import { jsonIn } from '../io/json-in.ts'
import type { Attempted, CredentialProvider, Settings, Tried } from './provider.ts'
import { isSafeAddress } from './settings.ts'
import { NO_TOKEN, saidBy } from './tried.ts'

export const vault: CredentialProvider = {
  kind: 'vault',
  summary: 'A token for Vault’s JWT login; the runner revokes what it got for it.',
  problem: settingsProblem,
  audience: () => 'vault.holdpoint',
  claims: null,
  exchanger: null,
  attempt,
  writes: null,
}

const PATH = /^[\w-]+(?:\/[\w-]+)*$/

function settingsProblem({ account, settings }: Settings): string | null {
  if (!isSafeAddress(account)) return 'account is the https address of Vault'
  const unknown = Object.keys(settings).find((name) => !['mount', 'namespace'].includes(name))
  if (unknown !== undefined) return `a connection to Vault has no setting ${unknown}`
  return Object.values(settings).every((each) => PATH.test(each))
    ? null
    : 'mount and namespace are paths'
}

async function attempt({ connection, identity, token }: Attempted): Promise<Tried> {
  if (token === null) return NO_TOKEN
  const { account, settings } = connection
  const url = new URL(`/v1/auth/${settings['mount'] ?? 'jwt'}/login`, account)
  const { namespace } = settings
  const headers = {
    'content-type': 'application/json',
    ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
  }
  const body = JSON.stringify({ role: identity, jwt: token.reveal() })
  const { status, text } = await fetchText(url, { body, headers })
  const said = saidBy(status, 'Vault')
  if (said === 'accepted') await giveBack(new URL(account), headers, text)
  return said
}

/** What the try got is given back at once. */
async function giveBack(
  account: URL,
  headers: { readonly [name: string]: string },
  text: string,
): Promise<void> {
  const answer = Login.safeParse(jsonIn(text))
  if (!answer.success) return
  const secret = { 'x-vault-token': answer.data.auth.client_token }
  await fetchText(new URL('/v1/auth/token/revoke-self', account), {
    body: '',
    headers: { ...headers, ...secret },
  })
}

const Login = z.object({ auth: z.object({ client_token: z.string() }) })
