/**
 * The policy: what changes may happen at once, which need people, and which never. This is the
 * front of the modules behind it; it decides nothing itself.
 */
export {
  type Approver,
  checkPolicyAgainst,
  type Staff,
  type StaffProblem,
} from './check.ts'
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
} from './document.ts'
export {
  type Evaluated as PolicyEvaluation,
  type EvaluationInput,
  evaluatePolicy,
  type RuleTrace,
} from './evaluate.ts'
export { NO_FACTS, type PolicyFacts } from './facts.ts'
export type { CredentialGap } from './gaps.ts'
export {
  loggedAllower,
  loggedRule,
  policyWithoutHidden,
  withoutHidden,
} from './hidden.ts'
export { type ParsedPolicy, parsePolicy } from './parse.ts'
export { checkPlaces, type Place } from './places.ts'
export { addPerson, uniteRequirements } from './requirement.ts'
