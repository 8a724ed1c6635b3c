/** A sheet that does something only with one sentence of why. */
import type { ApiProblem } from '@holdpoint/api/client'
import { REASON_CHARACTERS_MIN } from '@holdpoint/core'
import { type ReactElement, type ReactNode, useId, useState } from 'react'
import { ProblemText } from '../pages/identity/Outside.tsx'
import { ActionButton } from './pieces.tsx'
import { Sheet } from './Sheet.tsx'

export interface ReasonSheetProps {
  readonly title: string
  readonly label: string
  readonly action: string
  readonly children: ReactNode
  readonly sending: { readonly busy: boolean; readonly problem: ApiProblem | null }
  /** Asked besides the sentence, below it: what it is, and whether it is given. */
  readonly besides?: { readonly field: ReactNode; readonly given: boolean }
  readonly send: (reason: string) => void
  readonly onClose: () => void
}

export function ReasonSheet(props: ReasonSheetProps): ReactElement {
  const { sending, besides } = props
  const [reason, setReason] = useState('')
  const id = useId()
  const tooShort = reason.trim().length < REASON_CHARACTERS_MIN
  const off = tooShort || besides?.given === false || sending.busy
  return (
    <Sheet
      title={props.title}
      onClose={props.onClose}
      actions={
        <>
          <ActionButton onPress={props.onClose}>Back</ActionButton>
          <ActionButton
            kind="ink"
            disabled={off}
            describedBy={`${id}-hint`}
            onPress={() => props.send(reason.trim())}
          >
            {props.action}
          </ActionButton>
        </>
      }
    >
      {props.children}
      <div className="field">
        <label htmlFor={id}>{props.label}</label>
        <textarea
          id={id}
          className="input"
          rows={3}
          maxLength={4000}
          value={reason}
          data-initial="true"
          onChange={(event) => setReason(event.target.value)}
        />
        <span id={`${id}-hint`} className="tiny text-3">
          One sentence, at least {REASON_CHARACTERS_MIN} characters.
        </span>
      </div>
      {besides?.field}
      <ProblemText problem={sending.problem} />
    </Sheet>
  )
}
