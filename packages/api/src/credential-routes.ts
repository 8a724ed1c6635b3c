/** The rows of the route table about credentials. */
import { credentialPaths as paths } from './credential-paths.ts'
import * as credentials from './credential-schemas.ts'
import * as inputs from './inputs.ts'
import { type Route, route } from './route.ts'
import { Done } from './views.ts'

export const credentialRoutes = {
  credentials: route({
    ...paths.credentials,
    summary: 'A credential of a live grant, in answer to the runner that started it. Logged.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(credentials.IssueCredentials),
    reply: credentials.Credential,
  }),
  planCredentials: route({
    ...paths.planCredentials,
    summary: 'A read-only credential to plan with, for a reserved change. Logged.',
    access: 'write',
    params: inputs.ChangeParams,
    body: credentials.PlanCredentials,
    reply: credentials.Credential,
  }),
  revokeGrant: route({
    ...paths.revokeGrant,
    summary: 'The kill switch of one grant: nothing is issued any more but what saves the state.',
    access: 'write',
    params: inputs.ChangeParams,
    body: credentials.RevokeGrant,
    reply: Done,
  }),
  grants: route({
    ...paths.grants,
    summary: 'Grants that are live, with their renewals, and those that a cloud still honours.',
    access: 'read',
    reply: credentials.GrantList,
  }),
  connections: route({
    ...paths.connections,
    summary: 'Clouds and clusters that credentials are granted for.',
    access: 'read',
    reply: credentials.ConnectionList,
  }),
  proveConnection: route({
    ...paths.proveConnection,
    summary: 'Tries the trust of one connection: the right token, and wrong ones.',
    access: 'write',
    params: credentials.ConnectionParams,
    body: inputs.Empty,
    reply: credentials.ProofList,
  }),
  rotateIssuer: route({
    ...paths.rotateIssuer,
    summary: 'Tokens are signed with a new key from now on.',
    access: 'write',
    body: credentials.RotateIssuer,
    reply: credentials.IssuerRotated,
  }),
} as const satisfies { readonly [N in keyof typeof paths]: Route }
