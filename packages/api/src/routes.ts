/**
 * The wire contract: one table. OpenAPI, the typed client and the server's handlers come from it,
 * and a test checks that every row is handled and asks for access.
 */
import type { z } from 'zod'
import * as inputs from './inputs.ts'
import { paths, type RouteName } from './paths.ts'
import * as views from './views.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly summary: string
  /** `none`: anyone may ask. `read`: names who asks. `write`: and passes through the gate. */
  readonly access: 'none' | 'read' | 'write'
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply: z.ZodType | 'bytes' | 'text' | 'events'
}

const route = <R extends Route>(row: R): R => row

export const routes = {
  whoami: route({
    ...paths.whoami,
    summary: 'Who the server takes you for, and what you may do.',
    access: 'read',
    reply: views.Whoami,
  }),
  reserve: route({
    ...paths.reserve,
    summary: 'Reserves a change id and hands out the key for hidden values. Nothing is logged.',
    access: 'write',
    body: inputs.Reserve,
    reply: views.Reserved,
  }),
  putEvidence: route({
    ...paths.putEvidence,
    summary: 'Stores evidence under its SHA-256, for one workspace. The body is the bytes.',
    access: 'write',
    params: inputs.EvidenceParams,
    reply: inputs.Empty,
  }),
  getEvidence: route({
    ...paths.getEvidence,
    summary: 'Evidence by content hash; another workspace’s digest is not found.',
    access: 'read',
    params: inputs.EvidenceParams,
    reply: 'bytes',
  }),
  open: route({
    ...paths.open,
    summary: 'Opens the change: what would run, where, and who asks.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(inputs.Open),
    reply: views.Done,
  }),
  adopt: route({
    ...paths.adopt,
    summary: 'The same person planned again and the plan is equal: the approvals stand.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(inputs.Adopt),
    reply: views.Done,
  }),
  inbox: route({
    ...paths.inbox,
    summary: 'Open changes: needs you, waiting for others, yours.',
    access: 'read',
    reply: views.Inbox,
  }),
  changes: route({
    ...paths.changes,
    summary: 'Changes you may see, newest first.',
    access: 'read',
    query: inputs.ChangeQuery,
    reply: views.ChangeList,
  }),
  change: route({
    ...paths.change,
    summary: 'One change with findings, who is needed and its timeline.',
    access: 'read',
    params: inputs.ChangeParams,
    reply: views.ChangeView,
  }),
  plan: route({
    ...paths.plan,
    summary: 'The normalised plan that is approved, with hidden values replaced.',
    access: 'read',
    params: inputs.ChangeParams,
    reply: 'bytes',
  }),
  findByArtifact: route({
    ...paths.findByArtifact,
    summary: 'The newest change that was opened for this very plan file.',
    access: 'read',
    params: inputs.EvidenceParams,
    reply: views.ChangeView,
  }),
  beginDecision: route({
    ...paths.beginDecision,
    summary: 'The statement that a passkey signs to decide. Good for five minutes, once.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.BeginDecision,
    reply: views.DecisionBegun,
  }),
  approve: route({
    ...paths.approve,
    summary: 'A person approves one fingerprint.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.Decide,
    reply: views.Done,
  }),
  reject: route({
    ...paths.reject,
    summary: 'A person rejects, with a reason.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.Decide,
    reply: views.Done,
  }),
  takeBack: route({
    ...paths.takeBack,
    summary: 'A person takes their own approval back, until it starts.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.Empty,
    reply: views.Done,
  }),
  withdraw: route({
    ...paths.withdraw,
    summary: 'The requester withdraws an open change.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.Empty,
    reply: views.Done,
  }),
  start: route({
    ...paths.start,
    summary: 'Claims the one grant: everything recomputed, the policy evaluated again.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(inputs.Start),
    reply: views.Started,
  }),
  refuseStart: route({
    ...paths.refuseStart,
    summary: 'The runner found a difference and did not start.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(inputs.RefuseStart),
    reply: views.Done,
  }),
  heartbeat: route({
    ...paths.heartbeat,
    summary: 'The runner is alive; without one for a minute the outcome is unknown.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(inputs.Heartbeat),
    reply: views.Beaten,
  }),
  finish: route({
    ...paths.finish,
    summary: 'The runner reports the outcome.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.signed(inputs.Finish),
    reply: views.Done,
  }),
  resolve: route({
    ...paths.resolve,
    summary: 'An owner says what became of a change whose outcome is unknown.',
    access: 'write',
    params: inputs.ChangeParams,
    body: inputs.Resolve,
    reply: views.Done,
  }),
  changeEvents: route({
    ...paths.changeEvents,
    summary: 'Server-sent events of one change; Last-Event-ID resumes.',
    access: 'read',
    params: inputs.ChangeParams,
    reply: 'events',
  }),
  events: route({
    ...paths.events,
    summary: 'Server-sent events: which change moved. A hint, never a fact.',
    access: 'read',
    reply: 'events',
  }),
  policy: route({
    ...paths.policy,
    summary: 'The policy in force.',
    access: 'read',
    reply: views.PolicyView,
  }),
  pushPolicy: route({
    ...paths.pushPolicy,
    summary: 'A new revision; one that does not parse is refused and the old one stays.',
    access: 'write',
    body: inputs.PushPolicy,
    reply: views.PolicyView,
  }),
  access: route({
    ...paths.access,
    summary: 'People, teams, roles, workspaces and tokens.',
    access: 'read',
    reply: views.AccessView,
  }),
  changeAccess: route({
    ...paths.changeAccess,
    summary: 'One access command.',
    access: 'write',
    body: inputs.ChangeAccess,
    reply: views.AccessChanged,
  }),
  eraseText: route({
    ...paths.eraseText,
    summary: 'Erases a typed text; its salted digest stays in the log and says nothing.',
    access: 'write',
    body: inputs.Erase,
    reply: inputs.Empty,
  }),
  log: route({
    ...paths.log,
    summary: 'Entries of the log with the newest signed checkpoint.',
    access: 'read',
    query: inputs.LogQuery,
    reply: views.LogPage,
  }),
  proof: route({
    ...paths.proof,
    summary: 'A tlog-proof of one entry against the newest checkpoint.',
    access: 'read',
    params: inputs.SeqParams,
    reply: views.ProofView,
  }),
  exportAudit: route({
    ...paths.exportAudit,
    summary: 'The evidence bundle, which verifies offline.',
    access: 'read',
    query: inputs.ExportQuery,
    reply: 'bytes',
  }),
  checkpoint: route({
    ...paths.checkpoint,
    summary: 'The newest signed checkpoint (C2SP tlog-tiles).',
    access: 'none',
    reply: 'text',
  }),
  tile: route({
    ...paths.tile,
    summary: 'Tiles and entry bundles (C2SP tlog-tiles).',
    access: 'read',
    reply: 'bytes',
  }),
  developmentPeople: route({
    ...paths.developmentPeople,
    summary: 'Development mode only: who one can be.',
    access: 'none',
    reply: views.DevelopmentPeople,
  }),
  signInDevelopment: route({
    ...paths.signInDevelopment,
    summary: 'Development mode only: be somebody, without proof.',
    access: 'none',
    body: inputs.SignInDevelopment,
    reply: views.Whoami,
  }),
  signOut: route({
    ...paths.signOut,
    summary: 'Ends the session of this browser.',
    access: 'none',
    body: inputs.Empty,
    reply: inputs.Empty,
  }),
} as const satisfies { readonly [N in RouteName]: Route }

export type Routes = typeof routes
