/** `holdpoint access …`: people's words to one access command of the wire, and its answer back. */
import type { Ask, Client } from '@holdpoint/api/client'
import { parseConnectionId, parseTokenId, ROLES, VERBS } from '@holdpoint/core'
import { renderAccess } from '../render-access.ts'
import { connect, take } from './connection.ts'
import { badInput, EXIT, usage } from './ended.ts'
import { readLabels } from './evaluate.ts'
import { readInput } from './read-input.ts'
import type { Call } from './row.ts'

type AccessCommand = Ask<'changeAccess'>['body']

export async function run(call: Call): Promise<number> {
  const name = call.row.path.slice(1).join(' ')
  const client = connect(call.settings)
  if (name === 'list') return await list(call, client)
  const make = COMMANDS[name]
  if (make === undefined) throw usage(`access ${name} is in no table`)
  const results: { readonly id: string | null; readonly secret: string | null }[] = []
  for (const body of await make(call, client)) {
    results.push(take(await client.call('changeAccess', { body })))
  }
  const last = results.at(-1) ?? { id: null, secret: null }
  call.screen.document({ ok: true, ...last })
  call.screen.lines(doneLines(name, last))
  return EXIT.done
}

async function list({ screen }: Call, client: Client): Promise<number> {
  const access = take(await client.call('access', {}))
  screen.document(access)
  screen.lines(renderAccess(access, { ink: screen.ink, now: Date.now() }))
  return EXIT.done
}

function doneLines(
  name: string,
  done: { readonly id: string | null; readonly secret: string | null },
): readonly string[] {
  const id = done.id === null ? '' : `   ${done.id}`
  const line = `Done  access ${name}${id}`
  if (done.secret === null) return [line]
  return [line, 'Its secret is shown once; keep it where programs read secrets:', done.secret]
}

type Make = (
  call: Call,
  client: Client,
) => Promise<readonly AccessCommand[]> | readonly AccessCommand[]

const COMMANDS: { readonly [name: string]: Make } = {
  'person add': ({ words: [handle = ''], flags }) => [
    {
      type: 'add_person',
      handle,
      name: flags.find('name') ?? handle,
      addresses: flags.list('address'),
    },
  ],
  'person remove': ({ words: [person = ''] }) => [{ type: 'remove_person', person }],
  'person break-glass': ({ words: [person = '', word = ''] }) => [
    { type: isOn(word) ? 'grant_break_glass' : 'revoke_break_glass', person },
  ],
  'person link': ({ words: [person = '', subject = ''], flags }) => [
    { type: 'link_identity', person, subject, issuer: issuerOf(flags.find('issuer')) },
  ],
  'person account': ({ words: [person = '', id = '', word = ''], flags }) => {
    const type = isOn(word) ? 'link_account' : 'unlink_account'
    return [{ type, person, id, issuer: issuerOf(flags.find('issuer')) }]
  },
  'team add': ({ words: [team = '', ...people] }) =>
    people.map((person) => ({ type: 'add_member', team, person })),
  'team remove': ({ words: [team = '', ...people] }) =>
    people.map((person) => ({ type: 'remove_member', team, person })),
  'team link': ({ words: [team = '', group = ''], flags }) => [
    { type: 'link_team', team, group, issuer: issuerOf(flags.find('issuer')) },
  ],
  'team unlink': ({ words: [team = ''] }) => [{ type: 'unlink_team', team }],
  'role grant': (call) => [{ type: 'grant_role', ...roleOf(call) }],
  'role revoke': (call) => [{ type: 'revoke_role', ...roleOf(call) }],
  'workspace create': ({ words: [name = ''] }) => [{ type: 'create_workspace', name }],
  'workspace label': ({ words: [workspace = '', ...pairs] }) => [
    { type: 'set_labels', workspace, labels: readLabels(pairs) },
  ],
  'workspace owners': ({ words: [workspace = '', ...owners] }) => [
    { type: 'set_owners', workspace, owners },
  ],
  'workspace pin': async (call) => [
    { type: 'pin_target', workspace: call.words[0] ?? '', pin: await readPin(call) },
  ],
  'workspace lineage': ({ words: [workspace = '', lineage] }) => [
    { type: 'pin_lineage', workspace, lineage: lineage ?? null },
  ],
  'token issue': ({ words: [name = ''], flags }) => [
    {
      type: 'issue_token',
      name,
      verbs: verbsOf(flags.list('verb')),
      workspaces: flags.has('workspace') ? flags.list('workspace') : null,
      expiresInDays: daysOf(flags.find('days')),
    },
  ],
  'connection remove': ({ words: [typed = ''] }) => [
    { type: 'remove_connection', connection: connectionOf(typed) },
  ],
  'token revoke': async ({ words: [token = ''] }, client) => [
    { type: 'revoke_token', token: await findToken(client, token) },
  ],
}

function connectionOf(typed: string) {
  const id = parseConnectionId(typed)
  if (id === null) throw usage('Give the id of a connection; holdpoint access connection list')
  return id
}

function issuerOf(typed: string | null): string {
  if (typed === null) throw usage('Say whose word it is: --issuer <url>, as in oidc.issuer')
  return typed
}

function isOn(word: string): boolean {
  if (word !== 'on' && word !== 'off') throw usage('Say on or off')
  return word === 'on'
}

type RoleCommand = Extract<AccessCommand, { type: 'grant_role' | 'revoke_role' }>

function roleOf({ words: [person = '', typed = ''], settings }: Call): Omit<RoleCommand, 'type'> {
  const role = ROLES.find((each) => each === typed)
  if (role === undefined) throw usage(`A role is one of: ${ROLES.join(', ')}`)
  return { person, role, workspace: settings.workspaceNamed }
}

function verbsOf(typed: readonly string[]): (typeof VERBS)[number][] {
  if (typed.length === 0) throw usage(`Say what the token may do: --verb ${VERBS.join('|')}`)
  return typed.map((word) => {
    const verb = VERBS.find((each) => each === word)
    if (verb === undefined) throw usage(`A verb is one of: ${VERBS.join(', ')}`)
    return verb
  })
}

const DAYS_DEFAULT = 90

function daysOf(typed: string | null): number {
  if (typed === null) return DAYS_DEFAULT
  const days = /^\d{1,3}$/.test(typed) ? Number(typed) : 0
  if (days < 1 || days > 366) throw usage('--days is a number from 1 to 366')
  return days
}

async function findToken(client: Client, typed: string) {
  const id = parseTokenId(typed)
  if (id !== null) return id
  const { tokens } = take(await client.call('access', {}))
  const named = tokens.filter((token) => token.name === typed && !token.revoked)
  const [only, second] = named
  if (only === undefined) throw usage('No living token has this name; holdpoint access list')
  if (second !== undefined) throw usage('Several tokens have this name; give the id')
  return only.id
}

type Pin = Extract<AccessCommand, { type: 'pin_target' }>['pin']

async function readPin(call: Call): Promise<Pin> {
  const file = call.flags.find('file')
  if (file === null) throw usage('Give the pin as --file <file>: JSON')
  const bytes = await readInput(file)
  try {
    const document: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (isPin(document)) return document
  } catch {
    throw badInput(`${JSON.stringify(file)} is not JSON`)
  }
  throw badInput(
    `${JSON.stringify(file)} is not a pin: {"backend":{"type":"","settings":{}},` +
      '"toolWorkspace":"default","accounts":[],"regions":[]}',
  )
}

/** The shape only: the server refuses what does not fit, with a sentence. */
function isPin(document: unknown): document is Pin {
  if (typeof document !== 'object' || document === null) return false
  const names = ['backend', 'toolWorkspace', 'accounts', 'regions']
  return names.every((name) => Object.hasOwn(document, name))
}
