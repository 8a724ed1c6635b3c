/** What an admin may change about people, each as a question that names what follows. */
import { type PersonId, ROLES, type Role } from '@holdpoint/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { client } from '../../api.ts'
import { removalLines } from '../../model/people-view.ts'
import type { PersonOverview } from '../../model/wire.ts'
import type { Confirming } from '../../ui/ConfirmSheet.tsx'

type Who = Pick<PersonOverview, 'id' | 'handle' | 'name'>

export interface Given {
  readonly role: Role
  /** `null`: everywhere. */
  readonly workspace: string | null
}

const WHAT_ROLES_MAY: { readonly [R in Role]: string } = {
  viewer: 'sees changes and reads their plans.',
  requester: 'sees, opens, withdraws and applies changes.',
  approver: 'sees changes and may decide; whether it counts is up to the slots of the rules.',
  auditor: 'sees every change and reads the log and who may do what.',
  admin: 'changes the policy and who may do what. It sees no change by itself.',
}

export function roleSays(role: Role): string {
  return `Who has the role ${role} ${WHAT_ROLES_MAY[role]}`
}

export function whereText(workspace: string | null): string {
  return workspace === null ? 'everywhere' : `in ${workspace}`
}

export function givingRole({ handle, name }: Who, { role, workspace }: Given): Confirming {
  const where = whereText(workspace)
  return {
    title: `Give ${name} the role ${role} ${where}`,
    says: <p>{roleSays(role)}</p>,
    keep: `Leave ${name} as is`,
    act: `Give the role ${role}`,
    done: `${name} has the role ${role} ${where}.`,
    send: () =>
      client.call('changeAccess', {
        body: { type: 'grant_role', person: handle, role, workspace },
      }),
  }
}

export function takingRole({ handle, name }: Who, { role, workspace }: Given): Confirming {
  const where = whereText(workspace)
  return {
    title: `Take the role ${role} ${where} from ${name}`,
    says: (
      <p>
        {roleSays(role)} {name} may do so no more, from now on. What they decided stays in the log.
      </p>
    ),
    keep: `Leave ${name} the role`,
    act: `Take the role ${role}`,
    done: `${name} has the role ${role} no more ${where}.`,
    send: () =>
      client.call('changeAccess', {
        body: { type: 'revoke_role', person: handle, role, workspace },
      }),
  }
}

export function joiningTeam({ handle, name }: Who, team: string): Confirming {
  return {
    title: `Put ${name} into ${team}`,
    says: (
      <p>
        {name} can fill slots of {team} in changes that are opened from now on, not in those that
        are open already.
      </p>
    ),
    keep: `Leave ${team} as is`,
    act: `Put ${name} into ${team}`,
    done: `${name} is in ${team}.`,
    send: () => client.call('changeAccess', { body: { type: 'add_member', team, person: handle } }),
  }
}

export function leavingTeam({ handle, name }: Who, team: string): Confirming {
  return {
    title: `Take ${name} out of ${team}`,
    says: (
      <p>
        Approvals that {name} gave for {team} stop counting in every change that has not started,
        and those changes are evaluated again.
      </p>
    ),
    keep: `Leave ${name} in ${team}`,
    act: `Take ${name} out of ${team}`,
    done: `${name} is in ${team} no more.`,
    send: () =>
      client.call('changeAccess', { body: { type: 'remove_member', team, person: handle } }),
  }
}

export function listingForGlass({ handle, name }: Who): Confirming {
  return {
    title: `Let ${name} break the glass`,
    says: (
      <p>
        {name} may then release a held change alone, with a passkey and a reason. Everyone who is
        skipped is told, and somebody else owes a review. What rules deny stays denied.
      </p>
    ),
    keep: 'Leave the list as is',
    act: `Put ${name} on the list`,
    done: `${name} may break the glass.`,
    send: () =>
      client.call('changeAccess', { body: { type: 'grant_break_glass', person: handle } }),
  }
}

export function unlistingForGlass({ handle, name }: Who): Confirming {
  return {
    title: `Keep ${name} from breaking the glass`,
    says: <p>{name} then needs the approvals that the rules ask for, like everybody else.</p>,
    keep: `Leave ${name} on the list`,
    act: `Take ${name} off the list`,
    done: `${name} may not break the glass any more.`,
    send: () =>
      client.call('changeAccess', { body: { type: 'revoke_break_glass', person: handle } }),
  }
}

export function signingOut({ handle, name }: Who): Confirming {
  return {
    title: `Sign ${name} out everywhere`,
    says: <p>Every browser of theirs has to sign in again. Nothing else changes.</p>,
    keep: `Leave ${name} signed in`,
    act: `Sign ${name} out`,
    done: `${name} is signed out everywhere.`,
    send: () => client.call('endSessionsOf', { body: { person: handle } }),
  }
}

export function removing({ id, handle, name }: Who): Confirming {
  return {
    title: `Remove ${name}`,
    says: <Consequences person={id} name={name} />,
    keep: `Keep ${name}`,
    act: `Remove ${name}`,
    done: `${name} was removed.`,
    send: () => client.call('changeAccess', { body: { type: 'remove_person', person: handle } }),
  }
}

function Consequences(props: { readonly person: PersonId; readonly name: string }): ReactElement {
  const { person, name } = props
  const removal = useQuery({
    queryKey: ['removal', person],
    staleTime: 0,
    queryFn: () => client.call('removal', { params: { person } }),
  })
  const known = removal.data?.ok === true ? removal.data.value : null
  return (
    <>
      <p>
        It takes effect at once: {name} is signed out, and their passkeys count no more. What they
        decided stays in the log.
      </p>
      <ul className="consequences" aria-label="What follows">
        {known === null ? (
          <li className="text-3">Looking at what follows</li>
        ) : (
          removalLines(known).map((line) => <li key={line}>{line}</li>)
        )}
      </ul>
    </>
  )
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text)
}
