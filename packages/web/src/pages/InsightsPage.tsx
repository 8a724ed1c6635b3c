/** Figures about rules and teams. A figure about one person is shown to that person; no ranking. */
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useSearchParams } from 'react-router'
import { insightsQuery } from '../api.ts'
import {
  ownSignals,
  readingFinding,
  readingSignals,
  type Signal,
  timeFinding,
  verdictFinding,
} from '../model/insights-view.ts'
import type { InsightsView } from '../model/wire.ts'
import { Hints } from '../ui/pieces.tsx'
import { Fault, Refused, Skeleton } from '../ui/states.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { useSettings } from '../ui/use-settings.ts'
import { useTitle } from '../ui/use-title.ts'
import { ChartCard } from './insights/ChartCard.tsx'
import { RuleChart } from './insights/RuleChart.tsx'
import { TimeChart } from './insights/TimeChart.tsx'
import { VerdictChart } from './insights/VerdictChart.tsx'

const WEEKS = [4, 12, 26, 52] as const

export function InsightsPage(): ReactElement {
  const [query] = useSearchParams()
  const weeks = WEEKS.find((each) => String(each) === query.get('weeks')) ?? 12
  const workspace = query.get('workspace')
  const offset = -new Date().getTimezoneOffset()
  const insights = useQuery(
    insightsQuery({ weeks, offset, ...(workspace === null ? {} : { workspace }) }),
  )
  useTitle('Insights')
  useKeys({})
  if (insights.isError && insights.data === undefined)
    return <Fault retry={() => void insights.refetch()} />
  if (insights.data?.ok === false) return <Refused problem={insights.data.problem} />
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">Insights</h1>
      </div>
      <div className="page">
        {insights.data === undefined ? (
          <Skeleton rows={4} />
        ) : (
          <Loaded insights={insights.data.value} weeks={weeks} />
        )}
      </div>
      <Hints
        hints={[
          { keys: ['G', 'H'], does: 'history' },
          { keys: ['?'], does: 'all keys' },
        ]}
      />
    </>
  )
}

function Loaded(props: { readonly insights: InsightsView; readonly weeks: number }): ReactElement {
  const { insights, weeks } = props
  const { total, reading, you } = insights
  return (
    <>
      <div className="section-head">
        <h2 className="insights-span">Last {weeks} weeks</h2>
        <Choices workspaces={insights.workspaces} weeks={weeks} />
      </div>
      <div className="insights">
        <ChartCard finding={verdictFinding(total)}>
          <VerdictChart insights={insights} />
        </ChartCard>
        <ChartCard finding={timeFinding(total)}>
          <TimeChart insights={insights} />
        </ChartCard>
        <RuleChart rules={insights.rules} />
        <ChartCard finding={readingFinding(reading)}>
          <Signals signals={readingSignals(reading)} />
        </ChartCard>
        {you === null ? null : (
          <ChartCard
            finding={{ title: 'Your own decisions', sub: 'Shown to you and to nobody else.' }}
            wide
          >
            <Signals signals={ownSignals(you)} />
          </ChartCard>
        )}
      </div>
    </>
  )
}

function Choices(props: {
  readonly workspaces: readonly string[]
  readonly weeks: number
}): ReactElement {
  const { query, set } = useSettings()
  return (
    <div className="insights-choices">
      <select
        className="input input-small"
        aria-label="Workspace"
        value={query.get('workspace') ?? ''}
        onChange={({ target }) => set({ workspace: target.value })}
      >
        <option value="">All workspaces</option>
        {props.workspaces.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        className="input input-small"
        aria-label="Weeks"
        value={props.weeks}
        onChange={({ target }) => set({ weeks: target.value === '12' ? '' : target.value })}
      >
        {WEEKS.map((each) => (
          <option key={each} value={each}>
            {each} weeks
          </option>
        ))}
      </select>
    </div>
  )
}

function Signals(props: { readonly signals: readonly Signal[] }): ReactElement {
  return (
    <dl className="signals">
      {props.signals.map((signal) => (
        <div key={signal.name} className="signal">
          <dt>
            {signal.name}
            {signal.detail === null ? null : (
              <span className="signal-detail small text-2">{signal.detail}</span>
            )}
          </dt>
          <dd className="num strong">{signal.value}</dd>
        </div>
      ))}
    </dl>
  )
}
