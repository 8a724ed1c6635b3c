/**
 * Why a rule has no answer. The sentence ends up in a finding, in the log's evidence and on the
 * page, so it never quotes a value: only words of the rule itself.
 */
import { EvaluationError } from '@marcbachmann/cel-js'

/** Thrown inside an evaluation only, and turned into a finding at its edge. */
export class CannotEvaluate extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.name = 'CannotEvaluate'
    this.reason = reason
  }
}

const REASONS: Readonly<Record<string, string>> = {
  no_such_overload: 'compares or combines values of types that do not fit',
  no_matching_overload: 'calls a function with values of a type it does not take',
  index_out_of_bounds: 'reads a place of a list that is not there',
  index_out_of_range: 'reads a place of a text that is not there',
  invalid_condition_type: 'uses something that is not true or false as a condition',
  invalid_logical_operand: 'uses something that is not true or false as a condition',
  invalid_comprehension_range: 'goes through something that is no list and no map',
  numeric_overflow: 'computes a number that is too large',
  division_by_zero: 'divides by zero',
  modulo_by_zero: 'divides by zero',
  field_type_mismatch: 'reads a fact that is not known here',
  variable_type_mismatch: 'reads a fact that is not known here',
  unknown_variable: 'reads a fact that is not known here',
}

/** A sentence for whatever an evaluation threw; the same one for the same cause, always. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof CannotEvaluate) return thrown.reason
  if (!(thrown instanceof EvaluationError)) return 'could not be evaluated'
  if (thrown.code === 'no_such_key') return absentKey(thrown)
  return REASONS[thrown.code] ?? 'could not be evaluated'
}

// Only a name that stands in the rule's own text is quoted: a computed key is a value.
function absentKey(error: EvaluationError): string {
  const node = error.node
  const name = node?.op === '.' ? node.args[1] : null
  return name === null ? 'reads something that is not there' : `reads ${name}, which is not there`
}
