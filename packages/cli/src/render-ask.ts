/** One question on the terminal. Ctrl-C and the end of input are no answer, never a yes. */
import { createInterface } from 'node:readline/promises'
import type { Streams } from './render.ts'

export async function askOnTerminal(question: string, streams: Streams): Promise<string | null> {
  if (!streams.input.isTTY || !streams.err.isTTY) return null
  const reader = createInterface({ input: streams.input, output: streams.err })
  const ended = new AbortController()
  reader.on('SIGINT', () => ended.abort())
  reader.on('close', () => ended.abort())
  try {
    return (await reader.question(question, { signal: ended.signal })).trim()
  } catch (error) {
    if (ended.signal.aborted) return null
    throw error
  } finally {
    reader.close()
  }
}
