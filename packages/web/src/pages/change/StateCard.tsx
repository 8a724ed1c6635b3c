/** What a state adds to the page: what differed, what came instead, who has to look. */
import type { Plan } from '@holdpoint/core'
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { newPlace } from '../../model/place.ts'
import { differences, refusedStart } from '../../model/status.ts'
import { clock, type Moment } from '../../model/time.ts'
import type { ChangeView } from '../../model/wire.ts'
import { shortDigest } from '../../model/words.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import type { Resolution } from './DecideSheets.tsx'
import { NewPlan } from './NewPlan.tsx'

export function StateCard(props: {
  readonly change: ChangeView
  readonly plan: Plan | null
  readonly when: Moment
  readonly resolve: (resolution: Resolution) => void
}): ReactElement {
  const { change } = props
  const place = newPlace(change)
  return (
    <>
      {place === null ? null : (
        <p className="card state-note small">
          <Raw text={place} plain />
        </p>
      )}
      {change.unresolvedBefore === null ? null : <Unresolved id={change.unresolvedBefore} />}
      {change.status === 'released' && refusedStart(change) !== null ? (
        <Differences change={change} when={props.when} />
      ) : null}
      {change.supersededBy === null ? null : <NewPlan by={change.supersededBy} plan={props.plan} />}
      {change.status === 'outcome_unknown' ? <SayWhatHappened {...props} /> : null}
      {change.execution === null ? null : <VerifiedBy change={change} />}
    </>
  )
}

function Unresolved(props: { readonly id: string }): ReactElement {
  return (
    <p className="card state-note small">
      What became of{' '}
      <Link className="mono" to={`/c/${props.id}`}>
        {props.id}
      </Link>{' '}
      in this workspace is still unknown: this plan may start from a half-applied state.
    </p>
  )
}

function Differences(props: { readonly change: ChangeView; readonly when: Moment }): ReactElement {
  const entry = props.change.timeline.findLast((each) => each.type === 'execution_refused')
  const found = entry === undefined ? [] : differences(entry)
  return (
    <div className="card state-note">
      <table className="state-table small">
        <thead>
          <tr>
            <th scope="col">Differs</th>
            <th scope="col">Approved</th>
            <th scope="col">Found at {entry === undefined ? '' : clock(entry.at, props.when)}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((each) => (
            <tr key={each.part}>
              <td>
                <Raw text={each.part} />
              </td>
              <td className="mono">{shortDigest(each.approved)}</td>
              <td className="mono">{shortDigest(each.now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SayWhatHappened(props: {
  readonly change: ChangeView
  readonly resolve: (resolution: Resolution) => void
}): ReactElement {
  const { change, resolve } = props
  if (change.you.resolve !== null)
    return (
      <p className="card state-note small">
        An owner of {change.workspace.name} who did not request it has to say what happened.
      </p>
    )
  return (
    <div className="card state-note state-buttons">
      <ActionButton size="small" onPress={() => resolve('applied')}>
        It was applied…
      </ActionButton>
      <ActionButton size="small" onPress={() => resolve('not_applied')}>
        It was not…
      </ActionButton>
      <ActionButton size="small" onPress={() => resolve('in_part')}>
        In part…
      </ActionButton>
    </div>
  )
}

const WORDS = {
  self_reported:
    'Everything was recomputed before the start on the runner’s own word; nobody else saw it run.',
  attested: 'A workload identity proves which job ran it, not that the job is honest.',
  managed: 'It ran in a sandbox of this installation.',
  pipeline: 'A pipeline applied it by itself; the outcome is the pipeline’s word.',
} as const

function VerifiedBy(props: { readonly change: ChangeView }): ReactElement | null {
  const { execution, outcome } = props.change
  if (execution === null) return null
  return (
    <p className="state-word tiny text-2">
      {WORDS[execution.verifiedBy]}
      {outcome?.sourceChanged === true
        ? ' The source was another one after the tool ended than before it started.'
        : ''}
    </p>
  )
}
