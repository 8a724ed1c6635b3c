/** A token in a file, written anew before it expires, for whatever else trusts this issuer. */
import {
  type BrokerKind,
  type BrokerPlace,
  type Credential,
  closesNothing,
  type OpenedKind,
} from './kind.ts'

/** Of the life of a token, after which the next one is written. */
const RENEW_MS = 3 * 60_000

export const oidc: BrokerKind = {
  kind: 'oidc',
  open: (place) => openRenewing(place, RENEW_MS),
  answer: () => null,
}

export async function openRenewing(place: BrokerPlace, everyMs: number): Promise<OpenedKind> {
  const { connection, write, credential } = place
  let isOver = false
  let writing: Promise<unknown> = Promise.resolve()
  const keep = async (token: string): Promise<void> => {
    // One that was asked for before the end may come after it: then nothing of it is kept.
    if (isOver) return
    writing = write('oidc-token', token).catch(closesNothing)
    await writing
  }
  const textOf = (given: Credential): string => (given.form === 'token' ? given.token : '')
  const path = await write('oidc-token', textOf(await credential()))
  const timer = setInterval(() => {
    // A grant that is over gives no token: what lies there is taken away.
    credential().then(
      (given) => keep(textOf(given)),
      () => keep(''),
    )
  }, everyMs)
  timer.unref()
  const takeAway = async (): Promise<void> => {
    isOver = true
    clearInterval(timer)
    await writing
    await write('oidc-token', '').catch(closesNothing)
  }
  return {
    env: { [connection.settings['variable'] ?? '']: path },
    endGrant: takeAway,
    close: takeAway,
  }
}
