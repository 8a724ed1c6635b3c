/** Two live regions of our own: polite for news, assertive for "do not go on". */
import {
  createContext,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useState,
} from 'react'

type Announce = (text: string, urgency?: 'polite' | 'assertive') => void

const AnnounceContext = createContext<Announce>(() => undefined)

export function AnnounceRegion(props: { readonly children: ReactNode }): ReactElement {
  const [polite, setPolite] = useState('')
  const [assertive, setAssertive] = useState('')
  const announce = useCallback<Announce>((text, urgency = 'polite') => {
    if (urgency === 'assertive') setAssertive(text)
    else setPolite(text)
  }, [])
  return (
    <AnnounceContext value={announce}>
      {props.children}
      <div className="unseen" role="status" aria-live="polite">
        {polite}
      </div>
      <div className="unseen" role="alert" aria-live="assertive">
        {assertive}
      </div>
    </AnnounceContext>
  )
}

export function useAnnounce(): Announce {
  return useContext(AnnounceContext)
}
