/**
 * Whether this process may write. An alarm is sticky: what was found is for people, and only a
 * restart, which checks everything again, or `holdpoint recover` ends it.
 */
import type { Log } from '../io/log.ts'
import type { HeadState, HeadWatch } from '../ports.ts'

export function createWatch(log: Log | null): HeadWatch {
  let state: HeadState = 'ok'
  return {
    state: () => state,
    alarm: (sentence) => {
      if (state !== 'ok') return
      state = { readsOnly: sentence }
      log?.error({ found: sentence }, 'reads only: the log is not what was signed or recorded')
    },
  }
}
