/**
 * Credentials for AWS, asked for whenever a client needs them. Planning and executing have a
 * provider each, so that what plans can never execute with the other's.
 */
import { now } from '../../io/clock.ts'
import type { Environment } from '../../io/environment.ts'
import type { Broker } from '../broker/broker.ts'
import type { Granted } from '../broker/granted.ts'
import type { Credential } from '../broker/kind.ts'
import { JobRefused } from '../tool.ts'

export interface AwsKeySet {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | null
}

export type AwsKeys = () => Promise<AwsKeySet>

/** Standing keys, as this version finds them: nothing narrows them to the change. */
export function environmentKeys(readEnvironment: () => Environment): AwsKeys {
  return async () => {
    const found = readEnvironment()
    const accessKeyId = found['AWS_ACCESS_KEY_ID'] ?? ''
    const secretAccessKey = found['AWS_SECRET_ACCESS_KEY'] ?? ''
    const sessionToken = found['AWS_SESSION_TOKEN'] ?? ''
    if (accessKeyId === '' || secretAccessKey === '') throw new JobRefused(NO_KEYS)
    return { accessKeyId, secretAccessKey, sessionToken: sessionToken === '' ? null : sessionToken }
  }
}

/**
 * Keys of the grant, where the workspace has a connection to AWS; standing ones only where the run has
 * no broker at all.
 */
export function grantedKeys(broker: Pick<Broker, 'credential'> | null, standing: AwsKeys): AwsKeys {
  if (broker === null) return standing
  return async () => {
    const given = await broker.credential('aws')
    if (given?.form !== 'aws_session') throw new JobRefused(NOT_GRANTED)
    return given
  }
}

/** Short of this the last ones are not used any more. */
const FRESH_MS = 60_000

/**
 * Read-only keys of the connection, asked for when they are needed: to make and describe the set, and
 * to describe it again right before the start, which may be hours later. No child has them.
 */
export function plannedKeys(
  granted: Pick<Granted, 'openForPlan'> | null,
  standing: AwsKeys,
): AwsKeys {
  if (granted === null) return standing
  let kept: Extract<Credential, { form: 'aws_session' }> | null = null
  return async () => {
    if (kept !== null && kept.expiresAt - now() > FRESH_MS) return kept
    const broker = await granted.openForPlan()
    try {
      const given = await broker.credential('aws')
      if (given?.form !== 'aws_session') throw new JobRefused(NOT_FOR_PLANNING)
      kept = given
      return given
    } finally {
      await broker.close()
    }
  }
}

const NOT_FOR_PLANNING =
  'The workspace has connections, and none of them gives a credential for planning in AWS; an admin ' +
  'names an identity for it with holdpoint access connection set … --plan'

const NOT_GRANTED =
  'The grant gives no credential for AWS: the workspace has connections, and none of them is to AWS'

const NO_KEYS =
  'There are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; profiles and ' +
  'shared credential files are not read'
