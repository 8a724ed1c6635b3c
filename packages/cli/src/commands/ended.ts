/**
 * How a command ends early: an exit code and three sentences. It is thrown by commands and caught
 * at one place, dispatch.ts, which prints it; a bug is never one of these.
 */

/** DESIGN §9. Scripts depend on these numbers: they never change. */
export const EXIT = { done: 0, refused: 1, usage: 2, fault: 3, held: 75 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export interface Explained {
  /** A refusal's code of core, or `usage`, `fault`, `input`. */
  readonly code: string
  readonly title: string
  readonly detail: string
  /** What to do next; empty where there is nothing. */
  readonly remedy: string
}

export class Ended extends Error {
  override readonly name = 'Ended'
  readonly exitCode: ExitCode
  readonly explained: Explained

  constructor(exitCode: ExitCode, explained: Explained, options?: ErrorOptions) {
    super(explained.title, options)
    this.exitCode = exitCode
    this.explained = explained
  }
}

/** Wrong words on the command line; the usage line is printed below the sentence. */
export function usage(sentence: string): Ended {
  return new Ended(EXIT.usage, { code: 'usage', title: sentence, detail: '', remedy: '' })
}

/** A file or a text that cannot be used. */
export function badInput(sentence: string): Ended {
  return new Ended(EXIT.usage, { code: 'input', title: sentence, detail: '', remedy: '' })
}

/** The world did not cooperate. `remedy` is one next step. */
export function fault(title: string, remedy: string, cause?: unknown): Ended {
  const explained = { code: 'fault', title, detail: '', remedy }
  return new Ended(EXIT.fault, explained, cause === undefined ? {} : { cause })
}

/** The rules, or the server in their name, say no. */
export function refused(explained: Explained): Ended {
  return new Ended(EXIT.refused, explained)
}
