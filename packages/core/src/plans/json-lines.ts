/**
 * Several JSON objects, one a line, as tools write what happens. A line that is cut or broken is a
 * problem of the whole: lines that are left out would make a smaller plan.
 */
import { type JsonDocument, type JsonProblem, openJson } from '../json.ts'
import { toUtf8 } from '../json-encoding.ts'
import type { Primitives } from '../primitives.ts'

export interface JsonLines {
  /** The lines before the first that is not acceptable. */
  readonly lines: readonly JsonDocument[]
  readonly problem: JsonProblem | null
}

const LINE_FEED = 0x0a

/** Without any line where not even the first is an object: then the file is something else. */
export function openJsonLines(bytes: Uint8Array, primitives: Primitives): JsonLines {
  const encoded = toUtf8(bytes)
  if (!encoded.ok) return { lines: [], problem: null }
  const lines: JsonDocument[] = []
  let line = 0
  for (const part of partsOf(encoded.bytes)) {
    line += 1
    if (isBlank(part)) continue
    const opened = openJson(part, primitives)
    if (opened.ok && opened.document.members !== null) {
      lines.push(opened.document)
      continue
    }
    const problem = opened.ok
      ? { message: 'a line that is not an object', column: 1, path: '' }
      : opened.problem
    return { lines, problem: { ...problem, line } }
  }
  return { lines, problem: null }
}

function* partsOf(bytes: Uint8Array): Iterable<Uint8Array> {
  let start = 0
  while (start < bytes.length) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found < 0 ? bytes.length : found
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
