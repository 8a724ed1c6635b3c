/** Which sheet is open, and what it sends. */
import type { ReactElement } from 'react'
import { client } from '../../api.ts'
import type { Moment } from '../../model/time.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { StopSheet } from '../grants/StopSheet.tsx'
import { ApproveSheet, RejectSheet, type Resolution, ResolveSheet } from './DecideSheets.tsx'
import { decide as decideHere, signs } from './sign-decision.ts'
import type { Decide } from './use-decide.ts'
import type { Evidence } from './use-evidence.ts'
import type { Looked } from './use-looked.ts'

export type OpenSheet = null | 'approve' | 'reject' | 'stop' | { readonly resolution: Resolution }

export interface DecidingProps {
  readonly change: ChangeView
  readonly me: Whoami
  readonly evidence: Evidence
  readonly sheet: OpenSheet
  readonly causes: string
  /** What this page states that it showed of what is lost. */
  readonly shown: { readonly count: number; readonly of: number }
  /** What it states of how the change was looked at, asked when the decision is sent. */
  readonly looked: () => Looked
  readonly decide: Decide
  readonly when: Moment
  readonly close: () => void
}

export function Deciding(props: DecidingProps): ReactElement | null {
  const { change, me, evidence, sheet, decide, close } = props
  const announce = useAnnounce()
  const { fingerprint } = evidence
  const done = (text: string) => (): void => {
    close()
    announce(text)
    document.getElementById('headline')?.focus()
  }
  const params = { change: change.id }
  const stated = () => ({ ...props.shown, ...props.looked() })
  const shared = { change, sending: decide, onClose: close }
  if (sheet === null) return null
  if (sheet === 'approve') {
    if (fingerprint.state !== 'same') return null
    const { digest } = fingerprint
    const deciding = { change, me, decision: 'approve', fingerprint: digest, reason: null } as const
    const approve = (): void =>
      decide.send(() => decideHere({ ...deciding, shown: stated() }), done('You approved.'))
    return (
      <ApproveSheet
        {...shared}
        me={me}
        rows={evidence.rows}
        programs={evidence.programs}
        causes={props.causes}
        digest={digest}
        approve={approve}
      />
    )
  }
  if (sheet === 'reject') {
    const reject = (reason: string): void => {
      const { fingerprint: said } = change.binding
      const deciding = { change, me, decision: 'reject', fingerprint: said, reason } as const
      const ask = () => decideHere({ ...deciding, shown: stated() })
      decide.send(ask, done('You rejected it.'))
    }
    return <RejectSheet {...shared} signs={signs(me)} reject={reject} />
  }
  if (sheet === 'stop') {
    const { door, execution, workspace } = change
    const stop = (reason: string): void =>
      decide.send(
        () => client.call('revokeGrant', { params, body: { reason } }),
        done('You stopped it.'),
      )
    return (
      <StopSheet
        workspace={workspace.name}
        door={door}
        credentials={execution?.credentials ?? []}
        when={props.when}
        sending={decide}
        send={stop}
        onClose={close}
      />
    )
  }
  const { resolution } = sheet
  const resolve = (reason: string): void =>
    decide.send(
      () => client.call('resolve', { params, body: { resolution, reason } }),
      done('You said what happened.'),
    )
  return <ResolveSheet {...shared} resolution={resolution} resolve={resolve} />
}
