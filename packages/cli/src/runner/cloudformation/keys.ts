/**
 * Credentials for AWS, asked for whenever a client needs them. Planning and executing have a
 * provider each, so that what plans can never execute with the other's.
 */
import type { Environment } from '../../io/environment.ts'
import type { Broker } from '../broker/broker.ts'
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

const NOT_GRANTED =
  'The grant gives no credential for AWS: the workspace has connections, and none of them is to AWS'

const NO_KEYS =
  'There are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; profiles and ' +
  'shared credential files are not read'
