/**
 * Credentials for AWS, asked for whenever a client needs them. Planning and executing have a
 * provider each, so that what plans can never execute with the other's.
 */
import type { Environment } from '../../io/environment.ts'
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

const NO_KEYS =
  'There are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; profiles and ' +
  'shared credential files are not read'
