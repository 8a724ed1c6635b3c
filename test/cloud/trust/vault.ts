/** Vault's JWT login and what a client token does with itself: renew, and revoke. */
import { randomBytes } from 'node:crypto'
import { type Answered, type Asked, listen, type Service } from './listening.ts'
import { isTrusted, type Trust } from './verified.ts'

export interface Vault extends Service {
  /** Client tokens that count, with how often each was renewed. */
  readonly live: Map<string, number>
  readonly logins: () => number
}

export async function startVault(
  roles: ReadonlyMap<string, Trust>,
  leaseSeconds = 1200,
): Promise<Vault> {
  const live = new Map<string, number>()
  let logins = 0
  const service = await listen(async (asked) => {
    if (asked.method !== 'POST') return { status: 405, body: {} }
    if (asked.path !== '/v1/auth/jwt/login') return byItself(asked, live)
    const trust = roles.get(String(asked.fields['role']))
    if (trust === undefined || !(await isTrusted(String(asked.fields['jwt']), trust)))
      return { status: 400, body: { errors: ['error validating token'] } }
    const client_token = `hvs.${randomBytes(12).toString('hex')}`
    live.set(client_token, 0)
    logins += 1
    const auth = { client_token, lease_duration: leaseSeconds, renewable: true }
    return { status: 200, body: { auth } }
  })
  return { ...service, live, logins: () => logins }
}

function byItself({ path, headers }: Asked, live: Map<string, number>): Answered {
  const token = String(headers['x-vault-token'] ?? '')
  const renewed = live.get(token)
  if (renewed === undefined) return { status: 403, body: { errors: ['permission denied'] } }
  if (path === '/v1/auth/token/revoke-self') {
    live.delete(token)
    return { status: 200, body: {} }
  }
  if (path !== '/v1/auth/token/renew-self') return { status: 404, body: { errors: [] } }
  live.set(token, renewed + 1)
  return { status: 200, body: { auth: { client_token: token } } }
}
