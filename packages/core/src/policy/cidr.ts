/**
 * Address ranges (RFC 4632, RFC 4291) for `cidrContains`. What is no range is an error and never
 * "not contained": a rule about open networks must not be false because of a spelling.
 */
import { CannotEvaluate } from './error.ts'

interface Range {
  readonly family: 4 | 6
  readonly first: bigint
  readonly prefix: number
}

/** Whether every address of `inner` lies in `outer`. Ranges of different families never do. */
export function cidrContains(outer: string, inner: string): boolean {
  const wide = readRange(outer)
  const narrow = readRange(inner)
  if (wide === null || narrow === null)
    throw new CannotEvaluate('reads a text as an address range that is none')
  if (wide.family !== narrow.family || wide.prefix > narrow.prefix) return false
  const shift = BigInt((wide.family === 4 ? 32 : 128) - wide.prefix)
  return wide.first >> shift === narrow.first >> shift
}

function readRange(text: string): Range | null {
  const [address = '', length, ...rest] = text.split('/')
  if (rest.length > 0) return null
  const family = address.includes(':') ? 6 : 4
  const first = family === 6 ? readSix(address) : readFour(address)
  const bits = family === 6 ? 128 : 32
  if (first === null) return null
  if (length === undefined) return { family, first, prefix: bits }
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : bits + 1
  return prefix > bits ? null : { family, first, prefix }
}

function readFour(address: string): bigint | null {
  const parts = address.split('.')
  // A leading zero means octal to some readers and decimal to others.
  const valid = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))
  if (!valid || parts.some((part) => Number(part) > 255)) return null
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function readSix(address: string): bigint | null {
  const halves = address.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map(readGroups)
  if (head === undefined || head === null || tail === null) return null
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])]
  return groups.reduce((sum, group) => sum * 65_536n + group, 0n)
}

function readGroups(text: string): readonly bigint[] | null {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [at, part] of parts.entries()) {
    const four = at === parts.length - 1 && part.includes('.') ? readFour(part) : null
    if (four !== null) groups.push(four >> 16n, four & 0xffffn)
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`))
    else return null
  }
  return groups
}
