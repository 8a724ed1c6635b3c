/** The sheets: approve names what is lost; reject and resolve ask for one sentence. */
import type { ReactElement } from 'react'
import { countsText } from '../../model/actions.ts'
import type { Row } from '../../model/rows.ts'
import { type ApproveWords, approveWords, SHEET_ROWS_MAX } from '../../model/sheet.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { shortDigest } from '../../model/words.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ActionButton, Address, PhraseText, Tile } from '../../ui/pieces.tsx'
import { ReasonSheet } from '../../ui/ReasonSheet.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { ProblemText } from '../identity/Outside.tsx'
import { signs } from './sign-decision.ts'
import type { Sending } from './use-decide.ts'

interface SheetProps {
  readonly change: ChangeView
  readonly sending: Sending
  readonly onClose: () => void
}

export function ApproveSheet(
  props: SheetProps & {
    readonly me: Whoami
    readonly rows: readonly Row[]
    readonly programs: number
    readonly causes: string
    readonly digest: string
    readonly approve: () => void
  },
): ReactElement {
  const { change, rows, sending, digest } = props
  const words: ApproveWords = approveWords(rows)
  const name = props.me.actor.name ?? 'yourself'
  const unsigned = props.me.mode === 'development' ? ' (development, unsigned)' : ''
  return (
    <Sheet
      title={
        <>
          {words.lost.length === 0 ? null : <Icon name="warn" size={20} />}
          {words.title}
        </>
      }
      onClose={props.onClose}
      actions={
        <>
          <ActionButton onPress={props.onClose} initial>
            Back
          </ActionButton>
          <ActionButton kind="ink" onPress={props.approve} disabled={sending.busy}>
            <Icon name="person" />
            {signs(props.me) ? 'Sign with passkey' : `Approve as ${name}${unsigned}`}
          </ActionButton>
        </>
      }
    >
      <ul className="sheet-list">
        {words.lost.slice(0, SHEET_ROWS_MAX).map((row) => (
          <LostRow key={row.key} row={row} />
        ))}
      </ul>
      {words.lost.length > SHEET_ROWS_MAX ? (
        <p className="small strong">
          and {words.lost.length - SHEET_ROWS_MAX} more, all shown before
        </p>
      ) : null}
      <p className="small text-2">
        In {change.workspace.name}:{' '}
        {countsText(change.summary, props.programs) || 'no resource changes'}. {props.causes}
      </p>
      <p className="small text-2 sheet-fingerprint">
        You approve <span className="mono">{shortDigest(digest)}</span>, the fingerprint of what was
        shown.
      </p>
      <ProblemText problem={sending.problem} />
    </Sheet>
  )
}

function LostRow(props: { readonly row: Row }): ReactElement {
  const { row } = props
  return (
    <li className="sheet-row">
      <Tile action={row.action} />
      <div className="cut-not">
        <Address module={row.module} name={row.name} />
        <div className="small text-2">
          <PhraseText phrase={row.effect} />
        </div>
      </div>
    </li>
  )
}

export function RejectSheet(
  props: SheetProps & {
    readonly signs: boolean
    readonly reject: (reason: string) => void
  },
): ReactElement {
  return (
    <ReasonSheet
      {...props}
      title="Reject with a reason"
      label="What has to change"
      action={props.signs ? 'Reject with passkey' : 'Reject'}
      send={props.reject}
    >
      <p className="small text-2">
        The change is closed for everybody. The requester reads your sentence and can plan again.
      </p>
    </ReasonSheet>
  )
}

export type Resolution = 'applied' | 'not_applied' | 'in_part'

const RESOLUTION_WORDS: { readonly [R in Resolution]: string } = {
  applied: 'It was applied',
  not_applied: 'It was not applied',
  in_part: 'It was applied in part',
}

export function ResolveSheet(
  props: SheetProps & {
    readonly resolution: Resolution
    readonly resolve: (reason: string) => void
  },
): ReactElement {
  return (
    <ReasonSheet
      {...props}
      title={RESOLUTION_WORDS[props.resolution]}
      label="How you know"
      action="Say so"
      send={props.resolve}
    >
      <p className="small text-2">
        Your word closes this change and stays in the log. Look at the real thing first.
      </p>
    </ReasonSheet>
  )
}
