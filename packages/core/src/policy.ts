/**
 * The policy: what changes may happen at once, which need people, and which never. This is the
 * front of the modules behind it; it decides nothing itself.
 */
export {
  type Approver,
  checkPolicyAgainst,
  type Staff,
  type StaffProblem,
} from './policy-check.ts'
export {
  ACCEPTABLE,
  type Acceptable,
  ALLOW_FOR_SECONDS_MAX,
  HOLD_SECONDS_MAX,
  MESSAGE_LENGTH_MAX,
  type Policy,
  type PolicyProblem,
  RELEASE_FOR_SECONDS_MAX,
  type Rule,
} from './policy-document.ts'
export {
  type Evaluated as PolicyEvaluation,
  type EvaluationInput,
  evaluatePolicy,
  type RuleTrace,
} from './policy-evaluate.ts'
export { NO_FACTS, type PolicyFacts } from './policy-facts.ts'
export { type ParsedPolicy, parsePolicy } from './policy-parse.ts'
export { addPerson, uniteRequirements } from './policy-requirement.ts'
