/**
 * How long a run asks a server that gives no answer. Any answer begins it anew: people may take
 * days, a server that is gone may not hold a terminal or a pipeline for ever.
 */

/** Longer than a restart or a failover takes. */
export const AWAY_MS_MAX = 5 * 60_000

export class Patience {
  readonly #millisecondsMax: number
  #since: number | null = null

  constructor(millisecondsMax: number) {
    this.#millisecondsMax = millisecondsMax
  }

  answered(): void {
    this.#since = null
  }

  /** To be asked after every silence. */
  isOver(): boolean {
    this.#since ??= performance.now()
    return performance.now() - this.#since >= this.#millisecondsMax
  }
}
