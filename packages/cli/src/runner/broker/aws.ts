/**
 * AWS: the container-credentials endpoint, which every SDK renews by itself, and a profile
 * `holdpoint` that asks the same by `credential_process`. For tools that know neither, and only where
 * the connection says so, a profile in the shared credentials file. Session keys only; a token for
 * AWS never leaves the server.
 *
 * Source: AWS SDKs and Tools Reference Guide, container credential provider, process credential
 * provider, shared config and credentials files.
 */
import { type KeptFile, keepFile } from './kept-file.ts'
import {
  type BrokerKind,
  type BrokerPlace,
  type Credential,
  closesNothing,
  type OpenedKind,
} from './kind.ts'

/** The one profile that is ours; see core's own-credentials. */
export const OWN_PROFILE = 'holdpoint'

export const aws: BrokerKind = {
  kind: 'aws',
  open,
  answer: (credential, form) => {
    if (credential.form !== 'aws_session') return null
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credential
    const keys = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey }
    const Expiration = new Date(expiresAt).toISOString()
    if (form === 'process') return { Version: 1, ...keys, SessionToken: sessionToken, Expiration }
    return form === '' ? { ...keys, Token: sessionToken, Expiration } : null
  },
}

async function open(place: BrokerPlace): Promise<OpenedKind> {
  const { url, bearerFile, write, asker } = place
  const command = asker('process').map(quoted).join(' ')
  const config = await write(
    'aws-config',
    `[profile ${OWN_PROFILE}]\ncredential_process = ${command}\n`,
  )
  const { path, endGrant, close } = await credentialsFile(place)
  const env = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: bearerFile,
    AWS_SHARED_CREDENTIALS_FILE: path,
    AWS_CONFIG_FILE: config,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  return { env, endGrant, close }
}

const CREDENTIALS_FILE = 'aws-credentials'

/** Empty, unless the connection names a profile whose keys it is to hold. */
async function credentialsFile(place: BrokerPlace): Promise<KeptFile> {
  const profile = place.connection.settings['file']
  if (profile !== undefined)
    return keepFile(place, CREDENTIALS_FILE, (given) => profileText(profile, given))
  const path = await place.write(CREDENTIALS_FILE, '')
  return { path, endGrant: closesNothing, close: closesNothing }
}

function profileText(profile: string, given: Credential): string {
  if (given.form !== 'aws_session') return ''
  return [
    `[${profile}]`,
    `aws_access_key_id = ${given.accessKeyId}`,
    `aws_secret_access_key = ${given.secretAccessKey}`,
    `aws_session_token = ${given.sessionToken}`,
    '',
  ].join('\n')
}

/** As the SDKs split a command: by spaces, with double quotes around what holds one. */
function quoted(word: string): string {
  return /[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word
}
