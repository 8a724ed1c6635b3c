/**
 * An honest stand-in for the server, over HTTP: it checks shapes by the wire's own schemas, verifies
 * every signature, holds a claim against what was opened, and consumes a grant once. Tests decide
 * what happens to a change by calling it; it never decides by itself.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { inputs } from '@holdpoint/api'
import { createClient } from '@holdpoint/api/client'
import { nodePrimitives, verifyEd25519 } from '@holdpoint/api/node'
import {
  type JsonMap,
  parseChangeId,
  type RunnerAction,
  runnerStatement,
  type Status,
} from '@holdpoint/core'
import { WORKSPACE } from './given.ts'

type OpenBody = ReturnType<typeof inputs.Open.parse>
type Outcome = ReturnType<typeof inputs.Finish.parse>['outcome']

export interface StoredChange {
  readonly id: string
  status: Status
  opened: OpenBody | null
  seq: number
  starts: number
  beats: number
  outcome: Outcome | null
  refusedStarts: unknown[]
}

interface Asked {
  readonly change: StoredChange
  readonly action: string
  readonly body: unknown
}

export class StandInServer {
  readonly changes = new Map<string, StoredChange>()
  readonly evidence = new Map<string, Buffer>()
  /** Requests that get no answer at all, after they were done: the line breaks. */
  dropAnswersOf: string[] = []
  /** Called when a change was opened, and again after every start that was refused. */
  onOpened: (change: StoredChange) => void = () => undefined
  /** An earlier change of the same person, as the next reservation names it. */
  previous: StoredChange | null = null
  #server: Server | null = null
  readonly #streams = new Set<ServerResponse>()

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#handle(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.#server = server
  }

  get url(): string {
    const address = this.#server?.address()
    if (typeof address !== 'object' || address === null) throw new Error('not started')
    return `http://127.0.0.1:${address.port}`
  }

  client() {
    return createClient({ baseUrl: this.url, fetch, headers: () => ({}) })
  }

  theChange(): StoredChange {
    const [change] = [...this.changes.values()].filter((each) => each.opened !== null)
    if (change === undefined) throw new Error('no change was opened')
    return change
  }

  move(change: StoredChange, status: Status): void {
    change.status = status
    change.seq += 1
    const event = `id: ${change.seq}\nevent: change\ndata: {"id":"${change.id}"}\n\n`
    for (const stream of this.#streams) stream.write(event)
  }

  breakStreams(): void {
    for (const stream of this.#streams) stream.destroy()
    this.#streams.clear()
  }

  async stop(): Promise<void> {
    this.breakStreams()
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const path = request.url ?? ''
    const action = path.split('/').at(-1) ?? ''
    if (action === 'events') return this.#stream(response)
    const answer = this.#answer(path, Buffer.concat(chunks))
    const dropped = this.dropAnswersOf.indexOf(action)
    if (dropped >= 0) {
      this.dropAnswersOf.splice(dropped, 1)
      response.destroy()
    } else respond(response, answer)
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(': here\n\nid: 0\nevent: change\ndata: {}\n\n')
    this.#streams.add(response)
  }

  #answer(path: string, body: Buffer): Answer {
    if (path.endsWith('/changes/reserve')) return this.#reserve(body)
    const evidence = /\/evidence\/([0-9a-f]{64})$/.exec(path)?.[1]
    if (evidence !== undefined) return this.#keep(evidence, body)
    const artifact = /\/artifacts\/([0-9a-f]{64})$/.exec(path)?.[1]
    if (artifact !== undefined) return this.#findByArtifact(artifact)
    const match = /\/changes\/(chg_[0-9a-z]{16})(?:\/([a-z-]+))?$/.exec(path)
    const change = this.changes.get(match?.[1] ?? '')
    if (change === undefined) return problem(404, 'not_found')
    const action = match?.[2]
    if (action === undefined)
      return change.opened === null ? problem(404, 'not_found') : ok(viewOf(change))
    return this.#act({ change, action, body: JSON.parse(body.toString('utf8')) })
  }

  #reserve(body: Buffer): Answer {
    inputs.Reserve.parse(JSON.parse(body.toString('utf8')))
    const id = `chg_${String(this.changes.size + 1).padStart(16, '0')}`
    const fresh = { status: 'evaluating', opened: null, seq: 0, starts: 0, beats: 0 } as const
    this.changes.set(id, { ...fresh, id, outcome: null, refusedStarts: [] })
    const hidingKey = createHash('sha256').update(id).digest('base64')
    const reserved = { change: id, workspace: WORKSPACE, workspaceName: 'app', hidingKey }
    return ok({ ...reserved, connections: [], previous: this.#previous(hidingKey) })
  }

  #previous(hidingKey: string) {
    if (this.previous === null) return null
    const { id, opened } = this.previous
    return { change: id, fingerprint: opened?.binding.fingerprint ?? '', hidingKey }
  }

  #keep(digest: string, body: Buffer): Answer {
    if (createHash('sha256').update(body).digest('hex') !== digest) return problem(400, 'differs')
    this.evidence.set(digest, body)
    return ok({})
  }

  #findByArtifact(artifact: string): Answer {
    const found = [...this.changes.values()].findLast(
      (each) => each.opened?.binding.artifact === artifact,
    )
    return found === undefined ? problem(404, 'not_found') : ok(viewOf(found))
  }

  #act(asked: Asked): Answer {
    const { change } = asked
    switch (asked.action) {
      case 'open':
        return this.#open(asked)
      case 'start':
        return this.#start(asked)
      case 'refuse-start':
        change.refusedStarts.push(
          signedBody(asked, 'refuse_start', (body) => inputs.RefuseStart.parse(body)),
        )
        return ok({ status: change.status })
      case 'heartbeat':
        change.beats = signedBody(asked, 'heartbeat', (body) => inputs.Heartbeat.parse(body)).beat
        return ok({ goOn: true, until: UNTIL })
      case 'finish':
        return this.#finish(asked)
      case 'withdraw':
        this.move(change, 'withdrawn')
        return ok({ status: 'withdrawn' })
      default:
        return problem(404, 'not_found')
    }
  }

  #open(asked: Asked): Answer {
    const body = signedBody(asked, 'open', (body) => inputs.Open.parse(body))
    const { planEvidence, sourceEvidence, inputsEvidence } = body
    for (const digest of [planEvidence, sourceEvidence, inputsEvidence])
      if (!this.evidence.has(digest)) return problem(409, 'evidence_differs')
    asked.change.opened = body
    queueMicrotask(() => this.onOpened(asked.change))
    return ok({ status: 'evaluating' })
  }

  #start(asked: Asked): Answer {
    const { change } = asked
    const body = signedBody(asked, 'start', (body) => inputs.Start.parse(body))
    if (change.starts > 0) return problem(409, 'grant_used')
    if (change.status !== 'released') return problem(409, 'approvals_missing')
    if (JSON.stringify(body.binding) !== JSON.stringify(change.opened?.binding))
      return problem(409, 'differs')
    change.starts += 1
    this.move(change, 'executing')
    return ok({ grant: 'grn_0000000000000001', until: UNTIL })
  }

  #finish(asked: Asked): Answer {
    const { change } = asked
    const { outcome } = signedBody(asked, 'finish', (body) => inputs.Finish.parse(body))
    if (change.outcome !== null) return problem(409, 'wrong_state')
    change.outcome = outcome
    this.move(change, outcome.result)
    return ok({ status: change.status })
  }
}

const UNTIL = 4_000_000_000_000

/** The body of a signed request; throws when shape or signature is wrong. */
function signedBody<T>(asked: Asked, action: RunnerAction, parse: (body: unknown) => T): T {
  const { body, signature } = asked.body as { body: JsonMap; signature: string }
  const change = parseChangeId(asked.change.id)
  if (change === null) throw new Error('a stored change has a valid id')
  const key = asked.change.opened?.runnerKey ?? body['runnerKey']
  const isSigned = verifyEd25519({
    publicKey: Buffer.from(String(key), 'base64'),
    message: nodePrimitives.utf8(runnerStatement({ action, change, body })),
    signature: Buffer.from(signature, 'base64'),
  })
  if (!isSigned) throw new Error(`${action} is not signed by the runner that opened the change`)
  return parse(body)
}

function viewOf(change: StoredChange) {
  const { id, status, opened, starts, outcome, seq } = change
  const execution = starts > 0 ? { startedAt: 1, until: UNTIL, verifiedBy: 'self_reported' } : null
  const timeline = Array.from({ length: seq })
  return { id, status, ...opened, execution, outcome, slots: [], timeline }
}

interface Answer {
  readonly status: number
  readonly body: object
}

function ok(body: object): Answer {
  return { status: 200, body }
}

function problem(status: number, code: string): Answer {
  return { status, body: { code, title: code, detail: code, remedy: code } }
}

function respond(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer.body))
}
