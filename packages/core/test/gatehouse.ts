/**
 * The gate without a database: permitted?, decide, append, fold. Each entry goes through its bytes
 * and the laws, so a history that is made here has been read back as any verifier reads it.
 */
import { nodePrimitives } from '../../../test/fixtures/node-primitives.ts'
import { type Access, type AccessEvent, accessActionOf, permits } from '../src/access.ts'
import { decideAccess } from '../src/access-commands.ts'
import { type Actor, type ActorRef, refOf, SYSTEM } from '../src/actor.ts'
import { type Change, isOpen } from '../src/change.ts'
import { ACTION_OF, type ChangeCommand } from '../src/change-commands.ts'
import { decide } from '../src/change-decide.ts'
import { type GlassFacts, glassFacts, NO_GLASS } from '../src/change-glass.ts'
import { type Effect, follow, pinOfRelease } from '../src/effects.ts'
import { type AnyEvent, type Entry, entryBytes, parseEntry, type Stream } from '../src/entry.ts'
import type { ChangeId, WorkspaceId } from '../src/ids.ts'
import type { Instant } from '../src/instant.ts'
import { checkEntry } from '../src/laws.ts'
import { decidePolicy } from '../src/policy-revision.ts'
import type { Refusal } from '../src/refusals.ts'
import { startWorld, type World } from '../src/world.ts'
import { givenDigest, SYSTEM_REF } from './given.ts'

export interface Handled {
  readonly refusal: Refusal | null
  readonly entries: readonly Entry[]
}

export class Gatehouse {
  readonly entries: Entry[] = []
  /** Effects that wait to be performed, oldest first. */
  readonly effects: Effect[] = []
  /** Folded from the entries by the laws; `changes` are the cached rows. */
  world: World = startWorld()
  now: Instant

  constructor(startedAt: Instant) {
    this.now = startedAt
    const event = { type: 'log_started', origin: 'holdpoint.example/log', previous: null } as const
    this.#append('log', SYSTEM_REF, { ...event, mode: 'development' })
  }

  get access(): Access {
    return this.world.access
  }

  get revision(): number {
    return this.world.policy?.revision ?? 0
  }

  change(id: ChangeId): Change | null {
    return this.world.changes.get(id) ?? null
  }

  handle(actor: Actor, id: ChangeId, command: ChangeCommand): Handled {
    const change = this.change(id)
    const opening = command.type === 'open' ? command.opened.workspace : null
    const workspace = change?.workspace ?? opening
    if (workspace === null) return refused({ code: 'not_found', what: 'change' })
    const action = ACTION_OF[command.type]
    if (!permits(this.access, actor, { action, on: { workspace }, now: this.now }))
      return refused({ code: 'not_permitted', action, needs: 'a role' })
    const answer = decide(change, command, {
      now: this.now,
      actor: refOf(actor),
      access: this.access,
      policyRevision: this.revision,
      executing: this.world.executing.get(workspace) ?? null,
      openCount: this.#openCount(workspace, actor),
      glass: this.#glass(actor, workspace),
    })
    const entries = answer.events.flatMap((event) => [
      this.#append(id, refOf(actor), event),
      ...this.#pinWith(id, event),
    ])
    return { refusal: answer.ok ? null : answer.refusal, entries }
  }

  /** What the release of a first change binds, as the gate records it: with the release. */
  #pinWith(id: ChangeId, event: ChangeEvent): readonly Entry[] {
    const change = this.change(id)
    const pin = change === null ? null : pinOfRelease(event, change)
    return pin === null ? [] : this.changeAccess(SYSTEM, pin).entries
  }

  changeAccess(actor: Actor, event: AccessEvent): Handled {
    const action = accessActionOf(this.access, event, actor)
    const ask = { action, on: 'installation', now: this.now } as const
    if (!permits(this.access, actor, ask))
      return refused({ code: 'not_permitted', action: 'change_access', needs: 'a role' })
    const command = { type: 'change_access', event } as const
    const answer = decideAccess(this.access, command, { now: this.now, actor })
    const entries = answer.events.map((each) => this.#append('access', refOf(actor), each))
    return { refusal: answer.ok ? null : answer.refusal, entries }
  }

  pushPolicy(actor: Actor, basedOn = this.revision): Handled {
    const current = this.world.policy ?? { revision: 0, document: givenDigest('built in') }
    const document = givenDigest(`policy ${basedOn + 1}`)
    const answer = decidePolicy(current, { type: 'push_policy', document, basedOn, problems: [] })
    const entries = answer.events.map((each) => this.#append('policy', refOf(actor), each))
    return { refusal: answer.ok ? null : answer.refusal, entries }
  }

  /** Performs the access effects that wait; the others are the caller's. */
  performPins(): void {
    for (const effect of this.effects.splice(0)) {
      const { workspace } = { workspace: null, ...effect }
      if (workspace === null) continue
      if (effect.type === 'pin_lineage')
        this.changeAccess(SYSTEM, { type: 'lineage_pinned', workspace, lineage: effect.lineage })
    }
  }

  #glass(actor: Actor, workspace: WorkspaceId): GlassFacts {
    if (actor.kind !== 'person') return NO_GLASS
    return glassFacts(this.world.glass.values(), { person: actor.id, workspace, now: this.now })
  }

  #openCount(workspace: WorkspaceId, actor: Actor): number {
    const id = refOf(actor).id
    return [...this.world.changes.values()].filter(
      (each) => each.workspace === workspace && each.requester.id === id && isOpen(each.status),
    ).length
  }

  #append(stream: Stream, actor: ActorRef, event: AnyEvent): Entry {
    const written: Entry = { v: 1, seq: this.entries.length, at: this.now, stream, actor, event }
    const parsed = parseEntry(entryBytes(written, nodePrimitives), nodePrimitives)
    if (!parsed.ok) throw new Error(`${event.type} cannot be read back: it ${parsed.problem}`)
    const { entry } = parsed
    const answer = checkEntry(this.world, entry)
    if (!answer.ok)
      throw new Error(`${event.type} breaks ${answer.broken.law}: ${answer.broken.problem}`)
    const before = this.world
    this.world = answer.world
    this.entries.push(entry)
    this.#enqueue(entry, before)
    return entry
  }

  #enqueue({ stream, event, at }: Entry, world: World): void {
    if (stream === 'log' || stream === 'access' || stream === 'policy') return
    const before = world.changes.get(stream) ?? null
    const after = this.change(stream)
    if (after === null || !isChangeEvent(event)) return
    this.effects.push(...follow(event, { before, after, at }))
  }
}

function refused(refusal: Refusal): Handled {
  return { refusal, entries: [] }
}

type ChangeEvent = Parameters<typeof follow>[0]

/** The laws have seen to it that a change's stream holds nothing else. */
function isChangeEvent(event: AnyEvent): event is ChangeEvent {
  return event.type !== 'policy_pushed' && event.type !== 'log_started'
}
