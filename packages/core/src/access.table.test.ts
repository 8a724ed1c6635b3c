import { test } from 'node:test'
import { BOB, givenAccess, givenToken, givenTokenId, givenWorkspaceId, NOW } from '../test/given.ts'
import { checkTable } from '../test/table.ts'
import { ACCESS_ACTIONS, type Access, permits, type Resource, ROLES } from './access.ts'
import { type Actor, SYSTEM, VERBS } from './actor.ts'

/** Every role, verb and machine actor, holding what it has for one workspace: `own`. */
interface Subject {
  readonly name: string
  readonly actor: Actor
  readonly access: Access
}

const OWN = givenWorkspaceId()
const PLACES: readonly (readonly [string, Resource])[] = [
  ['own', { workspace: OWN }],
  ['other', { workspace: givenWorkspaceId('other') }],
  ['installation', 'installation'],
]

const asRole = (role: (typeof ROLES)[number], workspace: typeof OWN | 'all'): Subject => ({
  name: workspace === 'all' ? `${role} of all` : role,
  actor: { kind: 'person', id: BOB, assurance: 'session' },
  access: givenAccess({ bindings: [{ person: BOB, role, workspace }] }),
})

function asVerb(
  verb: (typeof VERBS)[number],
  workspaces: readonly (typeof OWN)[] | 'all',
): Subject {
  const reach = { verbs: [verb], workspaces }
  return {
    name: workspaces === 'all' ? `token: ${verb} in all` : `token: ${verb}`,
    actor: { kind: 'token', id: givenTokenId(), ...reach },
    access: givenAccess({ tokens: [givenToken(reach)] }),
  }
}

const SUBJECTS: readonly Subject[] = [
  ...ROLES.flatMap((role) => [asRole(role, OWN), asRole(role, 'all')]),
  ...VERBS.flatMap((verb) => [asVerb(verb, [OWN]), asVerb(verb, 'all')]),
  {
    name: 'admin token',
    actor: { kind: 'admin_token', id: givenTokenId() },
    access: givenAccess({ tokens: [givenToken({ purpose: 'admin' })] }),
  },
  {
    name: 'listed to break the glass',
    actor: { kind: 'person', id: BOB, assurance: 'session' },
    access: givenAccess({ bindings: [], proofs: { breakGlass: new Set([BOB]) } }),
  },
  {
    name: 'terminal of who is listed',
    actor: { kind: 'person', id: BOB, assurance: 'token' },
    access: givenAccess({ bindings: [], proofs: { breakGlass: new Set([BOB]) } }),
  },
  { name: 'system', actor: SYSTEM, access: givenAccess() },
]

function places({ actor, access }: Subject, action: (typeof ACCESS_ACTIONS)[number]): string {
  return (
    PLACES.filter(([, on]) => permits(access, actor, { action, on, now: NOW }))
      .map(([name]) => name)
      .join(', ') || '-'
  )
}

test('who may do what, and where', () => {
  const rows = SUBJECTS.flatMap((subject) =>
    ACCESS_ACTIONS.map((action) => [subject.name, action, places(subject, action)]),
  )

  checkTable(new URL('access.table.txt', import.meta.url), [['who', 'action', 'where'], ...rows])
})
