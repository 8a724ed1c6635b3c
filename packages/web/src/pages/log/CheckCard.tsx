/** What was checked, by whom, and against what. Red only for a failed check. */
import { hex } from '@holdpoint/core'
import type { ReactElement } from 'react'
import type { WholeLog } from '../../api.ts'
import { checkWords } from '../../model/log-words.ts'
import type { Moment } from '../../model/time.ts'
import { grouped, shortDigest } from '../../model/words.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Raw } from '../../ui/pieces.tsx'
import type { LogCheckState } from './use-log-check.ts'

const ICONS = { good: 'good', open: 'open', bad: 'warn' } as const

export function CheckCard(props: {
  readonly log: WholeLog
  readonly check: LogCheckState
  readonly when: Moment
}): ReactElement {
  const { log, check, when } = props
  const words = checkWords(check, when)
  const note = check !== null && check !== 'unsigned' && check.note.ok ? check.note : null
  return (
    <section className="log-check" aria-label="What was checked" role="status">
      <h2 className={`log-check-title log-check-${words.tone}`}>
        <Icon name={ICONS[words.tone]} size={20} />
        <span>{words.title}</span>
      </h2>
      <p className="text-2">
        <Raw text={words.line} plain />
      </p>
      <dl className="log-facts">
        <dt>Entries</dt>
        <dd className="num">{grouped(log.head.size)}</dd>
        <dt>Root</dt>
        <dd className="mono">
          {note === null ? 'none yet' : shortDigest(hex(note.checkpoint.root))}
        </dd>
        <dt>Signed</dt>
        <dd className="num">{note === null ? 'not yet' : signedText(note, log.head.size)}</dd>
        <dt>Key</dt>
        <dd>
          <Raw text={keyText(log.head.verifierKey)} />
          <span className="tiny text-3"> as this server gave it</span>
        </dd>
        <dt>Witnesses</dt>
        <dd>None in this version</dd>
      </dl>
    </section>
  )
}

function signedText(
  note: {
    readonly signed: 'checked' | 'unchecked'
    readonly checkpoint: { readonly size: number }
  },
  size: number,
): string {
  const left = size - note.checkpoint.size
  const how = note.signed === 'checked' ? 'Ed25519, good' : 'Ed25519, not checked'
  return left > 0 ? `${how}; the newest ${left} not yet` : how
}

/** `name+id`; the key itself is in the export. */
function keyText(verifierKey: string): string {
  return verifierKey.split('+').slice(0, 2).join('+')
}
