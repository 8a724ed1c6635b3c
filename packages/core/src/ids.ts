/** Branded ids. Only the parsers here make one, so an id in a signature has been checked. */

import type { Primitives } from './primitives.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type ChangeId = Branded<'ChangeId'>
export type WorkspaceId = Branded<'WorkspaceId'>
export type PersonId = Branded<'PersonId'>
export type TokenId = Branded<'TokenId'>
export type GrantId = Branded<'GrantId'>
/** A passkey as the log knows it. */
export type KeyId = Branded<'KeyId'>
export type ConnectionId = Branded<'ConnectionId'>
/** Lower-case hex SHA-256. */
export type Digest = Branded<'Digest'>

const SHAPE = {
  chg: /^chg_[0-9a-z]{16}$/,
  wsp: /^wsp_[0-9a-z]{16}$/,
  per: /^per_[0-9a-z]{16}$/,
  tok: /^tok_[0-9a-z]{16}$/,
  grn: /^grn_[0-9a-z]{16}$/,
  key: /^key_[0-9a-z]{16}$/,
  con: /^con_[0-9a-z]{16}$/,
} as const

export type IdPrefix = keyof typeof SHAPE

/** Makes an id from a prefix and 16 random characters of `[0-9a-z]`, given as argument. */
export function composeId(prefix: IdPrefix, random: string): string {
  return `${prefix}_${random}`
}

export function parseChangeId(text: string): ChangeId | null {
  return SHAPE.chg.test(text) ? (text as ChangeId) : null
}
export function parseWorkspaceId(text: string): WorkspaceId | null {
  return SHAPE.wsp.test(text) ? (text as WorkspaceId) : null
}
export function parsePersonId(text: string): PersonId | null {
  return SHAPE.per.test(text) ? (text as PersonId) : null
}
export function parseTokenId(text: string): TokenId | null {
  return SHAPE.tok.test(text) ? (text as TokenId) : null
}
export function parseGrantId(text: string): GrantId | null {
  return SHAPE.grn.test(text) ? (text as GrantId) : null
}
export function parseKeyId(text: string): KeyId | null {
  return SHAPE.key.test(text) ? (text as KeyId) : null
}
export function parseConnectionId(text: string): ConnectionId | null {
  return SHAPE.con.test(text) ? (text as ConnectionId) : null
}
export function parseDigest(text: string): Digest | null {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Digest) : null
}

/** What a SHA-256 in lower-case hex is. */
export function digestOfHex(hex: string): Digest {
  return hex as Digest
}

/** The digest of UTF-8 text. */
export function digestText(primitives: Primitives, text: string): Digest {
  return digestOfHex(primitives.sha256Hex(text))
}
