/** The log's entries as rows, and in numbers what rests on what. */
import { decodeBase64 } from '@holdpoint/core'
import { actorName } from './actors.ts'
import { memberOf } from './status.ts'
import { clockSeconds, day, type Moment, utc } from './time.ts'
import type { LogEntryView } from './wire.ts'
import { shortLeaf } from './words.ts'

export interface LogRow {
  readonly seq: number
  readonly time: string
  readonly day: string
  readonly utc: string
  readonly stream: string
  readonly type: string
  readonly who: string
  readonly leaf: string
  readonly development: boolean
  /** The entry as JSON text, as it is in the log. */
  readonly json: string
  readonly entry: LogEntryView
}

export function logRow(entry: LogEntryView, when: Moment): LogRow {
  const json = bytesText(entry.data)
  const content = parse(json)
  const at = memberOf(content, 'at')
  const event: unknown = memberOf(content, 'event')
  const time = typeof at === 'number' ? at : 0
  return {
    seq: entry.seq,
    time: clockSeconds(time, when),
    day: day(time, when),
    utc: utc(time),
    stream: textAt(content, 'stream'),
    type: textAt(event, 'type'),
    who: whoText(entry, event),
    leaf: shortLeaf(entry.leafHash),
    development: memberOf(event, 'assurance') === 'development',
    json,
    entry,
  }
}

function whoText(entry: LogEntryView, event: unknown): string {
  const assurance = memberOf(event, 'assurance')
  const name = actorName(entry.actor)
  return typeof assurance === 'string' ? `${name}, ${assurance}` : name
}

function textAt(value: unknown, key: string): string {
  const found = memberOf(value, key)
  return typeof found === 'string' ? found : 'not readable'
}

export interface Share {
  readonly label: string
  readonly amount: number
  readonly proven: boolean
}

export interface RestsOn {
  readonly title: string
  readonly shares: readonly Share[]
}

/** Striped means believed: `development` and `session` decisions, self-reported executions. */
export function restsOn(entries: readonly LogEntryView[]): readonly RestsOn[] {
  const events = entries.map((entry) => memberOf(parse(bytesText(entry.data)), 'event'))
  const decisions = tally(events, (event) => {
    const decided = memberOf(event, 'type') === 'approved' || memberOf(event, 'type') === 'rejected'
    return decided ? textAt(event, 'assurance') : null
  })
  const executions = tally(events, (event) =>
    memberOf(event, 'type') === 'execution_started' ? textAt(event, 'verifiedBy') : null,
  )
  return [
    { title: 'decision', shares: decisions.map((each) => share(each, DECISIONS)) },
    { title: 'execution', shares: executions.map((each) => share(each, EXECUTIONS)) },
  ]
}

type Words = { readonly [kind: string]: readonly [label: string, proven: boolean] }

const DECISIONS: Words = {
  passkey: ['by the person’s own passkey', true],
  'passkey+cli': ['by passkey and terminal', true],
  session: ['on the server’s word', false],
  development: ['in development mode, proven by nobody', false],
}
const EXECUTIONS: Words = {
  managed: ['managed', true],
  attested: ['attested', true],
  self_reported: ['on the runner’s own word', false],
  pipeline: ['on a pipeline’s own word', false],
}

function share([kind, amount]: readonly [string, number], words: Words): Share {
  const [label, proven] = words[kind] ?? [kind, false]
  return { label, amount, proven }
}

function tally(
  events: readonly unknown[],
  kindOf: (event: unknown) => string | null,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const event of events) {
    const kind = kindOf(event)
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts]
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function bytesText(base64: string): string {
  const bytes = decodeBase64(base64)
  return bytes === null ? '' : new TextDecoder().decode(bytes)
}
