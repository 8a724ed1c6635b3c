/** Names, methods and paths of credentials; see paths.ts. */
export const credentialPaths = {
  credentials: { method: 'POST', path: '/api/v1/changes/:change/credentials' },
  planCredentials: { method: 'POST', path: '/api/v1/changes/:change/plan-credentials' },
  revokeGrant: { method: 'POST', path: '/api/v1/changes/:change/revoke-grant' },
  grants: { method: 'GET', path: '/api/v1/grants' },
  connections: { method: 'GET', path: '/api/v1/connections' },
  proveConnection: { method: 'POST', path: '/api/v1/connections/:connection/prove' },
  rotateIssuer: { method: 'POST', path: '/api/v1/issuer/rotate' },
} as const
