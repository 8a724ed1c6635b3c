/** One resource: tile, address, one sentence, rules, verb; opened, its attributes. */
import { unknownFieldsOf } from '@holdpoint/core'
import { type ReactElement, useId, useState } from 'react'
import { LOOKS } from '../../model/actions.ts'
import type { Row } from '../../model/rows.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Address, PhraseText, RuleChip, Tile } from '../../ui/pieces.tsx'
import { Attributes } from './Attributes.tsx'
import { useShown } from './use-shown.ts'

export function PlanRow(props: { readonly row: Row; readonly openFirst?: boolean }): ReactElement {
  const { row } = props
  const [open, setOpen] = useState(props.openFirst ?? false)
  const { seen, watch } = useShown()
  const id = useId()
  const look = LOOKS[row.action]
  const lost = look.fill === 'solid'
  return (
    <article
      className="plan-row"
      data-destroyed={lost ? row.key : undefined}
      ref={lost && open ? watch(row.key) : undefined}
    >
      <button
        type="button"
        className="plan-head"
        aria-expanded={open}
        aria-controls={id}
        data-row=""
        onClick={() => setOpen(!open)}
      >
        <Tile action={row.action} />
        <span className="plan-text">
          <Address module={row.module} name={row.name} />
          <span className="plan-effect small">
            <PhraseText phrase={row.effect} /> <Marks row={row} />{' '}
            {lost && seen.has(row.key) ? <ShownMark /> : null}
          </span>
        </span>
        <span className={`plan-verb hues-${row.action}`}>{look.word}</span>
        <span className={open ? 'plan-chevron plan-chevron-open' : 'plan-chevron'}>
          <Icon name="next" size={14} />
        </span>
      </button>
      <div id={id} hidden={!open}>
        {open ? <Attributes change={row.change} /> : null}
      </div>
    </article>
  )
}

function Marks(props: { readonly row: Row }): ReactElement {
  const { row } = props
  return (
    <>
      {row.rules.map((rule) => (
        <RuleChip key={rule} rule={rule} />
      ))}
      {unknownFieldsOf(row.change).length > 0 ? (
        <span className="tag">has fields this version does not know</span>
      ) : null}
      {row.oddCharacters ? <span className="tag">contains characters that do not show</span> : null}
    </>
  )
}

function ShownMark(): ReactElement {
  return (
    <span className="shown-mark tiny">
      <Icon name="check" size={12} />
      was on your screen
    </span>
  )
}
