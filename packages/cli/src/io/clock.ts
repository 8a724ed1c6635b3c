/** Time for the runner: the wall clock and waiting that can be cut short. */

import { setTimeout as timeout } from 'node:timers/promises'

export function now(): number {
  return Date.now()
}

/** Waits; ends early and quietly when the signal aborts. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await timeout(milliseconds, undefined, { signal }).catch((reason: unknown) => {
    if (!signal.aborted) throw reason
  })
}
