/** An invitation: who invited, as whom, and a first passkey that the invitation's key vouches for. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { client } from '../../api.ts'
import { acceptInvite } from '../../identity/ceremonies.ts'
import { type InviteSecret, readInviteKey } from '../../identity/invite-key.ts'
import { ActionButton } from '../../ui/pieces.tsx'
import { Fault } from '../../ui/states.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { Outside, ProblemText } from './Outside.tsx'
import { useTask } from './use-task.ts'

export function InvitePage(): ReactElement {
  useTitle('Invitation')
  const fragment = window.location.hash.slice(1)
  const secret = useQuery({
    queryKey: ['invite', fragment],
    staleTime: Infinity,
    queryFn: () => readInviteKey(fragment),
  })
  if (secret.isPending) return <div className="shell-loading" />
  if (secret.data === null || secret.data === undefined)
    return (
      <Outside title="This link is not whole">
        <p className="text-2">Ask whoever invited you to send it again, all of it.</p>
      </Outside>
    )
  return <Invited invite={secret.data} />
}

function Invited(props: { readonly invite: InviteSecret }): ReactElement {
  const { invite } = props
  const { inviteKey } = invite
  const begun = useQuery({
    queryKey: ['accept', inviteKey],
    staleTime: 240_000,
    queryFn: () => client.call('beginAccept', { body: { inviteKey } }),
  })
  const task = useTask()
  if (begun.isPending) return <div className="shell-loading" />
  if (begun.isError) return <Fault retry={() => void begun.refetch()} />
  if (!begun.data.ok)
    return (
      <Outside title="This invitation is not open">
        <ProblemText problem={begun.data.problem} />
      </Outside>
    )
  const { invite: said, enrolment } = begun.data.value
  const accept = (): void =>
    task.run(
      async () => {
        const answer = await acceptInvite(invite, enrolment, said.person.id)
        // What was begun is used up, whether it went well or not.
        if (!answer.ok) await begun.refetch()
        return answer
      },
      () => window.location.assign('/you'),
    )
  return (
    <Outside title={`${said.inviter.name} invites you`}>
      <p className="text-2">
        You come in as <b>{said.person.name}</b>. Your passkey is how you sign in, and what signs
        your decisions.
      </p>
      <div className="sign-in-ways">
        <ActionButton kind="ink" size="wide" disabled={task.busy} onPress={accept} initial>
          Make my passkey
        </ActionButton>
        <ProblemText problem={task.problem} />
        <p className="small text-3">
          Not you? Close this page and tell {said.inviter.name}: whoever uses the link first is
          taken for you.
        </p>
      </div>
    </Outside>
  )
}
