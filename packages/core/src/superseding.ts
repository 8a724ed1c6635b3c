/**
 * Which open change a newer one replaces. A stranger's change never supersedes yours: only the same
 * requester's does, or that of the same pipeline and ref. Others stay side by side.
 */
import type { Change } from './change.ts'

export function supersedes(newer: Change, older: Change): boolean {
  if (newer.changeId === older.changeId || newer.workspace !== older.workspace) return false
  if (newer.openedAt < older.openedAt) return false
  const isSamePipeline = newer.pipeline !== null && newer.pipeline === older.pipeline
  return newer.requester.id === older.requester.id || isSamePipeline
}
