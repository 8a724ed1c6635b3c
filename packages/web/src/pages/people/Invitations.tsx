/** Invitations that are open: who made them, for whom, until when; each can be cancelled. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { client, invitesQuery } from '../../api.ts'
import { moment } from '../../model/time.ts'
import type { Invites } from '../../model/wire.ts'
import type { Confirming } from '../../ui/ConfirmSheet.tsx'
import { ActionButton } from '../../ui/pieces.tsx'
import { useMoment } from '../../ui/use-now.ts'

type Invite = Invites['invites'][number]

export function Invitations(props: {
  readonly ask: (confirming: Confirming) => void
}): ReactElement | null {
  const invites = useQuery(invitesQuery)
  const when = useMoment()
  const open = invites.data?.ok === true ? invites.data.value.invites : []
  if (open.length === 0) return null
  return (
    <section className="inbox-group" aria-labelledby="invitations">
      <div className="section-head">
        <h2 id="invitations">
          Invited <span className="num text-3">{open.length}</span>
        </h2>
      </div>
      <ul className="card inbox-list">
        {open.map((invite) => (
          <li key={invite.inviteKey} className="settings-row">
            <div>
              <div className="strong">{invite.person.name}</div>
              <div className="small text-2">
                Invited by {invite.inviter.name}; the link is good until{' '}
                {moment(invite.until, when)}.
              </div>
            </div>
            <ActionButton size="small" onPress={() => props.ask(cancelling(invite))}>
              Cancel the invitation…
            </ActionButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function cancelling({ inviteKey, person }: Invite): Confirming {
  return {
    title: `Cancel the invitation of ${person.name}`,
    says: (
      <p>
        The link is good for nothing any more. {person.name} stays, with teams and roles, and cannot
        sign in by it.
      </p>
    ),
    keep: 'Keep the invitation',
    act: 'Cancel the invitation',
    done: `The invitation of ${person.name} is cancelled.`,
    send: () => client.call('cancelInvite', { body: { inviteKey } }),
  }
}
