/** Where clouds find the issuer and its public keys (OpenID Connect Discovery 1.0). */
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'

/** Verifiers may keep the keys for so long; a new one is published much longer before it signs. */
const CACHE = 'public, max-age=300'

export function registerIssuer(app: FastifyInstance, { issuer }: Services): void {
  app.get('/.well-known/openid-configuration', async (_request, reply) =>
    reply
      .header('cache-control', CACHE)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(issuer.discovery())),
  )
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply
      .header('cache-control', CACHE)
      .type('application/jwk-set+json')
      .send(JSON.stringify(await issuer.jwks())),
  )
}
