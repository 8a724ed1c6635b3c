/** The link of an invitation. Its secret is nowhere else: it is shown once and cannot be had again. */
import { type ReactElement, useId, useRef, useState } from 'react'
import { ActionButton } from '../../ui/pieces.tsx'
import { Sheet } from '../../ui/Sheet.tsx'

export function InviteLink(props: {
  readonly link: string
  readonly name: string
  readonly onClose: () => void
}): ReactElement {
  const { link, name } = props
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'not yet' | 'copied' | 'selected'>('not yet')
  const id = useId()
  const copy = async (): Promise<void> => {
    field.current?.select()
    const isCopied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    )
    setCopied(isCopied ? 'copied' : 'selected')
  }
  return (
    <Sheet
      title={`The link for ${name}`}
      onClose={props.onClose}
      actions={
        <>
          <ActionButton onPress={props.onClose}>I have sent the link</ActionButton>
          <ActionButton kind="ink" initial onPress={() => void copy()}>
            {copied === 'copied' ? 'Copied' : 'Copy the link'}
          </ActionButton>
        </>
      }
    >
      <div className="field">
        <label htmlFor={id}>Send it to {name} and nobody else</label>
        <input
          id={id}
          ref={field}
          className="input mono"
          readOnly
          value={link}
          onFocus={({ target }) => target.select()}
        />
        <span className="small text-2" role="status">
          {copied === 'selected' ? 'It is selected: copy it with the keyboard. ' : ''}
          It is shown this once, and good for seven days. Whoever opens it first is taken for {name}
          .
        </span>
      </div>
    </Sheet>
  )
}
