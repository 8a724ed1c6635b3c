/**
 * Kubernetes: a kubeconfig whose user is an exec plugin that asks the broker, so that a token is
 * fetched anew whenever the last one has expired.
 *
 * Source: Kubernetes, client-go credential plugins (client.authentication.k8s.io/v1).
 */
import { type BrokerKind, type BrokerPlace, closesNothing, type OpenedKind } from './kind.ts'

const API_VERSION = 'client.authentication.k8s.io/v1'

export const kubernetes: BrokerKind = {
  kind: 'kubernetes',
  open,
  answer: (credential, form) => {
    if (credential.form !== 'token' || form !== 'exec') return null
    const { token, expiresAt } = credential
    const expirationTimestamp = new Date(expiresAt).toISOString()
    return {
      kind: 'ExecCredential',
      apiVersion: API_VERSION,
      status: { token, expirationTimestamp },
    }
  },
}

async function open({ connection, asker, write }: BrokerPlace): Promise<OpenedKind> {
  const [command = '', ...args] = asker('exec')
  const { ca } = connection.settings
  const authority =
    ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }
  const name = 'holdpoint'
  // JSON is YAML.
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: connection.account, ...authority } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [
      {
        name,
        user: { exec: { apiVersion: API_VERSION, command, args, interactiveMode: 'Never' } },
      },
    ],
  }
  const path = await write('kubeconfig', JSON.stringify(config))
  return {
    env: { KUBECONFIG: path, KUBE_CONFIG_PATH: path },
    endGrant: closesNothing,
    close: closesNothing,
  }
}
