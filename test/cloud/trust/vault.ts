/** Vault's JWT login and what a client token does with itself: renew, revoke, and end in time. */
import { randomBytes } from 'node:crypto'
import { type Answered, type Asked, listen, type Service } from './listening.ts'
import { isTrusted, type Trust } from './verified.ts'

export interface Vault extends Service {
  /** Client tokens that were neither revoked nor left to end, with how often each was renewed. */
  readonly live: Map<string, number>
  readonly logins: () => number
  /** Of every token from here on, from its login or its last renewal. */
  readonly lease: { seconds: number }
}

export async function startVault(roles: ReadonlyMap<string, Trust>): Promise<Vault> {
  const tokens: Tokens = { live: new Map(), ends: new Map(), lease: { seconds: 1200 } }
  const { live, lease } = tokens
  let logins = 0
  const service = await listen(async (asked) => {
    if (asked.method !== 'POST') return { status: 405, body: {} }
    if (asked.path !== '/v1/auth/jwt/login') return byItself(asked, tokens)
    const trust = roles.get(String(asked.fields['role']))
    if (trust === undefined || !(await isTrusted(String(asked.fields['jwt']), trust)))
      return { status: 400, body: { errors: ['error validating token'] } }
    const client_token = `hvs.${randomBytes(12).toString('hex')}`
    live.set(client_token, 0)
    lend(client_token, tokens)
    logins += 1
    const auth = { client_token, lease_duration: lease.seconds, renewable: true }
    return { status: 200, body: { auth } }
  })
  const close = async () => {
    for (const end of tokens.ends.values()) clearTimeout(end)
    await service.close()
  }
  return { ...service, close, live, lease, logins: () => logins }
}

interface Tokens {
  readonly live: Map<string, number>
  readonly ends: Map<string, NodeJS.Timeout>
  readonly lease: { seconds: number }
}

function lend(token: string, { live, ends, lease }: Tokens): void {
  clearTimeout(ends.get(token))
  ends.set(
    token,
    setTimeout(() => live.delete(token), lease.seconds * 1000),
  )
}

function byItself({ path, headers }: Asked, tokens: Tokens): Answered {
  const { live } = tokens
  const token = String(headers['x-vault-token'] ?? '')
  const renewed = live.get(token)
  if (renewed === undefined) return { status: 403, body: { errors: ['permission denied'] } }
  if (path === '/v1/auth/token/revoke-self') {
    live.delete(token)
    return { status: 200, body: {} }
  }
  if (path !== '/v1/auth/token/renew-self') return { status: 404, body: { errors: [] } }
  live.set(token, renewed + 1)
  lend(token, tokens)
  return { status: 200, body: { auth: { client_token: token } } }
}
