/**
 * Azure: the request form that the provider knows from pipelines. It asks for a token for every access
 * token it needs, so a revoked grant is felt at the next one.
 *
 * Source: azurerm provider, authenticating with OpenID Connect.
 */
import { type BrokerKind, closesNothing } from './kind.ts'

export const azure: BrokerKind = {
  kind: 'azure',
  open: async ({ connection, identity, url, bearer }) => ({
    env: {
      ARM_USE_OIDC: 'true',
      ARM_USE_CLI: 'false',
      ARM_USE_MSI: 'false',
      ARM_OIDC_REQUEST_URL: url,
      ARM_OIDC_REQUEST_TOKEN: bearer,
      ARM_CLIENT_ID: identity,
      ARM_TENANT_ID: connection.settings['tenant'] ?? '',
      ARM_SUBSCRIPTION_ID: connection.account,
    },
    endGrant: closesNothing,
    close: closesNothing,
  }),
  answer: (credential, form) =>
    credential.form === 'token' && form === '' ? { count: 1, value: credential.token } : null,
}
