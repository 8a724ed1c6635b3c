/**
 * A credential in a file, for tools that can ask nobody: written anew at half the life of what it
 * holds, each time after asking the server, and empty as soon as there is nothing more to be had.
 */
import { now } from '../../io/clock.ts'
import { type BrokerPlace, type Credential, closesNothing, type OpenedKind } from './kind.ts'

const RENEW_PART = 0.5
const RENEW_MS_MIN = 1_000

export interface KeptFile extends Omit<OpenedKind, 'env'> {
  readonly path: string
}

export async function keepFile(
  place: BrokerPlace,
  name: string,
  textOf: (credential: Credential) => string,
): Promise<KeptFile> {
  let timer: NodeJS.Timeout | null = null
  let isOver = false
  let writing: Promise<unknown> = Promise.resolve()
  const write = (text: string): Promise<unknown> => {
    writing = place.write(name, text).catch(closesNothing)
    return writing
  }
  const wait = ({ expiresAt }: Credential): void => {
    const waitMs = Math.max((expiresAt - now()) * RENEW_PART, RENEW_MS_MIN)
    timer = setTimeout(() => void renew(), waitMs).unref()
  }
  const renew = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer)
    const given = await place.renewed().catch(() => null)
    // One that was asked for before the end may come after it: then nothing of it is kept.
    if (isOver) return
    if (given !== null) wait(given)
    await write(given === null ? '' : textOf(given))
  }
  const first = await place.credential()
  const path = await place.write(name, textOf(first))
  wait(first)
  return {
    path,
    endGrant: async () => {
      await write('')
      // What saves the state may still be had.
      await renew()
    },
    close: async () => {
      isOver = true
      if (timer !== null) clearTimeout(timer)
      await writing
      await write('')
    },
  }
}
