/** Which sheet is open, and what it sends. */
import type { ReactElement } from 'react'
import { client } from '../../api.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { ApproveSheet, RejectSheet, type Resolution, ResolveSheet } from './DecideSheets.tsx'
import type { Decide } from './use-decide.ts'
import type { Evidence } from './use-evidence.ts'

export type OpenSheet = null | 'approve' | 'reject' | { readonly resolution: Resolution }

export interface DecidingProps {
  readonly change: ChangeView
  readonly me: Whoami
  readonly evidence: Evidence
  readonly sheet: OpenSheet
  readonly causes: string
  readonly decide: Decide
  readonly close: () => void
}

export function Deciding(props: DecidingProps): ReactElement | null {
  const { change, evidence, sheet, decide, close } = props
  const announce = useAnnounce()
  const { fingerprint } = evidence
  const done = (text: string) => (): void => {
    close()
    announce(text)
    document.getElementById('headline')?.focus()
  }
  const params = { change: change.id }
  const shared = { change, sending: decide, onClose: close }
  if (sheet === null) return null
  if (sheet === 'approve') {
    if (fingerprint.state !== 'same') return null
    const { digest } = fingerprint
    const body = { fingerprint: digest, reason: null }
    const approve = (): void =>
      decide.send(() => client.call('approve', { params, body }), done('You approved.'))
    return (
      <ApproveSheet
        {...shared}
        me={props.me}
        rows={evidence.rows}
        causes={props.causes}
        digest={digest}
        approve={approve}
      />
    )
  }
  if (sheet === 'reject') {
    const reject = (reason: string): void => {
      const body = { fingerprint: change.binding.fingerprint, reason }
      decide.send(() => client.call('reject', { params, body }), done('You rejected it.'))
    }
    return <RejectSheet {...shared} reject={reject} />
  }
  const { resolution } = sheet
  const resolve = (reason: string): void =>
    decide.send(
      () => client.call('resolve', { params, body: { resolution, reason } }),
      done('You said what happened.'),
    )
  return <ResolveSheet {...shared} resolution={resolution} resolve={resolve} />
}
