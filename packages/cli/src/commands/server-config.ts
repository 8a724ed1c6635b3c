/** From the flags of `server`, `recover` and `config check` to the server's own configuration. */
import type { Config, ConfigSources } from '@holdpoint/server'
import { Ended, EXIT, usage } from './ended.ts'
import { readInput } from './read-input.ts'
import type { Call, Flags } from './row.ts'

export async function readServerConfig({ flags }: Call): Promise<Config> {
  const { describeConfigProblem, parseConfig } = await import('@holdpoint/server')
  const file = flags.find('config')
  const fileText = file === null ? null : new TextDecoder().decode(await readInput(file))
  const parsed = parseConfig({ flags: serverFlags(flags), env: process.env, fileText })
  if (parsed.ok) return parsed.config
  const count = parsed.problems.length
  throw new Ended(EXIT.usage, {
    code: 'config_invalid',
    title: `The configuration has ${count === 1 ? 'a problem' : `${count} problems`}`,
    detail: parsed.problems.map(describeConfigProblem).join('\n'),
    remedy: 'docs/reference/config.md lists every key.',
  })
}

/** Our short names to the configuration's own. */
function serverFlags(flags: Flags): ConfigSources['flags'] {
  const names = { mode: 'mode', data: 'data-dir', 'public-url': 'public-url' } as const
  const found: [string, string][] = []
  for (const [ours, theirs] of Object.entries(names)) {
    const text = flags.find(ours)
    if (text !== null) found.push([theirs, text])
  }
  const database = flags.find('database-url')
  if (database !== null) found.push(['database-url', databaseReference(database)])
  const listen = flags.find('listen')
  if (listen !== null) found.push(...listenFlags(listen))
  return Object.fromEntries(found)
}

/** A connection string on the command line would be seen by everybody on the machine. */
function databaseReference(text: string): string {
  if (/^(file|env):/.test(text)) return text
  throw usage('--database-url takes file:<path> or env:<NAME>, never the connection string itself')
}

/** `host:port`, `[::1]:port`, or a port alone. */
function listenFlags(text: string): readonly [string, string][] {
  const match = /^(?:(?:\[([0-9a-f:]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(text)
  if (match === null) throw usage('--listen takes <host>:<port>, like 127.0.0.1:7480')
  const host = match[1] ?? match[2]
  const port: [string, string] = ['listen-port', match[3] ?? '']
  return host === undefined ? [port] : [['listen-host', host], port]
}
