/**
 * Which open change a newer one replaces. A stranger's change never supersedes yours: only the same
 * requester's does, or, between machines, that of the same pipeline and ref. A pipeline's name is a
 * claim, so it never reaches a change that a person stands behind. Others stay side by side.
 */
import type { Change } from './change.ts'

export function supersedes(newer: Change, older: Change): boolean {
  if (newer.changeId === older.changeId || newer.workspace !== older.workspace) return false
  if (newer.openedAt < older.openedAt || newer.pipeline !== older.pipeline) return false
  if (newer.requester.id === older.requester.id) return true
  const isHuman = newer.requester.humanVerified || older.requester.humanVerified
  return newer.pipeline !== null && !isHuman
}
