/** The sieve of core's secret-sieve.ts, whose two tables are put into this memory. */
import { byteAt } from './bytes.ts'

/** Of every byte its class. */
export const CLASSES: i32 = 0x100
/** Of three classes in a row what they stand in. */
export const SIEVE: i32 = 0x400

const IN_TEXT: i32 = 1
const IN_KEY: i32 = 2
const AT_END_OF_NAME: i32 = 4
const TEXT_BYTES_MIN: i32 = 6
const RANDOM_BYTES_MIN: i32 = 32

export function catchesText(start: i32, end: i32): bool {
  const length = end - start
  if (length < TEXT_BYTES_MIN) return false
  // "arn:"
  if (length >= RANDOM_BYTES_MIN && load<u32>(start) !== 0x3a6e7261) return true
  return hasOneOf(IN_TEXT, start, end)
}

/** Of an address or a name, in which nothing is hidden for looking random. */
export function catchesShape(start: i32, end: i32): bool {
  return hasOneOf(IN_TEXT, start, end)
}

export function catchesKey(start: i32, end: i32): bool {
  return end - start >= TEXT_BYTES_MIN && hasOneOf(IN_KEY, start, end)
}

function hasOneOf(kind: i32, start: i32, end: i32): bool {
  let place = 0
  for (let at = start; at < end; at += 1) {
    place = ((place << 5) | <i32>load<u8>(CLASSES + byteAt(at))) & 0x7fff
    if ((<i32>load<u8>(SIEVE + place) & kind) !== 0) return true
  }
  return false
}

export function catchesName(end: i32): bool {
  const one = <i32>load<u8>(CLASSES + byteAt(end - 3))
  const two = <i32>load<u8>(CLASSES + byteAt(end - 2))
  const three = <i32>load<u8>(CLASSES + byteAt(end - 1))
  return (<i32>load<u8>(SIEVE + ((one << 10) | (two << 5) | three)) & AT_END_OF_NAME) !== 0
}
