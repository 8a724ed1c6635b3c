/** A token in a file, written anew before it expires, for whatever else trusts this issuer. */
import { type BrokerKind, type BrokerPlace, closesNothing, type OpenedKind } from './kind.ts'

/** Of the life of a token, after which the next one is written. */
const RENEW_MS = 3 * 60_000

export const oidc: BrokerKind = {
  kind: 'oidc',
  open,
  answer: () => null,
}

async function open(place: BrokerPlace): Promise<OpenedKind> {
  const { connection, write, credential } = place
  const renew = async (): Promise<string> => {
    const given = await credential()
    return write('oidc-token', given.form === 'token' ? given.token : '')
  }
  const path = await renew()
  const timer = setInterval(() => {
    // A grant that is over gives no token: what lies there is taken away.
    renew().catch(() => write('oidc-token', ''))
  }, RENEW_MS)
  timer.unref()
  const takeAway = async (): Promise<void> => {
    clearInterval(timer)
    await write('oidc-token', '').catch(closesNothing)
  }
  return {
    env: { [connection.settings['variable'] ?? '']: path },
    endGrant: takeAway,
    close: takeAway,
  }
}
