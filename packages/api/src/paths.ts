/**
 * Names, methods and paths, without schemas: the client needs no more, and the CLI starts faster
 * without a schema library. routes.ts adds what may be sent and what is answered.
 */
import { credentialPaths } from './credential-paths.ts'
import { identityPaths } from './identity-paths.ts'
import { overviewPaths } from './overview-paths.ts'

export const paths = {
  ...credentialPaths,
  ...identityPaths,
  ...overviewPaths,
  whoami: { method: 'GET', path: '/api/v1/whoami' },
  reserve: { method: 'POST', path: '/api/v1/changes/reserve' },
  putEvidence: { method: 'PUT', path: '/api/v1/workspaces/:workspace/evidence/:digest' },
  getEvidence: { method: 'GET', path: '/api/v1/workspaces/:workspace/evidence/:digest' },
  open: { method: 'POST', path: '/api/v1/changes/:change/open' },
  adopt: { method: 'POST', path: '/api/v1/changes/:change/adopt' },
  inbox: { method: 'GET', path: '/api/v1/inbox' },
  changes: { method: 'GET', path: '/api/v1/changes' },
  change: { method: 'GET', path: '/api/v1/changes/:change' },
  plan: { method: 'GET', path: '/api/v1/changes/:change/plan' },
  findByArtifact: { method: 'GET', path: '/api/v1/workspaces/:workspace/artifacts/:digest' },
  executionOf: { method: 'GET', path: '/api/v1/executions/:artifact' },
  beginDecision: { method: 'POST', path: '/api/v1/changes/:change/decisions' },
  signature: { method: 'GET', path: '/api/v1/signatures/:nonce' },
  sign: { method: 'POST', path: '/api/v1/signatures/:nonce' },
  approve: { method: 'POST', path: '/api/v1/changes/:change/approve' },
  reject: { method: 'POST', path: '/api/v1/changes/:change/reject' },
  breakGlass: { method: 'POST', path: '/api/v1/changes/:change/break-glass' },
  reviewGlass: { method: 'POST', path: '/api/v1/changes/:change/review-glass' },
  takeBack: { method: 'POST', path: '/api/v1/changes/:change/take-back' },
  withdraw: { method: 'POST', path: '/api/v1/changes/:change/withdraw' },
  start: { method: 'POST', path: '/api/v1/changes/:change/start' },
  refuseStart: { method: 'POST', path: '/api/v1/changes/:change/refuse-start' },
  heartbeat: { method: 'POST', path: '/api/v1/changes/:change/heartbeat' },
  finish: { method: 'POST', path: '/api/v1/changes/:change/finish' },
  resolve: { method: 'POST', path: '/api/v1/changes/:change/resolve' },
  changeEvents: { method: 'GET', path: '/api/v1/changes/:change/events' },
  events: { method: 'GET', path: '/api/v1/events' },
  policy: { method: 'GET', path: '/api/v1/policy' },
  pushPolicy: { method: 'POST', path: '/api/v1/policy' },
  access: { method: 'GET', path: '/api/v1/access' },
  changeAccess: { method: 'POST', path: '/api/v1/access' },
  eraseText: { method: 'POST', path: '/api/v1/texts/erase' },
  log: { method: 'GET', path: '/api/v1/log' },
  proof: { method: 'GET', path: '/api/v1/log/:seq/proof' },
  exportAudit: { method: 'GET', path: '/api/v1/audit/export' },
  checkpoint: { method: 'GET', path: '/log/checkpoint' },
  tile: { method: 'GET', path: '/log/tile/*' },
  developmentPeople: { method: 'GET', path: '/api/v1/development/people' },
  signInDevelopment: { method: 'POST', path: '/api/v1/development/sign-in' },
  signOut: { method: 'POST', path: '/api/v1/sign-out' },
} as const

export type RouteName = keyof typeof paths
