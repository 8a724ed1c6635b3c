/**
 * What a tool starts to get a credential where its SDK asks a program and not an address: it asks the
 * broker of the run it belongs to, and prints the answer. Without that broker it has nothing to give.
 */
import { readFile } from 'node:fs/promises'

const WITHIN_MS = 30_000
const FAILED = 1

/** `holdpoint broker-ask <url> <file with the bearer>`; started by tools, never typed. */
export async function askBroker([url = '', bearerFile = '']: readonly string[]): Promise<number> {
  try {
    const { hostname, protocol } = new URL(url)
    if (protocol !== 'http:' || hostname !== '127.0.0.1') return FAILED
    const authorization = (await readFile(bearerFile, 'utf8')).trim()
    const signal = AbortSignal.timeout(WITHIN_MS)
    const response = await fetch(url, { headers: { authorization }, redirect: 'error', signal })
    if (!response.ok) return failed(`The broker answers ${response.status}`)
    process.stdout.write(`${await response.text()}\n`)
    return 0
  } catch {
    return failed('The broker of this run is closed')
  }
}

function failed(sentence: string): number {
  process.stderr.write(`holdpoint: ${sentence}\n`)
  return FAILED
}
