/**
 * Follows a stack's events to the end of an operation, nested stacks too. What happened before the
 * start is not read as its outcome; what the service rolls back is not counted as done.
 */
import type { StackEvent } from '@aws-sdk/client-cloudformation'
import { sleep } from '../../io/clock.ts'
import { Fault } from '../../io/fault.ts'
import type { RedactText } from '../output-redaction.ts'
import { Patience } from '../patience.ts'
import type { ToolHook } from '../progress.ts'
import type { OnEvent } from '../run-event.ts'
import { type Service, ServiceRefused } from './service.ts'

export interface Following {
  readonly service: Service
  readonly stack: { readonly id: string; readonly name: string }
  /** Id of the newest event before the start; `null` where there was none. */
  readonly before: string | null
  readonly pollMs: number
  readonly awayMsMax: number
  readonly redact: RedactText
  readonly onHook: (hook: ToolHook) => void
  readonly onEvent: OnEvent
}

export interface FollowedEnd {
  readonly isApplied: boolean
  /** Everything that was done was undone. */
  readonly isRolledBack: boolean
  /** The stack's last status, and why resources failed; redacted. */
  readonly reasons: readonly string[]
}

export async function newestEvent(service: Service, stack: string): Promise<string | null> {
  const { events } = await service.events(stack, null)
  return events[0]?.EventId ?? null
}

/** Has an operation with this token begun since? */
export async function hasToken(
  service: Service,
  {
    stack,
    before,
    token,
  }: { readonly [name in 'stack' | 'token']: string } & {
    readonly before: string | null
  },
): Promise<boolean> {
  const { events } = await service.events(stack, null)
  const end = events.findIndex((event) => event.EventId === before)
  const fresh = end === -1 ? events : events.slice(0, end)
  return fresh.some((event) => event.ClientRequestToken === token)
}

export async function followStack(following: Following): Promise<FollowedEnd> {
  const { service, pollMs, stack } = following
  const patience = new Patience(following.awayMsMax)
  const follower = new Follower(following)
  const never = new AbortController().signal
  for (;;) {
    try {
      const ended = await follower.look((id, token) => service.events(id, token))
      if (ended !== null) return ended
      patience.answered()
    } catch (cause) {
      if (!(cause instanceof Fault) && !(cause instanceof ServiceRefused)) throw cause
      if (patience.isOver())
        throw new Fault('cloud_unreachable', `${stack.name} could not be followed to its end`, {
          cause,
        })
    }
    await sleep(pollMs, never)
  }
}

const APPLIED: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'IMPORT_COMPLETE',
])
const UNDONE: ReadonlySet<string> = new Set([
  'ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'DELETE_COMPLETE',
])
const FAILED: ReadonlySet<string> = new Set([
  'CREATE_FAILED',
  'UPDATE_FAILED',
  'ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_ROLLBACK_FAILED',
  'DELETE_FAILED',
])

const STACK = 'AWS::CloudFormation::Stack'
const REASONS_MAX = 20

type ReadEvents = Service['events']

/** Where a followed stack stands, and from when on its events count. */
interface Followed {
  readonly path: string
  /** An event of before the start; nothing older is read. */
  readonly before: string | null
  readonly since: number
}

class Follower {
  readonly #following: Following
  readonly #stacks = new Map<string, Followed>()
  readonly #seen = new Set<string>()
  readonly #reasons: string[] = []
  #isUndoing = false

  constructor(following: Following) {
    this.#following = following
    const { stack, before } = following
    this.#stacks.set(stack.id, { path: '', before, since: 0 })
  }

  /** `null` while it goes on. */
  async look(read: ReadEvents): Promise<FollowedEnd | null> {
    for (const [id, followed] of [...this.#stacks]) {
      const fresh = await this.#fresh(read, id, followed)
      for (const event of fresh) {
        const ended = this.#take(event, id, followed.path)
        if (ended !== null) return ended
      }
    }
    return null
  }

  /** Oldest first. */
  async #fresh(read: ReadEvents, id: string, followed: Followed): Promise<readonly StackEvent[]> {
    const found: StackEvent[] = []
    let token: string | null = null
    do {
      const page: Awaited<ReturnType<ReadEvents>> = await read(id, token)
      for (const event of page.events) {
        const { EventId: eventId = '' } = event
        if (eventId === followed.before || this.#seen.has(eventId)) return this.#keep(found)
        if ((event.Timestamp?.getTime() ?? 0) >= followed.since) found.push(event)
      }
      token = page.next
    } while (token !== null)
    return this.#keep(found)
  }

  #keep(newestFirst: readonly StackEvent[]): readonly StackEvent[] {
    for (const { EventId } of newestFirst) if (EventId !== undefined) this.#seen.add(EventId)
    return newestFirst.toReversed()
  }

  #take(event: StackEvent, id: string, path: string): FollowedEnd | null {
    const { PhysicalResourceId: physical, ResourceStatus: status = '', ResourceType: type } = event
    if (physical !== id) {
      this.#takeResource(event, path)
      if (type === STACK && physical !== undefined) this.#followNested(event, physical, path)
      return null
    }
    if (id !== this.#following.stack.id) return null
    if (/ROLLBACK|^DELETE_/.test(status)) this.#isUndoing = true
    return this.#endOf(status, event.ResourceStatusReason ?? '')
  }

  #followNested(event: StackEvent, physical: string, path: string): void {
    if (!physical.startsWith('arn:') || this.#stacks.has(physical)) return
    const since = event.Timestamp?.getTime() ?? 0
    const { LogicalResourceId: id = '' } = event
    this.#stacks.set(physical, { path: inside(path, id), before: null, since })
  }

  #takeResource(event: StackEvent, path: string): void {
    const { LogicalResourceId: id = '', ResourceStatus: status = '' } = event
    const address = inside(path, id)
    const { redact, onEvent, onHook } = this.#following
    const reason = redact(event.ResourceStatusReason ?? '')
    if (status.endsWith('_FAILED')) {
      if (this.#reasons.length < REASONS_MAX) this.#reasons.push(`${address} ${status}: ${reason}`)
      const problem = { severity: 'error', summary: status, detail: reason, address } as const
      onEvent({ type: 'tool_problem', problem })
    }
    const state = stateOf(status)
    if (!this.#isUndoing && state !== null) onHook({ state, address, action: wordOf(status) })
  }

  #endOf(status: string, reason: string): FollowedEnd | null {
    const isApplied = APPLIED.has(status)
    if (!isApplied && !UNDONE.has(status) && !FAILED.has(status)) return null
    const said = this.#following.redact(reason)
    const last = `The stack is ${status}${said === '' ? '' : `: ${said}`}`
    return { isApplied, isRolledBack: UNDONE.has(status), reasons: [...this.#reasons, last] }
  }
}

function inside(path: string, id: string): string {
  return path === '' ? id : `${path}/${id}`
}

function stateOf(status: string): ToolHook['state'] | null {
  if (status.endsWith('_IN_PROGRESS')) return 'started'
  if (status.endsWith('_COMPLETE') || status === 'DELETE_SKIPPED') return 'done'
  return status.endsWith('_FAILED') ? 'failed' : null
}

/** `CREATE_IN_PROGRESS` is a create. */
function wordOf(status: string): string {
  return (status.split('_')[0] ?? '').toLowerCase()
}
