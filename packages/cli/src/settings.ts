/**
 * Where the server is, who asks and for which workspace: flags before environment before defaults.
 * The token is read here and nowhere else, and leaves only as a header; it never becomes text that
 * could be printed.
 */
import { readFileSync } from 'node:fs'
import { badInput, usage } from './commands/ended.ts'
import type { Flags } from './commands/row.ts'
import { readTerminalToken } from './terminal-token.ts'

export const SERVER_DEFAULT = 'http://127.0.0.1:7480'

export interface Settings {
  /** Without a trailing slash. */
  readonly server: string
  readonly workspace: string | null
  /** Named by flag, not by environment: for commands where silence means "everywhere". */
  readonly workspaceNamed: string | null
  /** Headers that say who asks. Throws `Ended` when what was given cannot be used. */
  readonly identify: () => { readonly [header: string]: string }
  /** Only to hide it in a tool's output; `null` where none was given. */
  readonly secret: () => string | null
}

export type Environment = { readonly [name: string]: string | undefined }

export function readSettings(flags: Flags, environment: Environment): Settings {
  const named = flags.list('workspace')[0] ?? null
  const server = readServer(flags.find('server') ?? given(environment['HOLDPOINT_SERVER']))
  const identify = () => readIdentity(flags, environment, server)
  return {
    server,
    workspace: named ?? given(environment['HOLDPOINT_WORKSPACE']),
    workspaceNamed: named,
    identify,
    secret: () => identify()['authorization']?.slice('Bearer '.length) ?? null,
  }
}

/** As the same terminal with a token that it just got. */
export function settingsWithToken(settings: Settings, token: string): Settings {
  const identify = () => ({ authorization: `Bearer ${token}` })
  return { ...settings, identify, secret: () => token }
}

/** An empty variable is one that was not set. */
function given(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text
}

function readServer(text: string | null): string {
  if (text === null) return SERVER_DEFAULT
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usage('The server must be an address like https://holdpoint.example')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw usage('The server’s address must be without name, password, query or fragment')
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function readIdentity(
  flags: Flags,
  environment: Environment,
  server: string,
): { readonly [header: string]: string } {
  const person = flags.find('as')
  const file = flags.find('token-file')
  if (person !== null && file !== null) throw usage('Give either --as or --token-file')
  // A name on the command line is meant for this call; a token in the environment is older.
  if (person !== null) return { 'holdpoint-as': checkHandle(person) }
  const token = file === null ? given(environment['HOLDPOINT_TOKEN']) : readTokenFile(file)
  if (token !== null)
    return { authorization: `Bearer ${checkToken(token, file ?? 'HOLDPOINT_TOKEN')}` }
  const kept = readTerminalToken(server, environment)
  if (kept === null) return {}
  return { authorization: `Bearer ${checkToken(kept, 'the file of holdpoint login')}` }
}

function checkHandle(person: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/.test(person)) return person
  throw usage('--as needs a person’s name as access knows it, such as ines')
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw badInput(`The token file ${JSON.stringify(file)} cannot be read (${reasonOf(cause)})`)
  }
}

/** Never quotes the token: a wrong file might hold another secret. */
function checkToken(token: string, source: string): string {
  if (/^hpt_[A-Za-z0-9_-]{20,100}$/.test(token)) return token
  throw badInput(`What ${source} holds is not a token; one begins with hpt_`)
}

function reasonOf(cause: unknown): string {
  const code: unknown =
    typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : ''
  return typeof code === 'string' && code !== '' ? code : 'unknown reason'
}
