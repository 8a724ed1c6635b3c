/** Reads what a command was given: a file, or `-` for standard input. Bounded, never truncated. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { roomFor } from '@holdpoint/api/node'
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
  return joined(parts, size)
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const room = roomFor(size)
  let at = 0
  for (const part of parts) {
    room.set(part, at)
    at += part.length
  }
  return room
}

function readFileOnce(name: string): Uint8Array {
  const shown = JSON.stringify(name)
  try {
    const file = openSync(name, 'r')
    try {
      const facts = fstatSync(file)
      if (facts.isDirectory()) throw badInput(`${shown} is a folder; a file is needed`)
      if (facts.size > BYTES_MAX) throw tooLarge(shown)
      const start = readStart(file, facts.size)
      return start.length < facts.size ? start : readOn(file, start, shown)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'Ended') throw cause
    throw badInput(`${shown} cannot be read: ${reasonOf(cause)}`)
  }
}

/** As much as there is said to be, or less. */
function readStart(file: number, size: number): Uint8Array {
  const room = roomFor(size)
  let at = 0
  while (at < size) {
    const count = readSync(file, room, { offset: at })
    if (count === 0) return room.subarray(0, at)
    at += count
  }
  return room
}

const PART_BYTES = 65_536

/** A pipe says nothing of its size, and a file may have grown: then it is read as it comes. */
function readOn(file: number, start: Uint8Array, shown: string): Uint8Array {
  const parts = [start]
  const part = new Uint8Array(PART_BYTES)
  let size = start.length
  for (;;) {
    const count = readSync(file, part)
    if (count === 0) return parts.length === 1 ? start : joined(parts, size)
    size += count
    if (size > BYTES_MAX) throw tooLarge(shown)
    parts.push(part.slice(0, count))
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
