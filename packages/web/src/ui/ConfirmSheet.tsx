/** Asks once before something is changed: what follows, and both buttons say verb and object. */
import type { Answer } from '@holdpoint/api/client'
import type { ReactElement, ReactNode } from 'react'
import { ProblemText } from '../pages/identity/Outside.tsx'
import { useTask } from '../pages/identity/use-task.ts'
import { useAnnounce } from './announce.tsx'
import { ActionButton } from './pieces.tsx'
import { Sheet } from './Sheet.tsx'

export interface Confirming {
  readonly title: string
  /** What follows from it. */
  readonly says: ReactNode
  /** The button that changes nothing: "Keep Ada Lund". */
  readonly keep: string
  /** The one that does: "Remove Ada Lund". */
  readonly act: string
  /** Said once it is done. */
  readonly done: string
  readonly send: () => Promise<Answer<unknown>>
}

export function ConfirmSheet(props: {
  readonly confirming: Confirming
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactElement {
  const { confirming, onClose, onDone } = props
  const task = useTask()
  const announce = useAnnounce()
  const act = (): void =>
    task.run(confirming.send, () => {
      announce(confirming.done)
      onDone()
      onClose()
    })
  return (
    <Sheet
      title={confirming.title}
      onClose={onClose}
      actions={
        <>
          <ActionButton onPress={onClose} initial>
            {confirming.keep}
          </ActionButton>
          <ActionButton kind="ink" disabled={task.busy} onPress={act}>
            {confirming.act}
          </ActionButton>
        </>
      }
    >
      <div className="sheet-says text-2">{confirming.says}</div>
      <ProblemText problem={task.problem} />
    </Sheet>
  )
}
