/** An OpenID issuer on loopback with a key of its own: discovery, keys, and tokens as asked for. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface TokenIssuer {
  readonly url: string
  /** Signed with the issuer's key, or with one that it does not know. */
  readonly token: (claims: JWTPayload, options?: { readonly forged?: boolean }) => Promise<string>
  readonly close: () => Promise<void>
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const [own, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
  const key = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  let url = ''
  const server = createServer((request, response) => {
    const documents: { readonly [path: string]: object } = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/jwks` },
      '/jwks': { keys: [key] },
    }
    const document = documents[request.url ?? '']
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    token: async (claims, { forged = false } = {}) => {
      const signing = new SignJWT({ iss: url, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'one' })
        .setIssuedAt()
      if (claims.exp === undefined) signing.setExpirationTime('5m')
      return await signing.sign(forged ? other.privateKey : own.privateKey)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
