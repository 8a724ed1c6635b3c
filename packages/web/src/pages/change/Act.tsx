/** What a decision causes, Approve, Reject, what was shown, and the fingerprint of it. */
import type { ApiProblem } from '@holdpoint/api/client'
import { type ReactElement, useId } from 'react'
import { approveLabel } from '../../model/actions.ts'
import { causesShort } from '../../model/causes.ts'
import { type Controls, DISAGREE, type Reason } from '../../model/deciding.ts'
import type { FingerprintState } from '../../model/evidence.ts'
import { type Shown, shownText } from '../../model/shown.ts'
import { stopShort } from '../../model/stopping.ts'
import type { ChangeView } from '../../model/wire.ts'
import { shortDigest } from '../../model/words.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ActionButton } from '../../ui/pieces.tsx'

export interface ActProps {
  readonly change: ChangeView
  /** How many programs run beside the resources. */
  readonly programs: number
  readonly controls: Controls
  readonly causes: string
  readonly approveReason: Reason | null
  readonly rejectReason: Reason | null
  readonly shown: Shown
  readonly fingerprint: FingerprintState
  readonly open: (sheet: 'approve' | 'reject' | 'stop') => void
  readonly takeBack: () => void
  readonly withdraw: () => void
  /** Of something that has no sheet to show it in. */
  readonly problem: ApiProblem | null
  readonly showNext: () => void
  readonly isOffline: boolean
}

export function Act(props: ActProps): ReactElement {
  const { controls, shown, causes } = props
  const waits = controls.approve && props.change.you.approve === null && shown.next !== null
  return (
    <div className="act">
      {causes === '' ? null : (
        <p className="act-causes tiny text-2">
          <span className="act-long">{causes}</span>
          <span className="act-short">{causesShort(props.change)}</span>
        </p>
      )}
      {controls.approve ? <ApproveButton {...props} /> : null}
      {waits ? (
        <div className="act-shown small">
          <span>{shownText(shown)}</span>
          <ActionButton size="small" kind="ghost" onPress={props.showNext}>
            Show next <kbd>D</kbd>
          </ActionButton>
        </div>
      ) : null}
      {controls.takeBack ? <TakeBack {...props} /> : null}
      {controls.reject ? <RejectButton {...props} /> : null}
      {controls.stop ? <StopButton {...props} /> : null}
      {controls.withdraw ? (
        <ActionButton size="wide" kind="ghost" onPress={props.withdraw}>
          Withdraw
        </ActionButton>
      ) : null}
      {props.problem === null ? null : (
        <p className="problem" role="alert">
          <b>{props.problem.title}.</b> {props.problem.detail} {props.problem.remedy}
        </p>
      )}
      <Fingerprint fingerprint={props.fingerprint} />
    </div>
  )
}

function ApproveButton(props: ActProps): ReactElement {
  const id = useId()
  const reason = props.approveReason
  const deciding = reason?.title === 'Not all shown yet' ? null : reason
  return (
    <>
      <ActionButton
        kind="ink"
        size="wide"
        disabled={reason !== null}
        describedBy={reason === null ? undefined : id}
        onPress={() => props.open('approve')}
      >
        <Icon name="person" />
        {approveLabel(props.change.summary, props.programs)}
      </ActionButton>
      {deciding === null ? (
        <span id={id} className="unseen">
          {reason?.detail}
        </span>
      ) : (
        <p id={id} className="act-reason tiny text-2">
          <b>{deciding.title}.</b> {deciding.detail}
        </p>
      )}
    </>
  )
}

function RejectButton(props: ActProps): ReactElement {
  const id = useId()
  const reason = props.rejectReason
  const same = reason?.detail === props.approveReason?.detail && props.controls.approve
  return (
    <>
      <ActionButton
        size="wide"
        disabled={reason !== null}
        describedBy={reason === null ? undefined : id}
        onPress={() => props.open('reject')}
      >
        Reject with a reason…
      </ActionButton>
      {reason === null ? null : (
        <p id={id} className={same ? 'unseen' : 'act-reason tiny text-2'}>
          <b>{reason.title}.</b> {reason.detail}
        </p>
      )}
    </>
  )
}

function StopButton(props: ActProps): ReactElement {
  const id = useId()
  return (
    <>
      <ActionButton
        size="wide"
        disabled={props.isOffline}
        describedBy={id}
        onPress={() => props.open('stop')}
      >
        Stop it…
      </ActionButton>
      <p id={id} className="act-reason tiny text-2">
        {props.isOffline
          ? 'No connection. Stopping is off until it is back.'
          : stopShort(props.change.door)}
      </p>
    </>
  )
}

function TakeBack(props: ActProps): ReactElement {
  return (
    <>
      <ActionButton size="wide" onPress={props.takeBack}>
        Take my approval back
      </ActionButton>
      <p className="act-reason tiny text-2">Possible until it starts.</p>
    </>
  )
}

export function Fingerprint(props: { readonly fingerprint: FingerprintState }): ReactElement {
  const { fingerprint } = props
  if (fingerprint.state === 'same')
    return (
      <div className="fingerprint tiny">
        <Icon name="check" size={14} />
        <span>
          Fingerprint of what is shown here
          <br />
          <span className="mono">{shortDigest(fingerprint.digest)}</span>
        </span>
      </div>
    )
  const text =
    fingerprint.state === 'computing'
      ? 'Computing the fingerprint of what is shown here'
      : `No fingerprint: ${fingerprint.state === 'unavailable' ? fingerprint.why : DISAGREE}`
  return <p className="fingerprint-none tiny text-2">{text}</p>
}

/** In place of the whole panel: there is no other way forward. */
export function Disagreement(props: {
  readonly computed: string
  readonly said: string
}): ReactElement {
  return (
    <section className="disagree" role="alert" aria-label="Do not approve">
      <Icon name="warn" size={20} />
      <p>{DISAGREE}</p>
      <dl className="tiny">
        <dt>Shown here</dt>
        <dd className="mono">{shortDigest(props.computed)}</dd>
        <dt>The server says</dt>
        <dd className="mono">{shortDigest(props.said)}</dd>
      </dl>
    </section>
  )
}
