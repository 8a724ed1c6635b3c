/**
 * Where one connection's credentials come from during one phase: kept as long as the tool's SDK would
 * take them for fresh, asked for anew after that, and never handed out once the grant is over but to
 * save the state.
 */
import { now } from '../../io/clock.ts'
import type { Credential } from './kind.ts'

/** SDKs of AWS ask again five minutes before the end; a little before, or they would ask twice. */
const AWS_FRESH_MS = 5 * 60_000 + 15_000
const TOKEN_FRESH_MS = 60_000

export type Purpose = 'apply' | 'state'

/**
 * Asks the server; `null` when it says no, `too_short` when only the time left is too little for
 * another one. Throws a Fault when it cannot be asked.
 */
export type Asked = Credential | 'too_short' | null
export type AskServer = (purpose: Purpose) => Promise<Asked>

export class Supply {
  readonly #ask: AskServer
  #kept: Credential | null = null
  #asking: Promise<Credential | null> | null = null
  #purpose: Purpose = 'apply'
  #count = 0
  readonly #given = new Set<string>()

  constructor(ask: AskServer) {
    this.#ask = ask
  }

  /** How often something was handed out. */
  get count(): number {
    return this.#count
  }

  /** Every secret that was handed out, so that none of them shows in the tool's output. */
  secrets(): readonly string[] {
    return [...this.#given]
  }

  /** From here only what saves the state. */
  endGrant(): void {
    if (this.#purpose === 'state') return
    this.#purpose = 'state'
    this.#kept = null
  }

  /** `null`: there is none to be had. Requests at the same moment are answered by one. */
  async credential(): Promise<Credential | null> {
    return this.#handOut(this.#kept !== null && isFresh(this.#kept))
  }

  /** Asks the server whatever is kept, so that a grant that is over is felt. */
  async renewed(): Promise<Credential | null> {
    return this.#handOut(false)
  }

  async #handOut(isFreshEnough: boolean): Promise<Credential | null> {
    if (!isFreshEnough) {
      this.#asking ??= this.#renew().finally(() => {
        this.#asking = null
      })
      this.#kept = await this.#asking
    }
    if (this.#kept !== null) {
      this.#count += 1
      for (const secret of secretsOf(this.#kept)) this.#given.add(secret)
    }
    return this.#kept
  }

  /** Near the end of a live grant what is left of the last one is better than none. */
  async #renew(): Promise<Credential | null> {
    const before = this.#purpose
    const old = this.#kept
    const given = await this.#ask(before).catch((cause: unknown) => {
      // Nobody said no: what is left of the last one is used up, and asked for again.
      if (this.#purpose === before && isUsable(old)) return old
      throw cause
    })
    const isLive = this.#purpose === before
    if (given === 'too_short') {
      if (isLive && isUsable(old)) return old
    } else if (given !== null) return isLive ? given : null
    this.endGrant()
    const grace = await this.#ask('state')
    return grace === 'too_short' ? null : grace
  }
}

function isUsable(credential: Credential | null): credential is Credential {
  return credential !== null && credential.expiresAt > now()
}

function isFresh({ form, expiresAt }: Credential): boolean {
  return expiresAt - now() > (form === 'token' ? TOKEN_FRESH_MS : AWS_FRESH_MS)
}

function secretsOf(credential: Credential): readonly string[] {
  if (credential.form === 'token') return [credential.token]
  return [credential.secretAccessKey, credential.sessionToken]
}
