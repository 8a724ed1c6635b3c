/** From what is configured to schedules that are polled. */
import type { Config, OnCallConfig } from '../config.ts'
import { Fault } from '../io/fault.ts'
import { fetchText } from '../io/fetch.ts'
import { readIfThere } from '../io/files.ts'
import type { Secret } from '../io/secret.ts'
import { readSecret } from '../read-secret.ts'
import { type Polling, type PollSources, type Schedule, startPolling } from './poll.ts'
import { ON_CALL_SOURCES } from './registry.ts'
import type { OnCallSource, SourceIo } from './source.ts'

const IO: SourceIo = { fetchText, readFile }

export async function openOnCall({ onCall }: Config, sources: PollSources): Promise<Polling> {
  const all: Schedule[] = []
  for (const [at, each] of onCall.entries()) {
    const secret = each.token === null ? null : await readSecret(each.token, `onCall.${at}.token`)
    const { schedule: name, people } = each.source
    all.push({ name, people, source: sourceOf(each, secret) })
  }
  const polling = startPolling(all, sources)
  if (all.length > 0) void polling.poll()
  return polling
}

/** The only place that knows which configuration belongs to which kind. */
function sourceOf({ source }: OnCallConfig, secret: Secret | null): OnCallSource {
  switch (source.kind) {
    case 'pagerduty':
      return ON_CALL_SOURCES.pagerduty.create(source, secret, IO)
    case 'opsgenie':
      return ON_CALL_SOURCES.opsgenie.create(source, secret, IO)
    case 'calendar':
      return ON_CALL_SOURCES.calendar.create(source, secret, IO)
  }
}

async function readFile(path: string): Promise<string> {
  const bytes = await readIfThere(path)
  if (bytes === null) throw new Fault('file_failed', `the calendar ${path} is not there`)
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
