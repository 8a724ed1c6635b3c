/**
 * Vault: the runner logs in with the token of this connection and phase, hands the client token to the
 * tool, renews it while the grant is live, and gives it back at the end. The token itself reaches no
 * child.
 *
 * Source: Vault HTTP API, JWT/OIDC login and /auth/token.
 */
import { Fault } from '../../io/fault.ts'
import { type BrokerKind, type BrokerPlace, closesNothing, type OpenedKind } from './kind.ts'

const WITHIN_MS = 10_000
const RENEW_PART = 0.5
const RENEW_MS_MIN = 1_000

export const vault: BrokerKind = {
  kind: 'vault',
  open,
  /** It has what it needs in its environment. */
  answer: () => null,
}

interface Login {
  readonly token: string
  readonly seconds: number
}

async function open(place: BrokerPlace): Promise<OpenedKind> {
  const { connection } = place
  const login = await logIn(place)
  const renewing = keepAlive(place, login)
  const { namespace } = connection.settings
  const giveBack = async (): Promise<void> => {
    clearInterval(renewing)
    await call(place, { path: '/v1/auth/token/revoke-self', token: login.token }).catch(
      closesNothing,
    )
  }
  return {
    env: {
      VAULT_ADDR: connection.account,
      VAULT_TOKEN: login.token,
      TERRAFORM_VAULT_SKIP_CHILD_TOKEN: 'true',
      ...(namespace === undefined ? {} : { VAULT_NAMESPACE: namespace }),
    },
    endGrant: giveBack,
    close: giveBack,
  }
}

async function logIn(place: BrokerPlace): Promise<Login> {
  const credential = await place.credential()
  if (credential.form !== 'token') throw new Fault('server_unreachable', 'No token for Vault came')
  const { mount = 'jwt' } = place.connection.settings
  const body = { role: place.identity, jwt: credential.token }
  const answer = await call(place, { path: `/v1/auth/${mount}/login`, body })
  const auth = memberOf(answer, 'auth')
  const token = memberOf(auth, 'client_token')
  const seconds = memberOf(auth, 'lease_duration')
  if (typeof token !== 'string' || typeof seconds !== 'number')
    throw new Fault('server_unreachable', 'Vault answered the login without a token')
  return { token, seconds }
}

/**
 * As long as the server still gives a token the grant is live: without one it is not renewed, and
 * ends by itself.
 */
function keepAlive(place: BrokerPlace, { token, seconds }: Login): NodeJS.Timeout {
  const every = Math.max(seconds * 1000 * RENEW_PART, RENEW_MS_MIN)
  const renew = async (): Promise<void> => {
    await place.renewed()
    await call(place, { path: '/v1/auth/token/renew-self', token })
  }
  const timer = setInterval(() => {
    renew().catch(closesNothing)
  }, every)
  timer.unref()
  return timer
}

interface Call {
  readonly path: string
  readonly token?: string
  readonly body?: object
}

async function call({ connection }: BrokerPlace, { path, token, body }: Call): Promise<unknown> {
  const { account, settings } = connection
  const { namespace } = settings
  try {
    const response = await fetch(new URL(path, account), {
      method: 'POST',
      body: JSON.stringify(body ?? {}),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { 'x-vault-token': token }),
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return jsonIn(await response.text())
  } catch (cause) {
    throw new Fault('server_unreachable', `Vault did not take ${path}`, { cause })
  }
}

/** `null` for what is no JSON: the message of the parser would quote it, and it may be a token. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
