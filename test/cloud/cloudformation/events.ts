/** What a stack tells of an execution, event by event: done, or failed and rolled back. */
import { randomUUID } from 'node:crypto'
import type { Tree } from './answers.ts'
import type { ResourceChange } from './changes.ts'
import type { ChangeSet } from './service.ts'

export interface StackEvent {
  readonly id: string
  readonly stack: { readonly id: string; readonly name: string }
  readonly logical: string
  readonly physical: string
  readonly type: string
  readonly status: string
  readonly reason: string | null
  readonly token: string | null
}

export function treeOf(event: StackEvent): Tree {
  return {
    EventId: event.id,
    StackId: event.stack.id,
    StackName: event.stack.name,
    LogicalResourceId: event.logical,
    PhysicalResourceId: event.physical,
    ResourceType: event.type,
    Timestamp: '2026-01-01T00:00:00Z',
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason ?? undefined,
    ClientRequestToken: event.token ?? undefined,
  }
}

interface Told {
  readonly events: readonly StackEvent[]
  readonly fails: boolean
}

const VERBS = { Add: 'CREATE', Modify: 'UPDATE', Remove: 'DELETE' } as const

export function eventsOf(set: ChangeSet, token: string | null): Told {
  const verb = set.stack.template === null ? 'CREATE' : 'UPDATE'
  const own = (status: string, reason: string | null = null) =>
    stackEvent(set, token, [status, reason])
  const events = [own(`${verb}_IN_PROGRESS`, 'User Initiated')]
  for (const change of set.changes) {
    const step = resourceEvents(set, token, change)
    events.push(...step.events)
    if (!step.fails) continue
    const back = verb === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK'
    const reason = `The following resource(s) failed: [${change.id}]`
    const undone = undoing(set, token, set.changes.slice(0, set.changes.indexOf(change)))
    const ending = [own(`${back}_IN_PROGRESS`, reason), ...undone, own(`${back}_COMPLETE`)]
    return { events: [...events, ...ending], fails: true }
  }
  return { events: [...events, own(`${verb}_COMPLETE`)], fails: false }
}

/** What was done is done back, one after the other. */
function undoing(set: ChangeSet, token: string | null, done: readonly ResourceChange[]) {
  return done.flatMap((change) => {
    const removed = { ...change, action: 'Remove', after: null } as const
    return resourceEvents(set, token, removed).events
  })
}

function stackEvent(
  { stack }: ChangeSet,
  token: string | null,
  [status, reason]: readonly [string, string | null],
): StackEvent {
  const type = 'AWS::CloudFormation::Stack'
  const names = { logical: stack.name, physical: stack.id, type }
  return { id: randomUUID(), stack, ...names, status, reason, token }
}

function resourceEvents(
  { stack, parameters }: ChangeSet,
  token: string | null,
  change: ResourceChange,
): Told {
  const verb = VERBS[change.action]
  const problem = change.after?.Properties?.['FailsToExecute']
  const fails = typeof problem === 'string'
  // The service says values aloud, also those that it masks elsewhere.
  const reason = parameters.reduce(
    (text, { key, value }) => text.replaceAll(`{${key}}`, value),
    String(problem),
  )
  const names = { logical: change.id, physical: `physical-${change.id}`, type: change.type }
  const event = (status: string, reason: string | null): StackEvent => {
    return { id: randomUUID(), stack, ...names, status, reason, token }
  }
  const last = fails ? event(`${verb}_FAILED`, reason) : event(`${verb}_COMPLETE`, null)
  return { events: [event(`${verb}_IN_PROGRESS`, null), last], fails }
}
