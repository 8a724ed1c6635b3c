/**
 * A value that must never be read by people or logs. It cannot become text by accident: printing,
 * JSON, string building and Node's inspector all give `[secret]`. Only `reveal` hands it out, and
 * whoever calls that answers for where it goes (R5).
 */
import { inspect } from 'node:util'

const PLACEHOLDER = '[secret]'

export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return PLACEHOLDER
  }

  toJSON(): string {
    return PLACEHOLDER
  }

  [Symbol.toPrimitive](): string {
    return PLACEHOLDER
  }

  [inspect.custom](): string {
    return PLACEHOLDER
  }
}
