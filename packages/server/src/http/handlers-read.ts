/** What is looked at: who one is, the inbox, changes, their plans and other evidence. */
import {
  type Access,
  type Actor,
  type Change,
  isOpen,
  liveKeys,
  ROLES,
  STATUSES,
  type Status,
  type Verb,
} from '@holdpoint/core'
import { FINDINGS_START } from '../evaluation.ts'
import { isAlone } from '../people-view.ts'
import { pageOrigin } from '../relying-party.ts'
import type { Services } from '../services.ts'
import { findEvidence, hasEvidence, putEvidence } from '../store/evidence.ts'
import { changeView } from '../views-change.ts'
import { EVERY_CHANGE } from '../views-queries.ts'
import { rowOf } from '../views-row.ts'
import { problemInWorkspace, seenChange, sightOf, viewerFor } from './asked.ts'
import { type Ask, done, type Handlers, type Result, refused, type Sent } from './handler.ts'
import { createUploads, type WithUpload } from './upload.ts'

type ReadHandlers = Pick<
  Handlers,
  | 'whoami'
  | 'inbox'
  | 'change'
  | 'plan'
  | 'findByArtifact'
  | 'executionOf'
  | 'putEvidence'
  | 'getEvidence'
>

export function readHandlers(services: Services): ReadHandlers {
  const withUpload = createUploads()
  return {
    whoami: async ({ actor }) => done(await whoami(actor, services)),
    inbox: (ask) => inbox(ask, services),
    change: async ({ actor, params }) => {
      const seen = await seenChange(actor, params.change, services)
      return seen.ok ? viewOf(actor, seen.value.change, services) : seen
    },
    plan: (ask) => plan(ask, services),
    findByArtifact: (ask) => findByArtifact(ask, services),
    executionOf: (ask) => executionOf(ask, services),
    putEvidence: (ask) => upload(ask, services, withUpload),
    getEvidence: (ask) => evidence(ask, services),
  }
}

export async function whoami(actor: Actor, services: Services) {
  const viewer = await viewerFor(actor, services)
  const { kind } = actor
  const id = actor.kind === 'system' ? null : actor.id
  const state = services.audit.watch.state()
  return {
    actor: viewer.names.actor({ kind, id }),
    assurance: actor.kind === 'person' ? actor.assurance : null,
    roles: rolesOf(viewer.access, actor),
    verbs: verbsOf(actor),
    passkeys: actor.kind === 'person' ? liveKeys(viewer.access, actor.id).length : 0,
    alone: isAlone(viewer.access, actor, services.mode),
    mode: services.mode,
    readsOnly: state === 'ok' ? null : state.readsOnly,
    server: services.version,
  }
}

function rolesOf(access: Access, actor: Actor): string[] {
  const mine = access.bindings.filter(
    (binding) => actor.kind === 'person' && binding.person === actor.id,
  )
  return ROLES.filter((role) => mine.some((binding) => binding.role === role))
}

function verbsOf(actor: Actor): readonly Verb[] {
  return actor.kind === 'token' ? actor.verbs : []
}

async function viewOf(actor: Actor, change: Change, services: Services) {
  const viewer = await viewerFor(actor, services)
  return done(await changeView(change, viewer, services))
}

const CLOSED_SHOWN_MS = 24 * 60 * 60 * 1000

async function inbox({ actor }: Ask<'inbox'>, services: Services): ReturnType<Handlers['inbox']> {
  const viewer = await viewerFor(actor, services)
  const sight = sightOf(viewer.access, actor, viewer.now)
  const statuses = STATUSES.filter((each) => isOpen(each) || UNFINISHED.includes(each))
  const every = { ...EVERY_CHANGE, sight }
  const open = await services.gate.changes({ ...every, statuses, limit: 500 })
  const owed = await services.gate.changes({ ...every, glass: 'owed', limit: 100 })
  const recent = await services.gate.changes({ ...every, limit: 100 })
  const after = viewer.now - CLOSED_SHOWN_MS
  const closed = recent.filter(({ change }) => change.openedAt > after)
  const shown = new Map(
    [...open, ...owed, ...closed].map(({ change }) => [change.changeId, change]),
  )
  const rows = []
  for (const change of shown.values()) rows.push(await rowOf(change, viewer))
  const waits = (status: Status) => isOpen(status) || UNFINISHED.includes(status)
  return done({
    needsYou: rows.filter((row) => row.needsYou),
    waitingForOthers: rows.filter((row) => !row.needsYou && !row.yours && waits(row.status)),
    yours: rows.filter((row) => row.yours && !row.needsYou),
  })
}

const UNFINISHED: readonly Status[] = ['executing', 'outcome_unknown']

async function plan({ actor, params }: Ask<'plan'>, services: Services): Promise<Result<Sent>> {
  const seen = await seenChange(actor, params.change, services)
  if (!seen.ok) return seen
  const { workspace, planDocument: digest } = seen.value.change
  return sendEvidence(actor, { workspace, digest }, services)
}

async function findByArtifact(
  { actor, params }: Ask<'findByArtifact'>,
  services: Services,
): ReturnType<Handlers['findByArtifact']> {
  const record = await services.gate.changeOfArtifact(params)
  if (record === null) return refused({ code: 'not_found', what: 'change' })
  const seen = await seenChange(actor, record.change.changeId, services)
  return seen.ok ? viewOf(actor, seen.value.change, services) : seen
}

const SAME_ARTIFACT_MAX = 50

/**
 * The same artifact may be brought to several workspaces; one live execution of it is enough. Only
 * of workspaces that one may see: who asks decides with its token whose word it takes.
 */
async function executionOf(
  { actor, params }: Ask<'executionOf'>,
  services: Services,
): ReturnType<Handlers['executionOf']> {
  const access = await services.gate.access()
  const now = services.clock.now()
  const seen = sightOf(access, actor, now)
  const sight = seen === 'all' ? [...access.workspaces.keys()] : seen
  const { artifact } = params
  const filter = { ...EVERY_CHANGE, sight, artifact, limit: SAME_ARTIFACT_MAX }
  const changes = (await services.gate.changes(filter)).map((record) => record.change)
  const isLive = ({ status, execution }: Change) =>
    status === 'executing' &&
    execution !== null &&
    execution.revoked === null &&
    now < execution.until
  const change = changes.find(isLive) ?? changes[0]
  if (change === undefined) return refused({ code: 'not_found', what: 'change' })
  const { changeId, status } = change
  const url = `${pageOrigin(services)}/c/${changeId}`
  return done({ change: changeId, started: isLive(change), status, url })
}

type EvidencePlace = Ask<'getEvidence'>['params']

async function evidence(
  { actor, params }: Ask<'getEvidence'>,
  services: Services,
): Promise<Result<Sent>> {
  const sent = await sendEvidence(actor, params, services)
  if (!sent.ok || !isFindings(sent.value)) return sent
  const { workspace } = params
  const problem = await problemInWorkspace(actor, { action: 'read_hidden', workspace }, services)
  return problem === null ? sent : refused({ code: 'not_found', what: 'evidence' })
}

const BEGINNING = Buffer.from(FINDINGS_START)

/** What every rule of the policy said of a plan, hidden ones among them. */
function isFindings({ content }: Sent): boolean {
  return typeof content !== 'string' && BEGINNING.equals(content.subarray(0, BEGINNING.length))
}

async function sendEvidence(
  actor: Actor,
  place: EvidencePlace,
  services: Services,
): Promise<Result<Sent>> {
  const asked = { action: 'read_plan', workspace: place.workspace } as const
  const problem = await problemInWorkspace(actor, asked, services)
  if (problem !== null) return refused(problem)
  const content = await findEvidence(services.database.kysely, place)
  if (content === null) return refused({ code: 'not_found', what: 'evidence' })
  return done({ contentType: 'application/octet-stream', content, immutable: true })
}

async function upload(
  { actor, params, request }: Ask<'putEvidence'>,
  services: Services,
  withUpload: WithUpload,
): ReturnType<Handlers['putEvidence']> {
  const { workspace, digest } = params
  const asked = { action: 'open_change', workspace } as const
  const problem = await problemInWorkspace(actor, asked, services)
  if (problem !== null) return refused(problem)
  const state = services.audit.watch.state()
  if (state !== 'ok') return refused({ code: 'reads_only', why: state.readsOnly })
  const { kysely } = services.database
  return await withUpload(request.raw, async (bytes) => {
    if (!(await hasEvidence(kysely, params)))
      await putEvidence(kysely, { workspace, digest, bytes })
    return done({})
  })
}
