/** Rules that fired, with the resources they named; allowing ones last. */
import { HIDDEN_RULE } from '@holdpoint/core'
import type { ReactElement } from 'react'
import type { ChangeView } from '../../model/wire.ts'
import { Raw, RuleChip } from '../../ui/pieces.tsx'

const ORDER = { deny: 0, hold: 1, allow: 2 } as const
const WORDS = { deny: 'Denies', hold: 'Holds', allow: 'Allows' } as const
const TONES = { deny: 'hues-delete', hold: 'hold-word', allow: 'hues-create' } as const

export function RulesTab(props: { readonly change: ChangeView }): ReactElement {
  const { change } = props
  const findings = change.findings.toSorted((a, b) => ORDER[a.outcome] - ORDER[b.outcome])
  if (findings.length === 0)
    return (
      <p className="card plan-empty text-2">
        No rule matched. The policy’s default decides
        {change.evaluation === null ? '' : `, revision ${change.evaluation.policyRevision}`}.
      </p>
    )
  return (
    <ul className="card plan-list" aria-label="Rules that matched">
      {findings.map((finding) => (
        <li key={`${finding.outcome} ${finding.rule}`} className="rule-row">
          <div className="rule-head">
            <span>
              <Raw text={finding.message || 'Allows it'} plain />
            </span>
            <RuleChip rule={finding.rule} />
            <b className={`rule-word small ${TONES[finding.outcome]}`}>{WORDS[finding.outcome]}</b>
          </div>
          {finding.hidden === true && finding.rule !== HIDDEN_RULE ? (
            <p className="small text-3">Hidden: who asked is not shown this rule</p>
          ) : null}
          {finding.error === null ? null : (
            <p className="small why-error">
              It could not be evaluated: <Raw text={finding.error} plain />
            </p>
          )}
          <Resources resources={finding.resources} />
        </li>
      ))}
    </ul>
  )
}

function Resources(props: { readonly resources: readonly string[] }): ReactElement {
  const { resources } = props
  if (resources.length === 0) return <p className="small text-3">About the whole change</p>
  const shown = resources.slice(0, 50)
  return (
    <ul className="rule-resources">
      {shown.map((address) => (
        <li key={address}>
          <Raw text={address} />
        </li>
      ))}
      {resources.length > shown.length ? (
        <li className="small text-3">and {resources.length - shown.length} more</li>
      ) : null}
    </ul>
  )
}
