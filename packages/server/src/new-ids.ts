/** New ids from the system's randomness, through core's own parsers. */
import {
  type ChangeId,
  type ConnectionId,
  composeId,
  type GrantId,
  type KeyId,
  type PersonId,
  parseChangeId,
  parseConnectionId,
  parseGrantId,
  parseKeyId,
  parsePersonId,
  parseTokenId,
  parseWorkspaceId,
  type TokenId,
  type WorkspaceId,
} from '@holdpoint/core'
import { Bug } from './io/fault.ts'
import { randomIdText } from './io/random-ids.ts'

function made<T>(id: T | null): T {
  if (id === null) throw new Bug('a new id does not have the shape of one')
  return id
}

export const newChangeId = (): ChangeId => made(parseChangeId(composeId('chg', randomIdText())))
export const newConnectionId = (): ConnectionId =>
  made(parseConnectionId(composeId('con', randomIdText())))
export const newGrantId = (): GrantId => made(parseGrantId(composeId('grn', randomIdText())))
export const newKeyId = (): KeyId => made(parseKeyId(composeId('key', randomIdText())))
export const newPersonId = (): PersonId => made(parsePersonId(composeId('per', randomIdText())))
export const newTokenId = (): TokenId => made(parseTokenId(composeId('tok', randomIdText())))
export const newWorkspaceId = (): WorkspaceId =>
  made(parseWorkspaceId(composeId('wsp', randomIdText())))
