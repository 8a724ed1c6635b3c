/** Why it is held, who is needed, what you cannot see, the credential: what a decision rests on. */
import type { OpaqueCounts } from '@holdpoint/core'
import type { ReactElement, ReactNode } from 'react'
import { slotLines } from '../../model/slots.ts'
import type { Moment } from '../../model/time.ts'
import type { ChangeView } from '../../model/wire.ts'
import { count } from '../../model/words.ts'
import { Icon } from '../../ui/Icon.tsx'
import { HiddenChip, Raw, UnknownChip } from '../../ui/pieces.tsx'
import { Credential } from './Credential.tsx'

export function Facts(props: {
  readonly change: ChangeView
  readonly opaque: OpaqueCounts | null
  readonly when: Moment
}): ReactElement {
  const { change, opaque, when } = props
  return (
    <>
      <Why change={change} />
      {change.slots.length === 0 ? null : <Needed change={change} when={when} />}
      <Section label="What you cannot see" short="Not visible">
        {opaque === null ? (
          <span className="text-3">Reading the plan</span>
        ) : (
          <Opaque {...opaque} />
        )}
      </Section>
      <Section
        label={change.execution === null ? 'Credential on release' : 'Credential'}
        short="Credential"
      >
        <Credential change={change} when={when} />
      </Section>
    </>
  )
}

function Section(props: {
  readonly label: string
  readonly short: string
  readonly end?: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <section className="panel-section" aria-label={props.label}>
      <h2 className="label panel-label">
        <span className="panel-label-long">{props.label}</span>
        <span className="panel-label-short">{props.short}</span>
        {props.end === undefined ? null : <span className="panel-end num">{props.end}</span>}
      </h2>
      <div>{props.children}</div>
    </section>
  )
}

function Why(props: { readonly change: ChangeView }): ReactElement {
  const { change } = props
  const titles = { allow: 'Why it is allowed', hold: 'Why it is held', deny: 'Why it is denied' }
  const verdict = change.evaluation?.verdict ?? 'hold'
  const findings = change.findings.filter((each) => each.outcome === verdict)
  return (
    <Section label={titles[verdict]} short={titles[verdict].replace('it is ', '')}>
      {findings.length === 0 ? <Default change={change} /> : null}
      {findings.map((finding) => (
        <div key={finding.rule} className="why">
          <span>
            <Raw text={finding.message || finding.rule} plain />
          </span>
          <span className="small text-3 num">
            {finding.resources.length === 0 ? '' : count(finding.resources.length, 'resource')}
          </span>
          <span className="why-rule text-3">
            <Raw text={finding.rule} />
          </span>
          {finding.error === null ? null : (
            <span className="why-error small">
              This rule could not be evaluated: <Raw text={finding.error} plain />
            </span>
          )}
        </div>
      ))}
    </Section>
  )
}

function Default(props: { readonly change: ChangeView }): ReactElement {
  if (props.change.evaluation === null) return <span className="text-3">Reading the plan</span>
  return (
    <span className="small text-2">
      No rule matched, so the policy’s default decides (revision{' '}
      {props.change.evaluation.policyRevision}).
    </span>
  )
}

function Needed(props: { readonly change: ChangeView; readonly when: Moment }): ReactElement {
  const { change, when } = props
  const lines = slotLines(change, when)
  return (
    <Section
      label="Who is needed"
      short="Needed"
      end={`${change.slotsFilled} of ${change.slotsTotal}`}
    >
      <ul>
        {lines.map((line) => (
          <li key={line.key} className="slot">
            <span className={line.filled ? 'slot-filled' : 'slot-open'}>
              <Icon name={line.filled ? 'good' : 'open'} />
              <span className="unseen">{line.filled ? 'Filled' : 'Open'}</span>
            </span>
            <div>
              <b className="strong">{line.name}</b>
              {line.needsYou ? <span className="slot-you small"> needs you</span> : null}
              <div className="small text-2">
                <Raw text={line.detail} plain />
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Opaque(props: OpaqueCounts): ReactElement {
  const { hidden, unknown } = props
  if (hidden + unknown === 0)
    return <span className="small text-2">Nothing: every value shows</span>
  return (
    <div className="panel-chips">
      {hidden === 0 ? null : <HiddenChip>{hidden} hidden</HiddenChip>}
      {unknown === 0 ? null : <UnknownChip>{unknown} decided at apply</UnknownChip>}
    </div>
  )
}
