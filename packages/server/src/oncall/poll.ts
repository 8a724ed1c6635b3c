/**
 * Reads every schedule once a minute and records who is on call, as the system. People are those that
 * the configuration maps; whoever else a service names is told to the operator and is nobody here.
 */
import { type Access, type AccessEvent, type PersonId, SYSTEM } from '@holdpoint/core'
import type { Log } from '../io/log.ts'
import type { Gate } from '../ports.ts'
import { type Database, databaseNow } from '../store/db.ts'
import { failedSchedule, readSchedule, schedules } from '../store/schedules.ts'
import { loadNames, type Names } from '../views-names.ts'
import { lapsedEntry, onCallEntry } from './record.ts'
import type { OnCallSource, Reading } from './source.ts'

export interface Schedule {
  readonly name: string
  /** The service's id to a handle here. */
  readonly people: { readonly [id: string]: string }
  readonly source: OnCallSource
}

export interface PollSources {
  readonly database: Database
  readonly gate: Gate
  readonly log: Log
}

const POLL_MS = 60_000

export interface Polling {
  /** One round; never throws. */
  readonly poll: () => Promise<void>
  readonly close: () => Promise<void>
}

export function startPolling(all: readonly Schedule[], sources: PollSources): Polling {
  const told = new Set<string>()
  let running: Promise<void> | null = null
  const round = async (): Promise<void> => {
    for (const schedule of all) {
      try {
        await pollOne(schedule, sources, told)
      } catch (error) {
        sources.log.warn({ err: error, schedule: schedule.name }, 'a schedule was not recorded')
      }
    }
  }
  const poll = (): Promise<void> => {
    running ??= round().finally(() => {
      running = null
    })
    return running
  }
  const timer = all.length === 0 ? null : setInterval(() => void poll(), POLL_MS)
  timer?.unref()
  return {
    poll,
    close: async () => {
      if (timer !== null) clearInterval(timer)
      await running
    },
  }
}

async function pollOne(schedule: Schedule, sources: PollSources, told: Set<string>): Promise<void> {
  const { database, gate, log } = sources
  const { kysely } = database
  const { name } = schedule
  const now = await databaseNow(kysely)
  const reading = await schedule.source.read(now).catch(async (error: unknown) => {
    log.warn({ err: error, schedule: name }, 'an on-call schedule could not be read')
    await failedSchedule(kysely, name, 'it could not be read')
    return null
  })
  const access = await gate.access()
  const known = access.onCall.get(name)
  if (reading === null) {
    const at = (await schedules(kysely)).get(name)?.readAt ?? null
    return record(lapsedEntry(name, known, { at, now }), gate)
  }
  await readSchedule(kysely, name, { at: now, nextAt: reading.nextAt })
  const names = await loadNames(kysely, access)
  const { tiers, unknown } = peopleOf(reading, schedule, { access, names })
  for (const id of unknown) tellOnce({ schedule: name, id }, { log, told })
  const wanted = { tiers, endsAt: reading.endsAt }
  return record(onCallEntry(name, known, { wanted, now }), gate)
}

async function record(event: AccessEvent | null, gate: Gate): Promise<void> {
  if (event === null) return
  const command = { type: 'change_access', event } as const
  const answer = await gate.handle(SYSTEM, { on: 'access', command })
  if (!answer.ok) throw new Error(`the schedule was refused: ${answer.refusal.code}`)
}

interface Found {
  readonly tiers: readonly (readonly PersonId[])[]
  readonly unknown: readonly string[]
}

function peopleOf(
  { tiers }: Reading,
  { people }: Schedule,
  { access, names }: { readonly access: Access; readonly names: Names },
): Found {
  const personOf = (id: string): PersonId | null => {
    const handle = Object.hasOwn(people, id) ? people[id] : undefined
    const person = handle === undefined ? null : names.findByHandle(handle)
    return person !== null && access.people.get(person)?.active === true ? person : null
  }
  const unknown = tiers.flat().filter((id) => personOf(id) === null)
  return {
    tiers: tiers.map((tier) => tier.flatMap((id) => personOf(id) ?? []).toSorted()),
    unknown: [...new Set(unknown)],
  }
}

function tellOnce(
  about: { readonly schedule: string; readonly id: string },
  { log, told }: { readonly log: Log; readonly told: Set<string> },
): void {
  const key = `${about.schedule} ${about.id}`
  if (told.has(key)) return
  told.add(key)
  log.warn(about, 'somebody is on call whom the configuration maps to nobody here')
}
