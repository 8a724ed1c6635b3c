/** Outputs, programs, invoked actions, drift: the rest of what is in the fingerprint. */
import type { AlsoSection } from '@holdpoint/core'
import type { ReactElement } from 'react'
import { Raw } from '../../ui/pieces.tsx'
import { Attributes } from './Attributes.tsx'

export function AlsoList(props: { readonly sections: readonly AlsoSection[] }): ReactElement {
  return (
    <>
      {props.sections.map((section) => (
        <section key={section.title} className="also" aria-label={section.title}>
          <div className="inbox-head">
            <h2>{section.title}</h2>
            <span className="num">{section.rows.length}</span>
            <span className="also-explains">{section.explains}</span>
          </div>
          <ul className="card plan-list">
            {section.rows.map((row) => (
              <li key={row.key}>
                <details className="also-row" open={section.rows.length <= 5}>
                  <summary data-row="">
                    <Raw text={row.title} />
                    <span className="small text-2">
                      <Raw text={row.note} plain />
                    </span>
                  </summary>
                  <Attributes change={row.change} />
                </details>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
