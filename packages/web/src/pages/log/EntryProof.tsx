/** One entry's proof: fetched, then verified here; and what it proves about the person. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useEffect, useState } from 'react'
import { proofQuery } from '../../api.ts'
import { type CheckedProof, checkProof, noteOfProof, signaturesOf } from '../../model/log-check.ts'
import type { LogRow } from '../../model/log-view.ts'
import type { LogPage } from '../../model/wire.ts'
import { shortDigest } from '../../model/words.ts'
import { primitives, verifyAll } from '../../platform.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ActionButton, Raw } from '../../ui/pieces.tsx'

export function EntryProof(props: { readonly row: LogRow; readonly head: LogPage }): ReactElement {
  const { row, head } = props
  const answer = useQuery(proofQuery(row.seq, head.size))
  const proof = answer.data?.ok === true ? answer.data.value.proof : null
  const checked = useChecked(row, head, proof)
  const problem = answer.data?.ok === false ? answer.data.problem.detail : null
  return (
    <div className="proof">
      <div>
        <h3 className="label">Is in the log</h3>
        <InLog checked={checked} problem={problem} />
        <h3 className="label">Was signed by this person</h3>
        <Signed row={row} />
      </div>
      <div>
        <h3 className="label">The entry, as it is in the log</h3>
        <pre className="proof-json mono">
          <Raw text={row.json} />
        </pre>
        <div className="proof-buttons">
          <Copies row={row} proof={proof} />
        </div>
      </div>
    </div>
  )
}

function Copies(props: { readonly row: LogRow; readonly proof: string | null }): ReactElement {
  const { row, proof } = props
  const announce = useAnnounce()
  const copy = async (text: string, what: string): Promise<void> => {
    await navigator.clipboard.writeText(text)
    announce(`Copied ${what}.`)
  }
  return (
    <>
      {proof === null ? null : (
        <ActionButton size="small" onPress={() => void copy(proof, 'the proof')}>
          Copy proof
        </ActionButton>
      )}
      <ActionButton
        size="small"
        kind="ghost"
        onPress={() => void copy(row.json, 'the entry as JSON')}
      >
        Copy entry as JSON
      </ActionButton>
    </>
  )
}

function useChecked(row: LogRow, head: LogPage, proof: string | null): CheckedProof | null {
  const [checked, setChecked] = useState<CheckedProof | null>(null)
  const { origin, verifierKey } = head
  const { entry } = row
  useEffect(() => {
    let current = true
    const run = async (text: string): Promise<void> => {
      const key = { origin, verifierKey }
      const verified = await verifyAll(signaturesOf(noteOfProof(text), key, primitives))
      if (current) setChecked(checkProof(entry, text, { primitives, key, verified }))
    }
    if (proof !== null) void run(proof)
    return () => {
      current = false
    }
  }, [proof, origin, verifierKey, entry])
  return checked
}

function InLog(props: {
  readonly checked: CheckedProof | null
  readonly problem: string | null
}): ReactElement {
  const { checked, problem } = props
  if (problem !== null) return <p className="small text-2">{problem}</p>
  if (checked === null) return <p className="small text-3">Checking in this browser</p>
  if (!checked.ok)
    return (
      <p className="proof-line hues-delete" role="alert">
        <Icon name="warn" size={16} />
        <span>
          This entry is not what was signed: {checked.problem}. Do not rely on it; tell the
          operator.
        </span>
      </p>
    )
  return (
    <p className="proof-line">
      <span className="hues-create">
        <Icon name="good" />
      </span>
      <span>
        {checked.hashes === 1 ? '1 hash leads' : `${checked.hashes} hashes lead`} from this entry to
        the root of {checked.size} entries,{' '}
        <span className="mono">{shortDigest(checked.root)}</span>, checked in this browser.
        {checked.signed === 'checked' ? '' : ' Its signature was not checked here.'}
      </span>
    </p>
  )
}

function Signed(props: { readonly row: LogRow }): ReactElement {
  const text = props.row.development
    ? 'No. Development: anyone could be anyone. On the server’s word only.'
    : 'No signature of a person. Machines and the server act on their own word.'
  return (
    <p className="proof-line">
      <span className="believed" aria-hidden="true" />
      <span>{text}</span>
    </p>
  )
}
