/**
 * The world did not cooperate: an exception with a cause. The message says what was being done and
 * quotes ids; it never repeats its cause (the logger prints the chain) and never a secret.
 */
export type FaultCode =
  | 'address_unusable'
  | 'clock_differs'
  /** Whether the commit happened is not known: look before trying again. */
  | 'commit_unknown'
  | 'database_failed'
  | 'database_unsuitable'
  | 'file_failed'
  | 'folder_in_use'
  | 'key_unusable'
  | 'migration_changed'
  | 'quota_exceeded'
  | 'reads_only'
  | 'recovery_failed'
  | 'shutting_down'
  /** Somebody else’s service did not answer, or not in a way that can be read. */
  | 'source_failed'
  | 'too_large'
  | 'wrong_digest'
  | 'wrong_mode'

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  /** May the same request succeed if it is sent again, unchanged? */
  readonly retryable: boolean

  constructor(
    code: FaultCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

/** An invariant broke. Nobody handles it: it is logged with its chain and the work rolls back. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Bug(sentence)
}
