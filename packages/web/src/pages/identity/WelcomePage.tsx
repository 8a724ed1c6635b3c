/** The first start: the holder of the link becomes the first person, with a first passkey. */
import { type ReactElement, useState } from 'react'
import { welcome } from '../../identity/ceremonies.ts'
import { ActionButton } from '../../ui/pieces.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { Outside, ProblemText, TextField } from './Outside.tsx'
import { useTask } from './use-task.ts'

export function WelcomePage(): ReactElement {
  useTitle('Welcome')
  const secret = window.location.hash.slice(1)
  if (!/^[A-Za-z0-9_-]{43}$/.test(secret))
    return (
      <Outside title="This link is not whole">
        <p className="text-2">
          It ends in 43 characters after a #. Copy all of it from where the server printed it.
        </p>
      </Outside>
    )
  return <Newcomer secret={secret} />
}

function Newcomer(props: { readonly secret: string }): ReactElement {
  const [name, setName] = useState('')
  const [handle, setHandle] = useState('')
  const task = useTask()
  const whole = name.trim() !== '' && /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(handle)
  const begin = (): void =>
    task.run(
      () => welcome({ secret: props.secret, handle, name: name.trim() }),
      () => window.location.assign('/you'),
    )
  return (
    <Outside title="You are the first here">
      <p className="text-2">
        You will administer this server. Your passkey is how you sign in, and what signs your
        decisions: nobody else can make that signature, this server neither.
      </p>
      <div className="sign-in-ways">
        <TextField label="Your name" value={name} max={200} change={setName} initial />
        <TextField
          label="Handle"
          hint="Short, for the terminal: letters, digits, dot, dash."
          value={handle}
          max={200}
          change={setHandle}
        />
        <ActionButton kind="ink" size="wide" disabled={!whole || task.busy} onPress={begin}>
          Make my passkey
        </ActionButton>
        <ProblemText problem={task.problem} />
      </div>
    </Outside>
  )
}
