/** The command that a first change comes with: the installed name, and how to call it from a checkout. */
import type { ReactElement } from 'react'
import { Raw } from './pieces.tsx'

export function FirstCommand(props: { readonly workspace: string }): ReactElement {
  const words = `holdpoint apply --workspace ${props.workspace}`
  return (
    <>
      <code className="first-command mono">
        <Raw text={words} plain />
      </code>
      <span className="tiny text-3">
        In the folder of your configuration. Without an installation:{' '}
        <span className="mono">npx --prefix &lt;checkout&gt; holdpoint …</span>
      </span>
    </>
  )
}
