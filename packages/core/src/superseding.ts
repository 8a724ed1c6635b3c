/**
 * Which open change a newer one replaces. A stranger's change never supersedes yours: only the same
 * requester's does, or, between machines, that of the same pipeline and ref. A pipeline's name is a
 * claim, so it never reaches a change that a person stands behind. An agent's change never replaces
 * one that no agent opened. Others stay side by side.
 */
import type { Change } from './change.ts'

export function supersedes(newer: Change, older: Change): boolean {
  if (newer.changeId === older.changeId || newer.workspace !== older.workspace) return false
  return newer.openedAt >= older.openedAt && isSameSource(newer, older)
}

/** Whoever opened the newer one may take the older one off the table, but for their order. */
export function isSameSource(newer: Asked, older: Asked): boolean {
  if (newer.pipeline !== older.pipeline) return false
  // Nobody loses what they had others decide because an agent in their name asks for more.
  if (newer.requester.kind === 'agent' && older.requester.kind !== 'agent') return false
  if (newer.requester.id === older.requester.id) return true
  const isHuman = newer.requester.humanVerified || older.requester.humanVerified
  return newer.pipeline !== null && !isHuman
}

type Asked = Pick<Change, 'requester' | 'pipeline'>
