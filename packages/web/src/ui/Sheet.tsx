/**
 * A modal sheet on the browser's own dialog element: focus stays inside, Escape closes, the rest is
 * inert. React Aria's modal would write a style element on some phones, which the policy forbids.
 */
import { type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react'

export function Sheet(props: {
  readonly title: ReactNode
  readonly children: ReactNode
  readonly actions: ReactNode
  readonly onClose: () => void
}): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    const first = element?.querySelector('[data-initial]')
    if (first instanceof HTMLElement) first.focus()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        props.onClose()
      }}
    >
      <div className="sheet-body">
        <h2 id={titleId} className="sheet-title">
          {props.title}
        </h2>
        {props.children}
      </div>
      <div className="sheet-actions">{props.actions}</div>
    </dialog>
  )
}
