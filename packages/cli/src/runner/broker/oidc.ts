/** A token in a file, written anew before it expires, for whatever else trusts this issuer. */
import { keepFile } from './kept-file.ts'
import type { BrokerKind, BrokerPlace, OpenedKind } from './kind.ts'

export const oidc: BrokerKind = {
  kind: 'oidc',
  open,
  answer: () => null,
}

async function open(place: BrokerPlace): Promise<OpenedKind> {
  const { path, close } = await keepFile(place, 'oidc-token', (given) =>
    given.form === 'token' ? given.token : '',
  )
  // No token saves a state, so what lies there is taken away with the grant.
  return { env: { [place.connection.settings['variable'] ?? '']: path }, endGrant: close, close }
}
