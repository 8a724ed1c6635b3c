/**
 * Progress as n of m. A replace is one change but two steps, so an address is done when its last
 * step is: counted by address and steps, never by lines.
 */
import type { Plan } from '@holdpoint/core'

/** What a tool tells of one resource while it executes. */
export interface ToolHook {
  readonly state: 'started' | 'going_on' | 'done' | 'failed'
  readonly address: string
  readonly action: string
}

export class Progress {
  readonly #left = new Map<string, number>()
  readonly total: number
  #done = 0

  constructor(plan: Pick<Plan, 'resources'>) {
    for (const { address, action } of plan.resources) {
      const steps = STEPS[action]
      if (steps > 0) this.#left.set(address, (this.#left.get(address) ?? 0) + steps)
    }
    this.total = this.#left.size
  }

  get done(): number {
    return this.#done
  }

  note(hook: ToolHook): void {
    if (hook.state !== 'done') return
    const left = this.#left.get(hook.address)
    if (left === undefined) return
    if (left > 1) this.#left.set(hook.address, left - 1)
    else {
      this.#left.delete(hook.address)
      this.#done += 1
    }
  }
}

/** How many steps the tool reports for an action; a read, a move or a forget is none to count. */
const STEPS: { readonly [A in Plan['resources'][number]['action']]: number } = {
  create: 1,
  update: 1,
  replace: 2,
  delete: 1,
  import: 1,
  unknown: 1,
  read: 0,
  forget: 0,
  move: 0,
  noop: 0,
}
