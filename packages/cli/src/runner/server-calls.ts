/**
 * What the runner says to the server about its change, each statement signed with the key that the
 * change was opened with. A server that does not answer is a fault of its own kind: whoever calls
 * decides whether asking again is safe.
 */
import {
  type Answer,
  type ApiProblem,
  type Ask,
  type Client,
  problemOf,
  type Reply,
} from '@holdpoint/api/client'
import { nodePrimitives, type SigningKey } from '@holdpoint/api/node'
import {
  type ChangeId,
  type Difference,
  type Digest,
  digestText,
  type Json,
  type Outcome,
  type RunnerAction,
  runnerStatement,
  type WorkspaceId,
} from '@holdpoint/core'
import { Fault } from '../io/fault.ts'
import type { Facts } from './facts.ts'
import type { Evidence } from './tool.ts'

/** Who opens a change and why, as the caller knows it. */
export interface Request {
  readonly door: 'apply' | 'gate'
  readonly pipeline: string | null
  readonly words: string | null
  readonly authors: readonly string[]
  readonly agent: boolean
  /** What the agent calls itself. */
  readonly agentName: string | null
}

export interface ServerCalls {
  readonly change: ChangeId
  readonly open: (
    facts: Facts,
    evidence: Evidence,
    request: Request,
  ) => Promise<Answer<Reply<'open'>>>
  /** Goes on with a change that this plan is equal to. */
  readonly adopt: (facts: Facts) => Promise<Answer<Reply<'adopt'>>>
  readonly view: () => Promise<Answer<Reply<'change'>>>
  readonly withdraw: () => Promise<Answer<Reply<'withdraw'>>>
  readonly start: (start: StartBody) => Promise<Answer<Reply<'start'>>>
  readonly refuseStart: (
    differences: readonly Difference[],
  ) => Promise<Answer<Reply<'refuseStart'>>>
  readonly beat: (beat: number) => Promise<Answer<Reply<'heartbeat'>>>
  readonly credentials: (
    asked: Ask<'credentials'>['body']['body'],
  ) => Promise<Answer<Reply<'credentials'>>>
  readonly finish: (outcome: Outcome) => Promise<Answer<Reply<'finish'>>>
}

export interface StartBody {
  readonly binding: Facts['binding']
  readonly differences: readonly Difference[]
  readonly grantSeconds: number
}

export interface Identity {
  readonly client: Client
  readonly key: SigningKey
  readonly change: ChangeId
  readonly workspace: WorkspaceId
}

export function serverCalls(identity: Identity): ServerCalls {
  const { client, change } = identity
  const params = { change }
  const signed = <B extends Json>(action: RunnerAction, body: B) => {
    const text = runnerStatement({ action, change, body })
    const signature = identity.key.sign(nodePrimitives.utf8(text))
    return { body, signature: Buffer.from(signature).toString('base64') }
  }
  return {
    change,
    open: async (facts, evidence, request) => {
      const digests = await uploadAll(identity, evidence)
      const body = { ...openBody(facts, request, identity.key), ...digests }
      return await reach(client.call('open', { params, body: signed('open', body) }))
    },
    adopt: (facts) => {
      const { fingerprint, artifact } = facts.binding
      const runnerKey = Buffer.from(identity.key.publicKey).toString('base64')
      const body = signed('adopt', { fingerprint, artifact, runnerKey })
      return reach(client.call('adopt', { params, body }))
    },
    view: () => reach(client.call('change', { params })),
    withdraw: () => reach(client.call('withdraw', { params, body: {} })),
    start: (start) => {
      const body = {
        ...start,
        binding: { ...start.binding },
        differences: plain(start.differences),
      }
      return reach(client.call('start', { params, body: signed('start', body) }))
    },
    refuseStart: (differences) => {
      const body = { differences: plain(differences) }
      return reach(client.call('refuseStart', { params, body: signed('refuse_start', body) }))
    },
    beat: (beat) =>
      reach(client.call('heartbeat', { params, body: signed('heartbeat', { beat }) })),
    credentials: (asked) =>
      reach(client.call('credentials', { params, body: signed('credentials', { ...asked }) })),
    finish: (outcome) => {
      const body = { outcome: { ...outcome } }
      return reach(client.call('finish', { params, body: signed('finish', body) }))
    },
  }
}

export async function reserve(
  client: Client,
  body: Ask<'reserve'>['body'],
): Promise<Answer<Reply<'reserve'>>> {
  return await reach(client.call('reserve', { body }))
}

/** The server reserves nothing for this person or here. */
export class NotReserved extends Error {
  override readonly name = 'NotReserved'
  readonly problem: ApiProblem

  constructor(problem: ApiProblem) {
    super('The server reserved no change')
    this.problem = problem
  }
}

function openBody(facts: Facts, request: Request, key: SigningKey) {
  const { target } = facts
  return {
    tool: facts.tool,
    door: request.door,
    binding: { ...facts.binding },
    target: {
      ...target,
      backend: { ...target.backend },
      providers: target.providers.map((each) => ({ ...each })),
      principals: target.principals.map((each) => ({ ...each })),
    },
    flags: facts.flags,
    runnerKey: Buffer.from(key.publicKey).toString('base64'),
    pipeline: request.pipeline,
    words: request.words,
    authors: request.authors,
    agent: request.agent,
    ...(request.agentName === null ? {} : { agentName: request.agentName }),
  }
}

function plain(differences: readonly Difference[]) {
  return differences.map((each) => ({ ...each }))
}

/** The three together: none of them is waited for before another starts. */
async function uploadAll(identity: Identity, evidence: Evidence) {
  const [planEvidence, sourceEvidence, inputsEvidence] = await Promise.all([
    upload(identity, evidence.plan),
    upload(identity, evidence.source),
    upload(identity, evidence.inputs),
  ])
  return { planEvidence, sourceEvidence, inputsEvidence }
}

async function upload(identity: Identity, text: string): Promise<Digest> {
  const { client, workspace } = identity
  const digest = digestText(nodePrimitives, text)
  const body = new TextEncoder().encode(text)
  const response = await reach(client.raw('putEvidence', { params: { workspace, digest }, body }))
  if (response.ok) return digest
  const answer: unknown = await response.json().catch(() => null)
  throw new EvidenceRefused(problemOf(answer, response.status))
}

/** The server would not keep what was uploaded. */
export class EvidenceRefused extends Error {
  override readonly name = 'EvidenceRefused'
  readonly problem: ApiProblem

  constructor(problem: ApiProblem) {
    super('The server refused evidence')
    this.problem = problem
  }
}

/** A server that cannot be reached; what happened to the request is not known. */
export async function reach<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new Fault('server_unreachable', 'The server did not answer', { cause })
  }
}
