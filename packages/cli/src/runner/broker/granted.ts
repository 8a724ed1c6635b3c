/**
 * The credentials of one run: where its workspace has connections, the folder, the environment and the
 * brokers, one for planning and another for applying. `null` where it has none: then the tool uses
 * what it finds, as SECURITY.md says.
 */
import type { Client } from '@holdpoint/api/client'
import type { ChangeId } from '@holdpoint/core'
import type { Environment } from '../../io/environment.ts'
import { reach, type ServerCalls } from '../server-calls.ts'
import { countingAsks } from './asks.ts'
import { type Broker, openBroker } from './broker.ts'
import type { Connection, Credential } from './kind.ts'
import { isolation, makeRunFolder } from './run-folder.ts'
import { standingFiles } from './standing.ts'
import type { Purpose } from './supply.ts'

export interface Granted {
  readonly connections: readonly Connection[]
  /** Laid over what may pass; holds no secret. */
  readonly env: Environment
  /** Standing credentials in files, which are not used. */
  readonly standing: readonly string[]
  readonly openForPlan: () => Promise<Broker>
  readonly openForApply: (calls: ServerCalls) => Promise<Broker>
  readonly close: () => Promise<void>
}

export interface GrantedSources {
  readonly client: Client
  readonly change: ChangeId
  readonly connections: readonly Connection[]
  readonly found: Environment
  readonly program: readonly string[]
}

export async function openGranted(sources: GrantedSources): Promise<Granted | null> {
  const { connections, found, program } = sources
  if (connections.length === 0) return null
  const folder = await makeRunFolder()
  const around = { folder: folder.path, program }
  return {
    connections,
    env: { ...(await isolation(folder.path, found)), ...accounts(connections) },
    standing: standingFiles(found),
    openForPlan: () =>
      openBroker({
        ...around,
        phase: 'plan',
        // Without an identity for planning there is none to be had.
        connections: connections.filter(({ plan }) => plan !== null),
        ask: (connection, purpose) => askForPlan(connection, purpose, sources),
      }),
    openForApply: (calls) =>
      openBroker({
        ...around,
        phase: 'apply',
        connections,
        ask: countingAsks(calls),
      }),
    close: folder.close,
  }
}

async function askForPlan(
  connection: Connection,
  purpose: Purpose,
  { client, change }: GrantedSources,
): Promise<Credential | null> {
  if (purpose !== 'apply') return null
  const asked = { params: { change }, body: { connection: connection.id } }
  const answer = await reach(client.call('planCredentials', asked))
  return answer.ok ? answer.value : null
}

/** Where a plan acts is no secret, and the same before and after the broker is there. */
function accounts(connections: readonly Connection[]): Environment {
  const pairs = connections.flatMap(({ kind, account }): readonly (readonly [string, string])[] =>
    ACCOUNT_VARIABLES.filter(([each]) => each === kind).map(([, name]) => [name, account]),
  )
  return Object.fromEntries(pairs)
}

const ACCOUNT_VARIABLES: readonly (readonly [Connection['kind'], string])[] = [
  ['google', 'GOOGLE_PROJECT'],
  ['azure', 'ARM_SUBSCRIPTION_ID'],
  ['vault', 'VAULT_ADDR'],
]

/** The account that a provider acts in, where its credentials are ours. */
export function grantedAccount(granted: Granted | null, kind: Connection['kind']): string | null {
  return granted?.connections.find((each) => each.kind === kind)?.account ?? null
}
