/** Checks of who is here: rules that nobody can fill, single passkeys, who administers, who is alone. */
import { HIDDEN_RULE, liveKeys } from '@holdpoint/core'
import { attention, broken, type Check, type Found, ok } from './health-found.ts'
import { plural } from './health-server.ts'
import { adminsOf } from './people-view.ts'
import { type ReadPolicy, shiftsOf, staffProblems } from './policy-in-force.ts'
import type { Services } from './services.ts'
import { mayReadHidden, type Viewer } from './views-row.ts'

export function peopleChecks(
  viewer: Viewer,
  services: Services,
  readPolicy: ReadPolicy,
): readonly Check[] {
  return [
    { id: 'rules', name: 'Rules', look: () => rules(viewer, services, readPolicy) },
    { id: 'people', name: 'People', look: async () => people(viewer) },
    { id: 'passkeys', name: 'Passkeys', look: async () => passkeys(viewer, services) },
  ]
}

const NAMED_MAX = 5

async function rules(viewer: Viewer, services: Services, readPolicy: ReadPolicy): Promise<Found> {
  const { access, names } = viewer
  const { policy } = await readPolicy()
  if (policy === null) return attention('They cannot be read.', 'See the policy above.')
  const problems = staffProblems(policy, { access, shifts: shiftsOf(services, names) })
  if (problems.length === 0) return ok('Every hold can be filled, whoever of the people here asks.')
  const named = (message: string): string =>
    [...access.people.keys()].reduce((text, id) => text.replaceAll(id, names.person(id)), message)
  const secret = mayReadHidden(viewer, 'installation')
    ? []
    : policy.rules.filter(({ hidden }) => hidden).map(({ name }) => name)
  const ruleNamed = (rule: string): string => (secret.includes(rule) ? HIDDEN_RULE : rule)
  const said = problems
    .slice(0, NAMED_MAX)
    .map(({ rule, message }) => `${ruleNamed(rule)}: ${named(message)}`)
  const more = problems.length > NAMED_MAX ? `; and ${problems.length - NAMED_MAX} more` : ''
  return attention(
    `${said.join('; ')}${more}.`,
    'Put more people into the teams that they name, or ask for others in the policy.',
  )
}

function people({ access }: Viewer): Found {
  const active = [...access.people.values()].filter((person) => person.active)
  const admins = adminsOf(access)
  if (admins.length === 0)
    return attention(
      `${plural(active.length, 'person', 'people')}, and none of them administers.`,
      'Give somebody the role admin with the admin token: holdpoint access role grant.',
    )
  if (active.length < 2)
    return attention(
      'One person is here alone: what needs a second one waits until it expires.',
      'Invite somebody on the page People.',
    )
  if (admins.length < 2)
    return attention(
      `${plural(active.length, 'person', 'people')}, and only one of them administers.`,
      'Make a second one, so that nobody is locked out when the first one is away.',
    )
  return ok(`${plural(active.length, 'person', 'people')}, ${admins.length} of them administer.`)
}

function passkeys({ access, names }: Viewer, { mode }: Services): Found {
  if (mode === 'development') return ok('Not used in development.')
  const active = [...access.people.values()].filter((person) => person.active)
  const counted = active.map(({ id }) => ({ id, keys: liveKeys(access, id).length }))
  const single = counted.filter(({ keys }) => keys === 1)
  const none = counted.filter(({ keys }) => keys === 0)
  if (none.length === counted.length)
    return broken('Nobody has a passkey, so nobody can sign.', 'Use the link of the first start.')
  if (single.length === 0)
    return ok(
      `Nobody depends on a single one${none.length === 0 ? '' : `; ${none.length} have none`}.`,
    )
  const listed = single.slice(0, NAMED_MAX).map(({ id }) => names.person(id))
  const more = single.length > NAMED_MAX ? ` and ${single.length - NAMED_MAX} more` : ''
  return attention(
    `${listed.join(', ')}${more} ${single.length === 1 ? 'has' : 'have'} a single one.`,
    'Each adds a second one, on another device, on the page You.',
  )
}
