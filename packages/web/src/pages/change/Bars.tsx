/** Where one is: the trail on a desk, a bar with the way back on a phone. */
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { placeText } from '../../model/place.ts'
import type { StatusView } from '../../model/status.ts'
import type { ChangeView } from '../../model/wire.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Pill, Raw } from '../../ui/pieces.tsx'

export function TopBar(props: { readonly change: ChangeView }): ReactElement {
  return (
    <nav className="top" aria-label="Where you are">
      <Link to="/">Inbox</Link>
      <Icon name="next" size={12} />
      <span>{props.change.workspace.name}</span>
      <Icon name="next" size={12} />
      <span className="top-current mono">{props.change.id}</span>
    </nav>
  )
}

export function PhoneBar(props: {
  readonly change: ChangeView
  readonly status: StatusView
}): ReactElement {
  const { change, status } = props
  return (
    <div className="phone-bar">
      <Link to="/" className="phone-back" aria-label="Back to the inbox">
        <Icon name="back" size={20} />
      </Link>
      <div className="cut">
        <div className="strong cut">{change.workspace.name}</div>
        <div className="tiny text-3 num cut">
          <Raw text={placeText(change.target)} plain />
        </div>
      </div>
      <span className="phone-pill">
        <Pill tone={status.tone}>{status.title}</Pill>
      </span>
    </div>
  )
}
