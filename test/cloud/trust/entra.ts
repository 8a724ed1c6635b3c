/** Entra ID's token endpoint: a federated credential of an application, exact in all three parts. */
import { randomBytes } from 'node:crypto'
import { listen, type Service } from './listening.ts'
import { isTrusted, type Trust } from './verified.ts'

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export async function startEntra(
  tenant: string,
  applications: ReadonlyMap<string, Trust>,
): Promise<Service> {
  return await listen(async ({ path, fields }) => {
    if (path !== `/${tenant}/oauth2/v2.0/token`) return { status: 404, body: {} }
    const isRight =
      fields['grant_type'] === 'client_credentials' && fields['client_assertion_type'] === ASSERTION
    if (!isRight) return { status: 400, body: { error: 'invalid_request' } }
    const trust = applications.get(String(fields['client_id']))
    const token = String(fields['client_assertion'])
    if (trust === undefined || !(await isTrusted(token, trust)))
      return { status: 401, body: { error: 'invalid_client' } }
    const access_token = randomBytes(16).toString('hex')
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: 3599 } }
  })
}
