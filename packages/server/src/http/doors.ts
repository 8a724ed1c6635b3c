/** Everything that answers by another contract than the route table. */
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerIssuer } from './issuer.ts'
import { registerOauth } from './oauth.ts'
import { registerOidc } from './oidc.ts'
import { registerScim } from './scim.ts'

export async function registerDoors(app: FastifyInstance, services: Services): Promise<void> {
  registerIssuer(app, services)
  registerOidc(app, services)
  await registerOauth(app, services)
  await registerScim(app, services)
}
