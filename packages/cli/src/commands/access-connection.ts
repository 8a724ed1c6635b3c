/** `holdpoint access connection set|list`: a connection, and what its cloud has to demand. */
import type { Client } from '@holdpoint/api/client'
import { CONNECTION_KINDS } from '@holdpoint/core'
import { connectionLines, trustLines } from '../render-grants.ts'
import { connect, take } from './connection.ts'
import { EXIT, fault, usage } from './ended.ts'
import type { Call } from './row.ts'

export async function run(call: Call): Promise<number> {
  const client = connect(call.settings)
  return call.row.path.at(-1) === 'set' ? await set(call, client) : await list(call, client)
}

async function list({ screen }: Call, client: Client): Promise<number> {
  const all = take(await client.call('connections', {}))
  screen.document(all)
  screen.lines(connectionLines(all, screen.ink))
  return EXIT.done
}

async function set(call: Call, client: Client): Promise<number> {
  const { words, flags, screen } = call
  const [workspace = '', typed = ''] = words
  const kind = CONNECTION_KINDS.find((each) => each === typed)
  if (kind === undefined) throw usage(`A kind is one of: ${CONNECTION_KINDS.join(', ')}`)
  const body = {
    type: 'set_connection',
    workspace,
    kind,
    account: needed(call, 'account'),
    apply: needed(call, 'apply'),
    plan: flags.find('plan'),
    audience: flags.find('audience'),
    settings: settingsOf(flags.list('setting')),
  } as const
  take(await client.call('changeAccess', { body }))
  const { connections, issuer } = take(await client.call('connections', {}))
  const row = connections.find((each) => each.workspace.name === workspace && each.kind === kind)
  if (row === undefined) throw fault('The server does not show the connection it made', '')
  screen.document({ ok: true, issuer, ...row })
  screen.lines([
    `Done  access connection set   ${row.id}`,
    'The cloud has to demand, by equality:',
    ...trustLines(row, issuer),
    'Then let it be tried: holdpoint doctor --cloud',
  ])
  return EXIT.done
}

function needed({ flags }: Call, name: string): string {
  const value = flags.find(name)
  if (value === null) throw usage(`A connection needs --${name}`)
  return value
}

function settingsOf(pairs: readonly string[]): { readonly [name: string]: string } {
  const entries = pairs.map((pair): readonly [string, string] => {
    const at = pair.indexOf('=')
    if (at < 1) throw usage(`${JSON.stringify(pair)} is no setting: --setting name=value`)
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
  if (new Set(entries.map(([name]) => name)).size < entries.length)
    throw usage('A setting was given twice')
  return Object.fromEntries(entries)
}
