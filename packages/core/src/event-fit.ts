/**
 * Whether an event can be an entry: it has the shape that whoever reads the log expects, and fits
 * into one leaf. What decide gives has passed this, because an entry that nobody can read back
 * would stop the signer and every verifier after it.
 */
import { type AnyEvent, ENTRY_BYTES_MAX } from './entry.ts'
import { eventShape } from './event-shape.ts'

/** Position, time, stream and actor around the event take less than this. */
const ENVELOPE_BYTES = 1_000

/** Why an event cannot be an entry, as a sentence; `null` when it can. */
export function unfitProblem(event: AnyEvent): string | null {
  const name = event.type.replaceAll('_', ' ')
  if (!eventShape.is(event)) return `this ${name} does not have the shape that the log reads`
  return isLonger(JSON.stringify(event), ENTRY_BYTES_MAX - ENVELOPE_BYTES)
    ? `this ${name} is larger than one entry of the log`
    : null
}

/** UTF-8 has three bytes at most for each unit of UTF-16, so that most texts need no counting. */
function isLonger(text: string, bytesMax: number): boolean {
  return text.length * 3 > bytesMax && utf8Length(text) > bytesMax
}

/** Bytes of UTF-8; JSON has escaped what is not well formed. */
function utf8Length(text: string): number {
  let bytes = 0
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
