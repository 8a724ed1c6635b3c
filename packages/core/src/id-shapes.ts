/** The shapes of ids and digests, as entries and signed statements hold them. */
import {
  parseChangeId,
  parseConnectionId,
  parseDigest,
  parseGrantId,
  parseKeyId,
  parsePersonId,
  parseTokenId,
  parseWorkspaceId,
} from './ids.ts'
import { branded } from './shape.ts'

export const changeId = branded(parseChangeId, 'chg_ and 16 of [0-9a-z]')
export const workspaceId = branded(parseWorkspaceId, 'wsp_ and 16 of [0-9a-z]')
export const personId = branded(parsePersonId, 'per_ and 16 of [0-9a-z]')
export const tokenId = branded(parseTokenId, 'tok_ and 16 of [0-9a-z]')
export const grantId = branded(parseGrantId, 'grn_ and 16 of [0-9a-z]')
export const keyId = branded(parseKeyId, 'key_ and 16 of [0-9a-z]')
export const connectionId = branded(parseConnectionId, 'con_ and 16 of [0-9a-z]')
export const digest = branded(parseDigest, 'SHA-256, 64 lower-case hex digits')
