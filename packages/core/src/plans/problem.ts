/** A JSON problem as one sentence. Its path comes from the document, so it is shown as JSON text. */
import type { JsonProblem } from '../json.ts'

const PATH_MAX = 120

export function describeProblem(problem: JsonProblem): string {
  const { message, line, column, path } = problem
  const place = `line ${line}, column ${column}`
  const cut = path.length > PATH_MAX ? `${path.slice(0, PATH_MAX)}…` : path
  const inside = path === '' ? '' : `, inside ${JSON.stringify(cut)}`
  return `The document is not acceptable JSON: ${message} (${place}${inside})`
}
