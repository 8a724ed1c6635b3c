/** The policy in force, and a new revision of it. One that does not parse changes nothing. */
import { nodePrimitives } from '@holdpoint/api/node'
import { type Actor, digestText, policyWithoutHidden } from '@holdpoint/core'
import { keepEvidence } from '../kept.ts'
import type { Services } from '../services.ts'
import { problemOfAsking } from './asked.ts'
import { type Ask, done, type Handlers, refused } from './handler.ts'

type PolicyHandlers = Pick<Handlers, 'policy' | 'pushPolicy'>

export function policyHandlers(services: Services): PolicyHandlers {
  return {
    policy: async ({ actor }) => {
      const problem = await mayNot(actor, 'read_policy', services)
      return problem === null ? done(await shownTo(actor, services)) : refused(problem)
    },
    pushPolicy: (ask) => push(ask, services),
  }
}

async function current(services: Services) {
  const revision = await services.gate.policy()
  const text = await services.evaluation.policyText(revision)
  return { revision: revision.revision, digest: revision.document, text }
}

/** The digest stays that of the whole policy, which is the one in force. */
async function shownTo(actor: Actor, services: Services) {
  const view = await current(services)
  const problem = await mayNot(actor, 'read_hidden', services)
  return problem === null ? view : { ...view, text: policyWithoutHidden(view.text) }
}

async function push(
  { actor, body }: Ask<'pushPolicy'>,
  services: Services,
): ReturnType<Handlers['pushPolicy']> {
  const problem = await mayNot(actor, 'change_policy', services)
  if (problem !== null) return refused(problem)
  const inForce = await services.gate.policy()
  // A revision that says the same would be an entry, and every open change evaluated, for nothing.
  if (inForce.document === digestText(nodePrimitives, body.text))
    return done(await current(services))
  const problems = await services.evaluation.policyProblems(body.text)
  if (problems.length > 0) return refused({ code: 'policy_invalid', problems })
  const document = await keepEvidence(services.database, { workspace: 'policy', text: body.text })
  const command = { type: 'push_policy', document, basedOn: body.basedOn, problems } as const
  const answer = await services.gate.handle(actor, { on: 'policy', command })
  return answer.ok ? done(await current(services)) : refused(answer.refusal)
}

/** Roles are given per workspace; reading the policy is meant for whoever has one anywhere. */
async function mayNot(
  actor: Actor,
  action: 'read_policy' | 'read_hidden' | 'change_policy',
  services: Services,
) {
  const problem = await problemOfAsking(actor, { action, on: 'installation' }, services)
  if (problem === null || action === 'change_policy') return problem
  const { workspaces } = await services.gate.access()
  for (const workspace of workspaces.keys())
    if ((await problemOfAsking(actor, { action, on: { workspace } }, services)) === null)
      return null
  return problem
}
