/** What the log's check found, in words: what was checked, by whom, against what. */
import type { CheckedNote, WholeCheck } from './log-check.ts'
import { ago, day, type Moment } from './time.ts'
import { count } from './words.ts'

export interface CheckWords {
  readonly tone: 'good' | 'open' | 'bad'
  readonly title: string
  readonly line: string
}

export interface CheckedLog {
  readonly note: CheckedNote
  readonly whole: WholeCheck
  readonly keyChanged: boolean
  readonly checkedAt: number
}

export function checkWords(check: CheckedLog | 'unsigned' | null, when: Moment): CheckWords {
  if (check === null) return { tone: 'open', title: 'Checking', line: 'In this browser.' }
  if (check === 'unsigned')
    return { tone: 'open', title: 'Not signed yet', line: 'The log has no checkpoint so far.' }
  if (check.keyChanged)
    return bad(
      'The log is signed by another key',
      'Than the one this browser saw before. Ask the operator whether the key was changed, and why.',
    )
  const { whole, note } = check
  if (whole.result === 'broken' || !note.ok)
    return bad(
      'The log is not what was signed',
      `${whole.result === 'broken' ? whole.problem : 'the checkpoint is not good'}. Do not rely on it; tell the operator, and keep your own export.`,
    )
  if (note.signed === 'unchecked')
    return {
      tone: 'open',
      title: 'The signature was not checked',
      line: 'This browser cannot verify Ed25519. The entries lead to the root it carries.',
    }
  const at = `Checked in this browser ${ago(check.checkedAt, when)}`
  if (whole.result === 'partial')
    return {
      tone: 'open',
      title: 'The checkpoint is signed',
      line: `${at}. ${whole.why} Each opens its own proof.`,
    }
  if (whole.since === null)
    return {
      tone: 'good',
      title: `All ${count(note.checkpoint.size, 'entry', 'entries')} lead to the signed root`,
      line: `${at}. It saw no earlier checkpoint, so nothing older could be compared; from now on it can.`,
    }
  return {
    tone: 'good',
    title: 'Nothing was removed or rewritten',
    line: `${at}, against the checkpoint it saw on ${day(whole.since.at, when)}.`,
  }
}

function bad(title: string, line: string): CheckWords {
  return { tone: 'bad', title, line: line.charAt(0).toUpperCase() + line.slice(1) }
}
