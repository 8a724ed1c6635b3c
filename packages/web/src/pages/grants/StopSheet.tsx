/** Before one run is stopped: what that does, what stays, and until when a cloud honours what. */
import type { ReactElement } from 'react'
import { leftOf, STAYS, stopDoes } from '../../model/stopping.ts'
import type { Moment } from '../../model/time.ts'
import type { GrantView } from '../../model/wire.ts'
import { Raw } from '../../ui/pieces.tsx'
import { ReasonSheet, type ReasonSheetProps } from '../../ui/ReasonSheet.tsx'

export function StopSheet(
  props: Pick<ReasonSheetProps, 'sending' | 'send' | 'onClose'> & {
    readonly workspace: string
    readonly door: GrantView['door']
    readonly credentials: GrantView['credentials']
    readonly when: Moment
  },
): ReactElement {
  const { workspace, door, credentials, when } = props
  return (
    <ReasonSheet
      title={`Stop what runs in ${workspace}`}
      label="Why it has to stop"
      action="Stop it now"
      sending={props.sending}
      send={props.send}
      onClose={props.onClose}
    >
      <div className="sheet-says small text-2">
        <p>{stopDoes(door)}</p>
        <p>{STAYS}</p>
      </div>
      <Left credentials={credentials} when={when} />
    </ReasonSheet>
  )
}

function Left(props: {
  readonly credentials: GrantView['credentials']
  readonly when: Moment
}): ReactElement {
  const left = leftOf(props.credentials, props.when)
  if (left.length === 0)
    return (
      <p className="small text-2">
        Holdpoint gave it no credential. One that the tool found by itself goes on being good.
      </p>
    )
  return (
    <>
      <h3 className="label">What was handed out already</h3>
      <ul className="stop-left small">
        {left.map(({ key, where, honoured, sooner }) => (
          <li key={key}>
            <b className="strong">
              <Raw text={where} plain />
            </b>
            : {honoured}. {sooner === null ? null : <span className="text-2">{sooner}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
