/** A JSON problem as one sentence. Keys in it come from the document, so it is rendered safe. */
import type { JsonProblem } from '../json.ts'
import { safeText } from '../safe-text.ts'

const PATH_MAX = 120

export function describeProblem(problem: JsonProblem): string {
  const { message, line, column, path } = problem
  const place = `line ${line}, column ${column}`
  const cut = path.length > PATH_MAX ? `${path.slice(0, PATH_MAX)}…` : path
  const inside = path === '' ? '' : `, inside ${JSON.stringify(cut)}`
  return safeText(`The document is not acceptable JSON: ${message} (${place}${inside})`).text
}
