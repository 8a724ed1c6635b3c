/** What came instead of a superseded change, and how its plan differs from the one shown here. */
import { storesData } from '@holdpoint/api/stored-data'
import { type ChangeId, differentWords, type Plan, planDifference } from '@holdpoint/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useMemo } from 'react'
import { Link } from 'react-router'
import { changeQuery, planQuery } from '../../api.ts'
import type { ChangeView } from '../../model/wire.ts'
import { primitives } from '../../platform.ts'
import { PhraseText, Raw, Tile } from '../../ui/pieces.tsx'

export function NewPlan(props: {
  readonly by: ChangeId
  readonly plan: Plan | null
}): ReactElement {
  const { by, plan } = props
  const answer = useQuery(changeQuery(by))
  const view = answer.data?.ok === true ? answer.data.value : null
  return (
    <div className="card state-note small">
      <p>
        The new one is{' '}
        <Link className="mono" to={`/c/${by}`}>
          {by}
        </Link>
        . Approvals do not carry over.
      </p>
      {view === null || plan === null ? null : <Differences before={plan} view={view} />}
    </div>
  )
}

const ROWS_MAX = 20

function Differences(props: {
  readonly before: Plan
  readonly view: ChangeView
}): ReactElement | null {
  const { before, view } = props
  const answer = useQuery(planQuery(view))
  const after = answer.data?.ok === true ? answer.data.value : null
  const found = useMemo(
    () => (after === null ? null : planDifference(before, after, { primitives, storesData })),
    [before, after],
  )
  if (found === null) return null
  const { added, different, gone } = found
  return (
    <div className="new-plan">
      <Group title="New in the new plan" total={added.length}>
        {added.slice(0, ROWS_MAX).map((each) => (
          <li key={keyOf(each)}>
            <Tile action={each.action} small /> <Raw text={each.address} />
          </li>
        ))}
      </Group>
      <Group title="Different now" total={different.length}>
        {different.slice(0, ROWS_MAX).map((each) => (
          <li key={keyOf(each.now)}>
            <Tile action={each.now.action} small /> <Raw text={each.now.address} />{' '}
            <PhraseText phrase={differentWords(each)} />
          </li>
        ))}
      </Group>
      <Group title="No longer in it" total={gone.length}>
        {gone.slice(0, ROWS_MAX).map((each) => (
          <li key={keyOf(each)}>
            <Tile action={each.action} small /> <Raw text={each.address} />
          </li>
        ))}
      </Group>
      <p className="text-2">{sameText(found.same, found.sameButHidden)}</p>
    </div>
  )
}

function keyOf({
  address,
  deposed,
}: {
  readonly address: string
  readonly deposed: string | null
}): string {
  return `${address} ${deposed ?? ''}`
}

function Group(props: {
  readonly title: string
  readonly total: number
  readonly children: readonly ReactElement[]
}): ReactElement | null {
  const { title, total, children } = props
  if (total === 0) return null
  const rest = total - children.length
  return (
    <section aria-label={title}>
      <h3>
        {title} <span className="num">{total}</span>
      </h3>
      <ul>{children}</ul>
      {rest > 0 ? <p className="text-2">And {rest} more.</p> : null}
    </section>
  )
}

function sameText(same: number, hidden: number): string {
  if (same === 0) return 'No change is the same in both.'
  const others =
    same === 1 ? 'The other change is identical' : `The other ${same} changes are identical`
  if (hidden === 0) return `${others}.`
  return `${others}, but for hidden values of ${hidden}, which cannot be compared.`
}
