/** IAM's own simulation of a role: what its policy says of actions on everything, and nothing is done. */
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import type { Role } from './aws-sts.ts'

type Fields = { readonly [name: string]: unknown }

/** The body of the answer, or `null` where there is no such role. */
export function simulated(roles: readonly Role[], fields: Fields): string | null {
  const role = roles.find(({ arn }) => arn === fields['PolicySourceArn'])
  if (role === undefined) return null
  const names = Object.entries(fields).filter(([name]) => name.startsWith('ActionNames.member.'))
  const members = names.map(([, action]) => memberOf(role, String(action)))
  const all = `<EvaluationResults>${members.join('')}</EvaluationResults>`
  return `<IsTruncated>false</IsTruncated>${all}`
}

function memberOf(role: Role, action: string): string {
  const principal = role.arn
  const account = principal.split(':')[4] ?? ''
  const request = { principal, action, resource: { resource: '*', accountId: account } }
  const identityPolicies = [{ name: 'role', policy: role.policy }]
  const none = { serviceControlPolicies: [], resourceControlPolicies: [] }
  const simulation = { request: { ...request, contextVariables: {} }, identityPolicies, ...none }
  const isAllowed = runUnsafeSimulation(simulation, {}) === 'Allowed'
  const decision = isAllowed ? 'allowed' : 'implicitDeny'
  return (
    '<member><MatchedStatements/><MissingContextValues/><EvalResourceName>*</EvalResourceName>' +
    `<EvalDecision>${decision}</EvalDecision><EvalActionName>${action}</EvalActionName></member>`
  )
}
