/** What is told of one element of a list, in the words that core's json-outline.ts reads. */
import { byteAt } from './bytes.ts'

/** The names of the members, in their order, each as its length and its bytes. */
export const NAMES: i32 = 0x1a000
const NAME_BYTES: i32 = 20
const COUNT: i32 = 16
/** The last that is the element's own: the others are its members. */
const CHANGE: i32 = 8
export const NO_MEMBER: i32 = -1

const ODD: i32 = 8
const CAUGHT: i32 = 12
const PLACES: i32 = 16
export const ELEMENT_BYTES: i32 = PLACES + 8 * COUNT

export function isChange(member: i32): bool {
  return member === CHANGE
}

export function memberOfElement(start: i32, end: i32): i32 {
  const member = memberNamed(start, end)
  return member <= CHANGE ? member : NO_MEMBER
}

export function memberOfChange(start: i32, end: i32): i32 {
  const member = memberNamed(start, end)
  return member > CHANGE ? member : NO_MEMBER
}

function memberNamed(start: i32, end: i32): i32 {
  const length = end - start
  for (let member = 0; member < COUNT; member += 1) {
    const name = NAMES + member * NAME_BYTES
    if (load<i32>(name) === length && isSame(start, name + 4, length)) return member
  }
  return NO_MEMBER
}

function isSame(one: i32, other: i32, length: i32): bool {
  for (let offset = 0; offset < length; offset += 1) {
    if (byteAt(one + offset) !== byteAt(other + offset)) return false
  }
  return true
}

/** `at` is where the element is told, in all of these. */
export function tellStart(at: i32, member: i32, start: i32): void {
  store<i32>(at + PLACES + 8 * member, start)
}

export function tellEnd(at: i32, member: i32, end: i32): void {
  store<i32>(at + PLACES + 8 * member, end, 4)
}

export function tellOdd(at: i32, member: i32): void {
  store<i32>(at, load<i32>(at, ODD) | (1 << member), ODD)
}

export function tellCaught(at: i32, member: i32): void {
  store<i32>(at, load<i32>(at, CAUGHT) | (1 << member), CAUGHT)
}

/** There is a member that has no place. */
export function tellBesides(at: i32): void {
  tellOdd(at, COUNT)
}
