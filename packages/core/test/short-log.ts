/** A log with one change in it, few enough entries to try every byte, and its bundle. */
import { SYSTEM } from '../src/actor.ts'
import type { Entry } from '../src/entry.ts'
import { pinnedFrom } from '../src/target.ts'
import { Gatehouse } from './gatehouse.ts'
import {
  ALICE,
  givenDigest,
  givenOpened,
  givenTarget,
  givenTokenId,
  givenWorkspaceId,
  NOW,
  SECOND,
} from './given.ts'
import { OPENED } from './given-bundle.ts'
import { ADMIN, asPerson } from './installation.ts'

const workspace = givenWorkspaceId()

export function shortLog(): readonly Entry[] {
  const house = new Gatehouse(NOW - SECOND)
  house.changeAccess(SYSTEM, {
    type: 'token_issued',
    token: givenTokenId('admin'),
    name: 'admin',
    purpose: 'admin',
    person: null,
    verbs: [],
    workspaces: 'all',
    expiresAt: NOW + SECOND,
    secretSha256: givenDigest('secret'),
  })
  for (const event of [
    { type: 'workspace_created', workspace, name: 'network' },
    { type: 'target_pinned', workspace, pin: pinnedFrom(givenTarget()) },
    { type: 'person_added', person: ALICE, profile: givenDigest('alice') },
    { type: 'role_granted', person: ALICE, role: 'requester', workspace: 'all' },
  ] as const)
    house.changeAccess(ADMIN, event)
  house.now = NOW
  const opened = givenOpened(OPENED)
  const { refusal } = house.handle(asPerson(ALICE), opened.changeId, { type: 'open', opened })
  if (refusal !== null) throw new Error(`the change was refused: ${refusal.code}`)
  return house.entries
}
