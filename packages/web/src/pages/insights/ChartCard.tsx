/** A card whose title is its finding; and the same figures as a table, for who cannot see a chart. */
import type { ReactElement, ReactNode } from 'react'
import type { Finding } from '../../model/insights-view.ts'

export function ChartCard(props: {
  readonly finding: Finding
  /** Its signals stand beside each other. */
  readonly wide?: boolean
  readonly children: ReactNode
}): ReactElement {
  const { title, sub } = props.finding
  return (
    <section
      className={`card chart-card${props.wide === true ? ' chart-wide' : ''}`}
      aria-label={title}
    >
      <h3>{title}</h3>
      <p className="small text-2">{sub}</p>
      {props.children}
    </section>
  )
}

export function ChartTable(props: {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}): ReactElement {
  return (
    <details className="chart-table">
      <summary className="small">As a table</summary>
      <div className="chart-scroll">
        <table className="small num">
          <caption className="unseen">{props.caption}</caption>
          <thead>
            <tr>
              {props.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.map(([first = '', ...rest]) => (
              <tr key={first}>
                <th scope="row">{first}</th>
                {rest.map((cell, at) => (
                  <td key={props.head[at + 1] ?? at}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
