/** On a change: that its glass was broken, why, and the review; or the way to break it. */
import type { SignedDecision } from '@holdpoint/core'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { Link } from 'react-router'
import { brokenBy, reviewWords } from '../../model/glass.ts'
import type { Moment } from '../../model/time.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'
import { ProblemText, TextField } from '../identity/Outside.tsx'
import { useTask } from '../identity/use-task.ts'
import { reviewGlass } from './sign-decision.ts'

export interface GlassCardProps {
  readonly change: ChangeView
  readonly me: Whoami
  readonly when: Moment
}

export function GlassCard(props: GlassCardProps): ReactElement | null {
  const { change, when } = props
  const { glass } = change
  if (glass === null)
    return change.you.breakGlass === null ? (
      <p className="card state-note small">
        In an emergency you may <Link to={`/c/${change.id}/break-glass`}>break the glass</Link>.
      </p>
    ) : null
  return (
    <section className="card state-note" aria-label="Break-glass">
      <p className="small">
        <GlassBadge /> {brokenBy(glass, when)}:{' '}
        <q>
          <Raw text={glass.reason ?? 'the reason was erased'} plain />
        </q>
      </p>
      <p className="small text-2">{reviewWords(glass, when)}</p>
      {glass.reviewed?.reason == null ? null : (
        <p className="small text-2">
          <q>
            <Raw text={glass.reviewed.reason} plain />
          </q>
        </p>
      )}
      {change.you.reviewGlass === null ? <Review {...props} /> : null}
    </section>
  )
}

export function GlassBadge(): ReactElement {
  return <span className="glass-badge">break-glass</span>
}

const REASON_MIN = 3

function Review(props: GlassCardProps): ReactElement {
  const { change, me } = props
  const [reason, setReason] = useState('')
  const task = useTask()
  const queries = useQueryClient()
  const off = task.busy || reason.trim().length < REASON_MIN
  const send = (decision: Extract<SignedDecision, `review_${string}`>) => (): void =>
    task.run(
      () => reviewGlass({ change, me, decision, reason: reason.trim() }),
      () => void queries.invalidateQueries(),
    )
  return (
    <>
      <TextField label="How do you judge it?" value={reason} max={1000} change={setReason} />
      <div className="state-buttons">
        <ActionButton size="small" disabled={off} onPress={send('review_justified')}>
          It was justified
        </ActionButton>
        <ActionButton size="small" disabled={off} onPress={send('review_not_justified')}>
          It was not
        </ActionButton>
      </div>
      <ProblemText problem={task.problem} />
    </>
  )
}
