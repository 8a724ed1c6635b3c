/** The world did not cooperate. Thrown by the doors and the runner; caught at the top of a run. */

export type FaultCode =
  | 'tool_not_found'
  | 'spawn_failed'
  | 'output_too_large'
  | 'plan_unreadable'
  | 'server_unreachable'
  | 'server_answered_oddly'
  | 'file_unreadable'
  | 'cloud_unreachable'

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  /** A sentence without its cause's message and without a value that came from a secret. */
  constructor(code: FaultCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.code = code
  }
}
