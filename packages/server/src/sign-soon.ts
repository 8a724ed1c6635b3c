/**
 * Signs the log a moment after it grew, so that its newest entries soon have proofs. What may not
 * wait (a grant) asks for its checkpoint itself; a failure here raises the log's own alarm.
 */
import type { Log } from './io/log.ts'
import type { AuditLog } from './ports.ts'

/** Many entries share one signature and one write of the guard. */
const PAUSE_MS = 500

export interface SignSoon {
  readonly grown: (seq: number) => void
  readonly close: () => Promise<void>
}

export function signSoon(audit: AuditLog, log: Log): SignSoon {
  let newest = -1
  let timer: NodeJS.Timeout | null = null
  let signing: Promise<unknown> = Promise.resolve()
  const sign = (): void => {
    timer = null
    signing = audit.checkpointCovering(newest).catch((error: unknown) => {
      if (audit.watch.state() === 'ok') log.warn({ err: error }, 'the log could not be signed')
    })
  }
  return {
    grown: (seq) => {
      newest = Math.max(newest, seq)
      timer ??= setTimeout(sign, PAUSE_MS)
    },
    close: async () => {
      if (timer !== null) clearTimeout(timer)
      if (timer !== null && audit.watch.state() === 'ok') sign()
      timer = null
      await signing
    },
  }
}
