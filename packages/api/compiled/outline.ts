/** What is told of one element of a list, in the words that core's json-outline.ts reads. */
import { NO_WORD, wordThere } from './words.ts'

/** The names of the members, in their order. */
export const NAMES: i32 = 0x1a000
/** The last that is the element's own: the others are its members. */
const CHANGE: i32 = 8
export const COUNT: i32 = 16
export const NO_MEMBER: i32 = NO_WORD

const START: i32 = 0
const END: i32 = 4
const ODD: i32 = 8
const CAUGHT: i32 = 12
const MARKED: i32 = 16
const TOLD: i32 = 20
const PLACES: i32 = 24
export const ELEMENT_BYTES: i32 = PLACES + 8 * COUNT

export function isChange(member: i32): bool {
  return member === CHANGE
}

export function memberOfElement(start: i32, end: i32): i32 {
  const member = wordThere(NAMES, start, end)
  return member <= CHANGE ? member : NO_MEMBER
}

export function memberOfChange(start: i32, end: i32): i32 {
  const member = wordThere(NAMES, start, end)
  return member > CHANGE ? member : NO_MEMBER
}

/** `at` is where the element is told, in all of these; places count from the document's start. */
export function tellElementStart(at: i32, start: i32): void {
  store<i32>(at, start, START)
}

export function tellElementEnd(at: i32, end: i32): void {
  store<i32>(at, end, END)
}

export function tellStart(at: i32, member: i32, start: i32): void {
  store<i32>(at + PLACES + 8 * member, start)
}

export function tellEnd(at: i32, member: i32, end: i32): void {
  store<i32>(at + PLACES + 8 * member, end, 4)
}

/** 0 where there is no such member: the document's own value begins there. */
export function startOf(at: i32, member: i32): i32 {
  return load<i32>(at + PLACES + 8 * member)
}

export function endOf(at: i32, member: i32): i32 {
  return load<i32>(at + PLACES + 8 * member, 4)
}

export function tellOdd(at: i32, member: i32): void {
  store<i32>(at, odds(at) | (1 << member), ODD)
}

export function tellCaught(at: i32, member: i32): void {
  store<i32>(at, caught(at) | (1 << member), CAUGHT)
}

/** It holds a text, a number or `true`. */
export function tellMarked(at: i32, member: i32): void {
  store<i32>(at, marked(at) | (1 << member), MARKED)
}

/** There is a member that has no place. */
export function tellBesides(at: i32): void {
  tellOdd(at, COUNT)
}

/** The change is told by its own text; `told` is the place of its actions, from 1 on. */
export function tellTold(at: i32, told: i32): void {
  store<i32>(at, told, TOLD)
}

export function odds(at: i32): i32 {
  return load<i32>(at, ODD)
}

export function caught(at: i32): i32 {
  return load<i32>(at, CAUGHT)
}

export function marked(at: i32): i32 {
  return load<i32>(at, MARKED)
}
