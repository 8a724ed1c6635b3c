/** A field that takes effect a moment after the last key, so that not every letter asks the server. */
import { type ReactElement, useEffect, useId, useState } from 'react'

const PAUSE_MS = 250

export function TypedInput(props: {
  readonly id?: string
  readonly label: string
  readonly hint: string
  readonly type?: 'text' | 'search'
  readonly value: string
  readonly change: (value: string) => void
}): ReactElement {
  const own = useId()
  const id = props.id ?? own
  const { value, change } = props
  const [text, setText] = useState(value)
  const [sent, setSent] = useState(value)
  const [seen, setSeen] = useState(value)
  if (value !== seen) {
    setSeen(value)
    // The address moved by itself: back, or a cleared filter. What was sent comes back later than
    // the next key, and must not undo it.
    if (value !== sent) {
      setSent(value)
      setText(value)
    }
  }
  useEffect(() => {
    if (text === sent) return undefined
    const timer = setTimeout(() => {
      setSent(text)
      change(text)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, sent, change])
  return (
    <div className="filter-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        className="input input-small"
        type={props.type ?? 'text'}
        autoComplete="off"
        maxLength={200}
        placeholder={props.hint}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  )
}
