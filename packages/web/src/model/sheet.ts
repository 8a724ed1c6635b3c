/** Words of the approve sheet: it names what is lost, in the verb of what happens to it. */
import { destroys } from './actions.ts'
import type { Row } from './rows.ts'

export interface ApproveWords {
  readonly title: string
  readonly lost: readonly Row[]
}

/** More than these are counted; all of them were shown before. */
export const SHEET_ROWS_MAX = 20

export function approveWords(rows: readonly Row[]): ApproveWords {
  const lost = rows.filter((row) => destroys(row.action))
  const deletes = lost.some((row) => row.action === 'delete')
  const replaces = lost.some((row) => row.action === 'replace')
  const plural = lost.length > 1 ? 'these are' : 'this is'
  if (deletes && replaces) return { title: 'You approve that these are deleted and replaced', lost }
  if (deletes) return { title: `You approve that ${plural} deleted`, lost }
  if (replaces) return { title: `You approve that ${plural} replaced`, lost }
  return { title: 'You approve exactly this change', lost }
}
