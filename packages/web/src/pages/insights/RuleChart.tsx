/** Holds by rule and how many were rejected. It is a table with bars, so it needs no other one. */
import type { ReactElement } from 'react'
import { OFTEN, ruleFinding } from '../../model/insights-view.ts'
import type { InsightsView } from '../../model/wire.ts'
import { grouped } from '../../model/words.ts'
import { Raw } from '../../ui/pieces.tsx'
import { ChartCard } from './ChartCard.tsx'

type Rules = InsightsView['rules']
const DRAWN = 10
const BAR = 200

export function RuleChart(props: { readonly rules: Rules }): ReactElement {
  const drawn = props.rules.slice(0, DRAWN)
  const most = Math.max(1, ...drawn.map(({ holds }) => holds))
  const never = drawn.some(({ decided, rejected }) => decided >= OFTEN && rejected === 0)
  return (
    <ChartCard finding={ruleFinding(props.rules)}>
      {drawn.length === 0 ? null : (
        <table className="rule-table small">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col" className="rule-bar-head">
                <span className="unseen">Share</span>
              </th>
              <th scope="col">holds</th>
              <th scope="col">rejected</th>
            </tr>
          </thead>
          <tbody>
            {drawn.map((figures) => (
              <RuleLine key={figures.rule} figures={figures} most={most} />
            ))}
          </tbody>
        </table>
      )}
      {never ? (
        <p className="small text-2 chart-note">
          A hold that nobody ever rejects teaches people to approve. Allow it, or ask for less.
        </p>
      ) : null}
    </ChartCard>
  )
}

function RuleLine(props: { readonly figures: Rules[number]; readonly most: number }): ReactElement {
  const { rule, holds, decided, rejected } = props.figures
  const all = (holds / props.most) * BAR
  const lost = (rejected / props.most) * BAR
  const look = decided >= OFTEN && rejected === 0
  return (
    <tr>
      <th scope="row" className="rule-name">
        <Raw text={rule} />
      </th>
      <td className="rule-bar">
        <svg viewBox={`0 0 ${BAR} 10`} preserveAspectRatio="none" height={10} aria-hidden="true">
          <rect
            className="bar-allow"
            width={Math.max(1, all - lost - (lost > 0 ? 1 : 0))}
            height={10}
          />
          <rect className="bar-deny" x={all - lost} width={lost} height={10} />
        </svg>
      </td>
      <td className="num">{grouped(holds)}</td>
      <td className={`num ${look ? 'inbox-soon' : ''}`}>
        {look ? <b>0, look</b> : grouped(rejected)}
      </td>
    </tr>
  )
}
