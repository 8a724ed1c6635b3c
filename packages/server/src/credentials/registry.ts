/** Every kind of connection, one line each. */
import type { ConnectionKind } from '@holdpoint/core'
import { aws } from './aws.ts'
import { azure } from './azure.ts'
import { google } from './google.ts'
import { kubernetes } from './kubernetes.ts'
import { oidc } from './oidc.ts'
import type { CredentialProvider } from './provider.ts'
import { vault } from './vault.ts'

export const PROVIDERS: { readonly [K in ConnectionKind]: CredentialProvider } = {
  aws,
  google,
  azure,
  kubernetes,
  vault,
  oidc,
}
