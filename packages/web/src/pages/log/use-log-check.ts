/** Checks the log in this browser and remembers the newest checkpoint that held. */
import { encodeBase64 } from '@holdpoint/core'
import { useEffect, useState } from 'react'
import type { WholeLog } from '../../api.ts'
import {
  type CheckedNote,
  checkNote,
  checkWhole,
  type LogKey,
  type Remembered,
  readRemembered,
  signaturesOf,
  type WholeCheck,
} from '../../model/log-check.ts'
import { primitives, recall, remember, verifyAll } from '../../platform.ts'

export interface LogCheck {
  readonly note: CheckedNote
  readonly whole: WholeCheck
  /** Another key than the one pinned in this browser. */
  readonly keyChanged: boolean
  readonly checkedAt: number
}

/** `null` while checking; `unsigned` before the first checkpoint. */
export type LogCheckState = LogCheck | 'unsigned' | null

export function useLogCheck(log: WholeLog): LogCheckState {
  const [state, setState] = useState<LogCheckState>(null)
  useEffect(() => {
    let current = true
    const run = async (): Promise<void> => {
      const found = await check(log)
      if (current) setState(found)
    }
    void run()
    return () => {
      current = false
    }
  }, [log])
  return state
}

async function check(log: WholeLog): Promise<LogCheckState> {
  const { checkpoint: source, origin, verifierKey } = log.head
  if (source === null) return 'unsigned'
  const key: LogKey = { origin, verifierKey }
  const remembered = readRemembered(recall('checkpoint'))
  const pinned = remembered !== null && remembered.origin === origin ? remembered : null
  const verified = await verifyAll(signaturesOf(source, key, primitives))
  const note = checkNote(source, key, { primitives, verified })
  const keyChanged = pinned !== null && pinned.verifierKey !== verifierKey
  const at = Date.now()
  if (!note.ok)
    return { note, whole: { result: 'broken', problem: note.problem }, keyChanged, checkedAt: at }
  const whole = checkWhole(log.entries, note.checkpoint, { primitives, remembered: pinned })
  if (whole.result === 'same' && !keyChanged) {
    const { size, root } = note.checkpoint
    const next: Remembered = { origin, verifierKey, size, root: encodeBase64(root), at }
    remember('checkpoint', JSON.stringify(next))
  }
  return { note, whole, keyChanged, checkedAt: at }
}
