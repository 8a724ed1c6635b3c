/**
 * The broker: for one phase of one run the only source of the tool's credentials. It opens after the
 * server has said yes and is closed before the next phase begins; what it wrote is then of no use, and
 * gone.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Environment } from '../../io/environment.ts'
import { Fault } from '../../io/fault.ts'
import { removeFolder, writePrivate } from '../../io/files.ts'
import type { BrokerPlace, Connection, Credential, OpenedKind } from './kind.ts'
import { BROKER_KINDS } from './registry.ts'
import { listenOnLoopback } from './server.ts'
import { type Asked, type Purpose, Supply } from './supply.ts'

export interface Broker {
  /** What the tool's environment gets besides. */
  readonly env: Environment
  /** How often a connection was asked for. */
  readonly count: (kind: Connection['kind']) => number
  /** The tool's output without what was handed out to it. */
  readonly hide: (text: string) => string
  /** A credential for the runner itself, in the same phase. */
  readonly credential: (kind: Connection['kind']) => Promise<Credential | null>
  /** From here only what saves the state. */
  readonly endGrant: () => Promise<void>
  /** Answers nothing any more, and leaves nothing behind. */
  readonly close: () => Promise<void>
}

export interface BrokerSources {
  readonly phase: 'plan' | 'apply'
  readonly connections: readonly Connection[]
  /** A folder of this run alone, 0700. */
  readonly folder: string
  /** Argv of our own program, for what asks the broker as a program. */
  readonly program: readonly string[]
  readonly ask: (connection: Connection, purpose: Purpose) => Promise<Asked>
}

export async function openBroker(sources: BrokerSources): Promise<Broker> {
  const bearer = randomBytes(32).toString('base64url')
  const { connections, ask } = sources
  const supplies = new Map(
    connections.map((each) => [each.kind, new Supply((purpose) => ask(each, purpose))]),
  )
  const listening = await listenOnLoopback(bearer, (path) => answerTo(path, supplies))
  const folder = join(sources.folder, sources.phase)
  const opened: OpenedKind[] = []
  const close = async (): Promise<void> => {
    await listening.close()
    for (const each of opened.splice(0)) await each.close()
    await removeFolder(folder)
  }
  try {
    const bearerFile = await writeInto(folder)('bearer', bearer)
    const base = `http://127.0.0.1:${listening.port}`
    for (const connection of connections) {
      const place = placeOf(connection, { sources, folder, bearer, bearerFile, base, supplies })
      opened.push(await BROKER_KINDS[connection.kind].open(place))
    }
  } catch (cause) {
    await close()
    throw cause
  }
  return {
    env: Object.assign({}, ...opened.map(({ env }) => env)),
    count: (kind) => supplies.get(kind)?.count ?? 0,
    credential: async (kind) => (await supplies.get(kind)?.credential()) ?? null,
    hide: (text) =>
      hideAll(text, [bearer, ...[...supplies.values()].flatMap((each) => each.secrets())]),
    endGrant: async () => {
      for (const supply of supplies.values()) supply.endGrant()
      for (const each of opened) await each.endGrant()
    },
    close,
  }
}

function hideAll(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '(credential)'), text)
}

type Supplies = ReadonlyMap<Connection['kind'], Supply>

/** `/aws`, `/aws/process`: the kind, then the form. */
async function answerTo(path: string, supplies: Supplies): Promise<object | null> {
  const [, kind = '', form = ''] = path.split('/')
  const found = [...supplies].find(([each]) => each === kind)
  if (found === undefined) return null
  const credential = await found[1].credential()
  return credential === null ? null : BROKER_KINDS[found[0]].answer(credential, form)
}

interface Around {
  readonly sources: BrokerSources
  readonly folder: string
  readonly bearer: string
  readonly bearerFile: string
  readonly base: string
  readonly supplies: Supplies
}

function placeOf(connection: Connection, around: Around): BrokerPlace {
  const { sources, folder, bearer, bearerFile, base, supplies } = around
  const url = `${base}/${connection.kind}`
  const identity = sources.phase === 'apply' ? connection.apply : (connection.plan ?? '')
  return {
    connection,
    identity,
    url,
    bearer,
    bearerFile,
    write: writeInto(folder),
    asker: (form) => [...sources.program, 'broker-ask', `${url}/${form}`, bearerFile],
    credential: async () => came(connection, await supplies.get(connection.kind)?.credential()),
    renewed: async () => came(connection, await supplies.get(connection.kind)?.renewed()),
  }
}

function came({ kind }: Connection, given: Credential | null | undefined): Credential {
  if (given !== undefined && given !== null) return given
  throw new Fault('server_unreachable', `No credential for ${kind} came`)
}

function writeInto(folder: string) {
  return async (name: string, text: string): Promise<string> => {
    const path = join(folder, name)
    await writePrivate(path, text)
    return path
  }
}
