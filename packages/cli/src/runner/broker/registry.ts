/** Every kind of connection that a runner can hand to a tool, one line each. */
import { aws } from './aws.ts'
import { azure } from './azure.ts'
import { google } from './google.ts'
import type { BrokerKind, Connection } from './kind.ts'
import { kubernetes } from './kubernetes.ts'
import { oidc } from './oidc.ts'
import { vault } from './vault.ts'

export const BROKER_KINDS: { readonly [K in Connection['kind']]: BrokerKind } = {
  aws,
  google,
  azure,
  kubernetes,
  vault,
  oidc,
}
