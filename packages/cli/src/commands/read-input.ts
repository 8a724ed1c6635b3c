/** Reads what a command was given: a file, or `-` for standard input. Bounded, never truncated. */
import { open } from 'node:fs/promises'
import { badInput } from './ended.ts'

/** DESIGN §9: plans up to 512 MiB. One byte more, so that "too large" can be told apart. */
const BYTES_MAX = 512 * 1024 * 1024

export async function readInput(name: string): Promise<Uint8Array> {
  return name === '-' ? readStandardInput() : readFileOnce(name)
}

async function readStandardInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw badInput('Nothing comes from standard input; give a file')
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of process.stdin) {
    if (!(part instanceof Uint8Array)) continue
    size += part.length
    if (size > BYTES_MAX) throw tooLarge('Standard input')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function readFileOnce(name: string): Promise<Uint8Array> {
  const shown = JSON.stringify(name)
  try {
    const file = await open(name, 'r')
    try {
      const facts = await file.stat()
      if (facts.isDirectory()) throw badInput(`${shown} is a folder; a file is needed`)
      if (facts.size > BYTES_MAX) throw tooLarge(shown)
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'Ended') throw cause
    throw badInput(`${shown} cannot be read: ${reasonOf(cause)}`)
  }
}

function tooLarge(what: string): Error {
  return badInput(`${what} is larger than 512 MiB, which is the most that is read`)
}

function reasonOf(cause: unknown): string {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'you may not read it'
  return typeof code === 'string' ? code : 'unknown reason'
}
